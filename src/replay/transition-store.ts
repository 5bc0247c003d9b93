import type { Observation } from '../core/environment.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import type { Transition } from '../core/observer.ts';
import { checkObservation, requireFinite, requireLength, requireSameState, requireUniformStack } from './checks.ts';
import type { Layout } from './layout.ts';
import { RowLog } from './row-log.ts';
import { GOES_ON, TERMINATED, TRUNCATED } from './segment.ts';
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
    const step = this.log.segmentOf(row).next(row);
    if (step === 0) return -1;
    return this.log.segmentOf(row + step).age(row + step) === 0 ? -1 : row + step;
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
    const row = this.log.append();
    const segment = this.log.segmentOf(row);
    source.steps++;
    const end = terminated ? TERMINATED : truncated ? TRUNCATED : GOES_ON;
    segment.setPlace(row, { source: sourceNumber, age: source.steps, end });
    segment.setReward(row, reward);
    segment.numbers.set(action, segment.actionAt(row));
    segment.numbers.set(nextObservation.state, segment.stateAt(row));
    if (nextObservation.pixels !== undefined) {
      copyNewest(nextObservation.pixels, this.layout, segment.pictures, segment.pictureAt(row));
    }
    link(this.log, source, row);
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
    const at = segment.stateAt(source.last);
    return segment.numbers.subarray(at, at + this.layout.state);
  }

  #appendStaged(sourceNumber: number, source: Source): void {
    const row = this.log.append();
    const segment = this.log.segmentOf(row);
    segment.setPlace(row, { source: sourceNumber, age: 0, end: GOES_ON });
    segment.setReward(row, 0);
    segment.numbers.fill(0, segment.actionAt(row), segment.stateAt(row));
    segment.numbers.set(source.state, segment.stateAt(row));
    segment.pictures.set(source.picture, segment.pictureAt(row));
    link(this.log, source, row);
    source.staged = false;
  }

  #dropOldest(): void {
    const start = this.startOf(this.oldest);
    const segment = this.log.segmentOf(start);
    const source = this.sources[segment.source(start)]!;
    const end = start + segment.next(start);
    this.#size--;
    source.transitions--;
    if (this.after(end) !== -1 || (end === source.last && source.open && !source.staged)) {
      this.#releaseBefore(source, this.#oldestOfStack(end));
    } else {
      const step = this.log.segmentOf(end).next(end);
      this.#releaseBefore(source, step === 0 ? -1 : end + step);
    }
  }

  /** The row of the oldest picture in a row's stack. */
  #oldestOfStack(row: number): number {
    for (let i = 1; i < this.layout.stack; i++) {
      const segment = this.log.segmentOf(row);
      if (segment.age(row) === 0) break;
      row -= segment.previous(row);
    }
    return row;
  }

  /** Lets go of a source's rows before `row`, or of all with -1. */
  #releaseBefore(source: Source, row: number): void {
    let tail = source.tail;
    while (tail !== row && tail !== -1) {
      const step = this.log.segmentOf(tail).next(tail);
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
  segment.setNext(row, 0);
  segment.setPrevious(row, source.last === -1 ? 0 : row - source.last);
  if (source.last === -1) source.tail = row;
  else log.segmentOf(source.last).setNext(source.last, row - source.last);
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
