import { boundOf, sizeOf } from '../../core/box.ts';
import type { Box } from '../../core/environment.ts';
import type { Policy } from '../../core/policy.ts';
import type { Random } from '../../core/random.ts';

/** Draws every action uniformly from a bounded action space: the floor that every driver has to beat. */
export class RandomPolicy implements Policy {
  readonly name = 'random';
  readonly #size: number;
  readonly #low: (i: number) => number;
  readonly #high: (i: number) => number;
  readonly #random: Random;

  constructor(actionSpace: Box, random: Random) {
    const { low, high, shape } = actionSpace;
    this.#size = sizeOf(shape);
    this.#low = (i) => boundOf(low, i);
    this.#high = (i) => boundOf(high, i);
    this.#random = random;
  }

  act(): Float32Array {
    return Float32Array.from({ length: this.#size }, (_, i) => this.#random.between(this.#low(i), this.#high(i)));
  }
}
