import type { TransitionBatch } from '../core/batch.ts';
import type { RowReader } from './row-reader.ts';
import { TERMINATED } from './segment.ts';
import type { TransitionStore } from './transition-store.ts';

export interface Returns {
  readonly nSteps: number;
  readonly gamma: number;
}

/**
 * Writes one transition into row `row` of a batch: Σ γ^i r over the k ≤ n steps that its episode (so far) holds, the
 * observation after them, and what that one's value counts: γ^k, or 0 when the task terminated within them. A time limit,
 * or an episode that was left, ends the sum and keeps the value (Pardo et al., "Time Limits in Reinforcement Learning", ICML 2018).
 */
export function writeTransition(
  batch: TransitionBatch,
  row: number,
  store: TransitionStore,
  reader: RowReader,
  transition: number,
  { nSteps, gamma }: Returns,
): void {
  const { state, action, pictureBytes, stack } = store.layout;
  const start = store.startOf(transition);
  let last = start;
  let reward = 0;
  let discount = 1;
  for (let step = 0; step < nSteps; step++) {
    const next = store.after(last);
    if (next === -1) break;
    const segment = store.log.segmentOf(next);
    if (step === 0) reader.action(next, batch.action, row * action);
    reward += discount * segment.reward(next);
    discount *= gamma;
    last = next;
    if (segment.end(next) === TERMINATED) discount = 0;
  }
  batch.reward[row] = reward;
  batch.discount[row] = discount;
  if (batch.state !== undefined) reader.state(start, batch.state, row * state);
  if (batch.nextState !== undefined) reader.state(last, batch.nextState, row * state);
  if (batch.pixels !== undefined) reader.pixels(start, batch.pixels, row * pictureBytes * stack);
  if (batch.nextPixels !== undefined) reader.pixels(last, batch.nextPixels, row * pictureBytes * stack);
}
