import type { SequenceBatch } from '../core/batch.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { RowReader } from './row-reader.ts';
import { TERMINATED } from './segment.ts';
import type { TransitionStore } from './transition-store.ts';

/** Draws before all transitions are looked through for one from which something can be learnt. */
const DRAWS = 100;

/**
 * Draws the row from which a sequence starts, uniformly over all transitions from which at least one step would be learnt:
 * those at an episode's start, and those that more than `burnIn` steps follow in their episode (so far), themselves counted.
 */
export function drawSequenceStart(store: TransitionStore, burnIn: number, random: Random): number {
  for (let draw = 0; draw < DRAWS; draw++) {
    const start = store.startOf(store.oldest + random.below(store.size));
    if (teaches(store, start, burnIn)) return start;
  }
  const starts: number[] = [];
  for (let i = 0; i < store.size; i++) {
    const start = store.startOf(store.oldest + i);
    if (teaches(store, start, burnIn)) starts.push(start);
  }
  if (starts.length === 0) {
    throw new InvalidArgumentError(
      `Expected an episode of more than ${burnIn} steps (the option \`burnIn\`) to draw a sequence from, got none among ` +
        `${store.size} transitions; add more first`,
    );
  }
  return random.pick(starts);
}

function teaches(store: TransitionStore, start: number, burnIn: number): boolean {
  if (startsEpisode(store, start)) return true;
  let row = start;
  for (let step = 0; step <= burnIn; step++) {
    row = store.after(row);
    if (row === -1) return false;
  }
  return true;
}

function startsEpisode(store: TransitionStore, row: number): boolean {
  return store.log.segmentOf(row).age(row) === 0;
}

export interface SequenceOptions {
  readonly burnIn: number;
  readonly gamma: number;
}

/**
 * Writes the sequence that starts at row `start` as row `row` of a batch. After the episode's last observation, or the
 * newest one so far, everything is 0. The mask is 1 for each step that happened, but for the first `burnIn` of a
 * sequence that starts within its episode; at an episode's start a hidden state of 0 is the right one, nothing is burnt in.
 */
export function writeSequence(
  batch: SequenceBatch,
  row: number,
  store: TransitionStore,
  reader: RowReader,
  start: number,
  { burnIn, gamma }: SequenceOptions,
): void {
  const { size, sequenceLength: length } = batch.shape;
  const { action } = store.layout;
  const burnt = startsEpisode(store, start) ? 0 : burnIn;
  writeObservation(batch, row, store, reader, start);
  let current = start;
  for (let step = 0; step < length; step++) {
    const at = step * size + row;
    const next = current === -1 ? -1 : store.after(current);
    writeObservation(batch, at + size, store, reader, next);
    current = next;
    if (next === -1) {
      batch.action.fill(0, at * action, (at + 1) * action);
      batch.reward[at] = 0;
      batch.discount[at] = 0;
      batch.mask[at] = 0;
      continue;
    }
    const segment = store.log.segmentOf(next);
    reader.action(next, batch.action, at * action);
    batch.reward[at] = segment.reward(next);
    batch.discount[at] = segment.end(next) === TERMINATED ? 0 : gamma;
    batch.mask[at] = step < burnt ? 0 : 1;
  }
}

/** An observation as row `at` of all instants' rows; with -1 zeros. */
function writeObservation(
  batch: SequenceBatch,
  at: number,
  store: TransitionStore,
  reader: RowReader,
  row: number,
): void {
  const { state, pictureBytes, stack } = store.layout;
  const bytes = pictureBytes * stack;
  if (row === -1) {
    batch.state?.fill(0, at * state, (at + 1) * state);
    batch.pixels?.fill(0, at * bytes, (at + 1) * bytes);
    return;
  }
  if (batch.state !== undefined) reader.state(row, batch.state, at * state);
  if (batch.pixels !== undefined) reader.pixels(row, batch.pixels, at * bytes);
}
