import type { Observation } from '../core/environment.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import type { Transition } from '../core/observer.ts';
import { checkObservation, requireFinite, requireLength, requireSameState, requireUniformStack } from './checks.ts';
import type { Layout } from './layout.ts';
import { RowLog } from './row-log.ts';
import { GOES_ON, OLDEST_AGE, TERMINATED, TRUNCATED } from './segment.ts';
import { newSource, type Source } from './source.ts';

/**
 * Transitions of several environments in the order in which they came. Each observation is a row of a {@link RowLog};
 * the rows of one source form a chain, from its `tail`, the oldest row that is still needed, to its `last`.
 */
export class TransitionStore {
  readonly layout: Layout;
  readonly log: RowLog;
  readonly sources: readonly Source[];
  /** The row that a transition starts from, by its number modulo the capacity. */
  readonly #starts: Float64Array;
  #total = 0;
  #size = 0;

  constructor(layout: Layout, log = new RowLog(layout), sources?: readonly Source[]) {
    this.layout = layout;
    this.log = log;
    this.sources = sources ?? Array.from({ length: layout.sources }, () => newSource(layout));
    this.#starts = new Float64Array(layout.capacity);
  }

  /** Transitions that ever came; the number of the next one. */
  get total(): number {
    return this.#total;
  }

  get size(): number {
    return this.#size;
  }

  /** Number of the oldest transition. */
  get oldest(): number {
    return this.#total - this.#size;
  }

  /** The row that a transition starts from. */
  startOf(transition: number): number {
    return this.#starts[transition % this.layout.capacity]!;
  }

  /** The row one step after `row` in its episode, or -1 when there is none (yet). */
  after(row: number): number {
    const segment = this.log.segmentOf(row);
    const step = segment.next[row - segment.firstRow]!;
    if (step === 0) return -1;
    const later = this.log.segmentOf(row + step);
    return later.ages[row + step - later.firstRow] === 0 ? -1 : row + step;
  }

  /** An episode starts; an open one of that source ends as it is. Nothing takes up room before its first step. */
  start(sourceNumber: number, observation: Observation): void {
    const place = { source: sourceNumber, step: 0 };
    const source = this.#source(sourceNumber);
    checkObservation('observation', observation, this.layout, place);
    requireUniformStack(observation, this.layout, place);
    source.state.set(observation.state);
    if (observation.pixels !== undefined) copyNewest(observation.pixels, this.layout, source.picture);
    source.staged = true;
    source.open = true;
    source.steps = 0;
    if (source.transitions === 0) this.#releaseBefore(source, -1);
  }

  /** @returns the number of the new transition */
  add(sourceNumber: number, transition: Transition): number {
    const { observation, action, reward, terminated, truncated, nextObservation } = transition;
    const source = this.#source(sourceNumber);
    const place = { source: sourceNumber, step: source.steps };
    if (!source.open) {
      throw new InvalidArgumentError(
        `Expected \`startEpisode\` of source ${sourceNumber} before its next step, as its last episode ended, got none`,
      );
    }
    requireLength('action', action.length, this.layout.action);
    requireFinite('action', action, place);
    requireFinite('reward', [reward], place);
    requireSameState(this.#latestState(source), observation.state, place);
    checkObservation('nextObservation', nextObservation, this.layout, { ...place, step: source.steps + 1 });

    if (this.#size === this.layout.capacity) this.#dropOldest();
    if (source.staged) this.#appendStaged(sourceNumber, source);
    const from = source.last;
    const row = this.#append(sourceNumber, source);
    const segment = this.log.segmentOf(row);
    const index = row - segment.firstRow;
    segment.states.set(nextObservation.state, index * this.layout.state);
    segment.actions.set(action, index * this.layout.action);
    segment.rewards[index] = reward;
    segment.ends[index] = terminated ? TERMINATED : truncated ? TRUNCATED : GOES_ON;
    source.steps++;
    segment.ages[index] = Math.min(source.steps, OLDEST_AGE);
    if (nextObservation.pixels !== undefined) {
      copyNewest(nextObservation.pixels, this.layout, segment.pictures, index * this.layout.pictureBytes);
    }
    source.open = !terminated && !truncated;
    this.#starts[this.#total % this.layout.capacity] = from;
    source.transitions++;
    this.#size++;
    return this.#total++;
  }

  /** Takes over what a checkpoint held. @param starts of the transitions that can be drawn, oldest first */
  restoreTransitions(total: number, starts: readonly number[]): void {
    this.#total = total;
    this.#size = starts.length;
    starts.forEach((row, i) => {
      this.#starts[(this.oldest + i) % this.layout.capacity] = row;
    });
  }

  #source(number: number): Source {
    const source = this.sources[number];
    if (source !== undefined) return source;
    throw new InvalidArgumentError(
      `Expected \`source\` to be a whole number from 0 to ${this.sources.length - 1}, got ${number}; set the option \`sources\``,
    );
  }

  #latestState(source: Source): Float32Array {
    if (source.staged) return source.state;
    const segment = this.log.segmentOf(source.last);
    const index = source.last - segment.firstRow;
    return segment.states.subarray(index * this.layout.state, (index + 1) * this.layout.state);
  }

  #appendStaged(sourceNumber: number, source: Source): void {
    const row = this.#append(sourceNumber, source);
    const segment = this.log.segmentOf(row);
    const index = row - segment.firstRow;
    segment.states.set(source.state, index * this.layout.state);
    segment.pictures.set(source.picture, index * this.layout.pictureBytes);
    segment.actions.fill(0, index * this.layout.action, (index + 1) * this.layout.action);
    segment.rewards[index] = 0;
    segment.ends[index] = GOES_ON;
    segment.ages[index] = 0;
    source.staged = false;
  }

  /** A new row at the end of a source's chain. */
  #append(sourceNumber: number, source: Source): number {
    const row = this.log.append();
    const segment = this.log.segmentOf(row);
    segment.sources[row - segment.firstRow] = sourceNumber;
    link(this.log, source, row);
    return row;
  }

  #dropOldest(): void {
    const start = this.startOf(this.oldest);
    const segment = this.log.segmentOf(start);
    const source = this.sources[segment.sources[start - segment.firstRow]!]!;
    const end = start + segment.next[start - segment.firstRow]!;
    this.#size--;
    source.transitions--;
    if (this.after(end) !== -1 || (end === source.last && source.open && !source.staged)) {
      this.#releaseBefore(source, this.#oldestOfStack(end));
    } else {
      const last = this.log.segmentOf(end);
      const step = last.next[end - last.firstRow]!;
      this.#releaseBefore(source, step === 0 ? -1 : end + step);
    }
  }

  /** The row of the oldest picture in a row's stack. */
  #oldestOfStack(row: number): number {
    for (let i = 1; i < this.layout.stack; i++) {
      const segment = this.log.segmentOf(row);
      if (segment.ages[row - segment.firstRow] === 0) break;
      row -= segment.previous[row - segment.firstRow]!;
    }
    return row;
  }

  /** Lets go of a source's rows before `row`, or of all with -1. */
  #releaseBefore(source: Source, row: number): void {
    let tail = source.tail;
    while (tail !== row && tail !== -1) {
      const segment = this.log.segmentOf(tail);
      const step = segment.next[tail - segment.firstRow]!;
      this.log.release(tail);
      tail = step === 0 ? -1 : tail + step;
    }
    source.tail = tail;
    if (tail === -1) source.last = -1;
  }
}

/** Hangs a row to the end of its source's chain. */
export function link(log: RowLog, source: Source, row: number): void {
  const segment = log.segmentOf(row);
  segment.next[row - segment.firstRow] = 0;
  segment.previous[row - segment.firstRow] = 0;
  if (source.last === -1) source.tail = row;
  else {
    const before = log.segmentOf(source.last);
    before.next[source.last - before.firstRow] = row - source.last;
    segment.previous[row - segment.firstRow] = row - source.last;
  }
  source.last = row;
}

/** The newest picture of a stack, height × width × channels, to channels × height × width. */
function copyNewest(pixels: Uint8Array, layout: Layout, into: Uint8Array, offset = 0): void {
  if (layout.pixels === undefined) return;
  const { height, width, channels, stack } = layout.pixels;
  const depth = channels * stack;
  const area = height * width;
  for (let channel = 0; channel < channels; channel++) {
    const to = offset + channel * area;
    for (let i = 0, from = depth - channels + channel; i < area; i++, from += depth) into[to + i] = pixels[from]!;
  }
}
