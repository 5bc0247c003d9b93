import { InvalidArgumentError } from '../../core/errors.ts';

/** Bins over the range of the balanced entry. */
const BINS = 21;

/**
 * Weighs actions so that rare ones count more: a dataset of driving is straights for the most part, and a bend is where a
 * driver shows. The range of one entry of the action (steering) is cut into bins; a row of a bin that holds the share p of
 * the dataset weighs (1 / (bins p))^strength, at most `largest`, scaled to a mean of 1 over the dataset.
 */
export class ActionBalance {
  readonly #entry: number;
  readonly #low: number;
  readonly #width: number;
  readonly #weights: Float64Array;

  /**
   * @param values of that entry in the dataset, or a fair share of it
   * @throws InvalidArgumentError when there are none
   */
  constructor(values: Iterable<number>, options: ActionBalanceOptions) {
    const { entry, low, high, strength = 0.5, largest = 5 } = options;
    this.#entry = entry;
    this.#low = low;
    this.#width = (high - low) / BINS;
    const counts = new Float64Array(BINS);
    let total = 0;
    for (const value of values) {
      counts[this.#binOf(value)]!++;
      total++;
    }
    if (total === 0) throw new InvalidArgumentError('Expected actions to balance, got none');
    this.#weights = counts.map((count) => (count === 0 ? 1 : Math.min((total / (BINS * count)) ** strength, largest)));
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) sum += counts[bin]! * this.#weights[bin]!;
    this.#weights = this.#weights.map((weight) => (weight * total) / sum);
  }

  /** Of the action that begins at `offset`. */
  weightOf(actions: Float32Array, offset: number): number {
    return this.#weights[this.#binOf(actions[offset + this.#entry]!)]!;
  }

  #binOf(value: number): number {
    return Math.min(Math.max(Math.floor((value - this.#low) / this.#width), 0), BINS - 1);
  }
}

export interface ActionBalanceOptions {
  /** Which entry of the action, from 0. */
  readonly entry: number;
  /** Its range. */
  readonly low: number;
  readonly high: number;
  /** 0: every row counts alike; 1: every bin does. Default 0.5. */
  readonly strength?: number;
  /** Most that a row weighs, before the scaling. Default 5. */
  readonly largest?: number;
}
