import { ActionBalance } from '../../agents/index.ts';
import type { Box } from '../../core/index.ts';

/** What a clone has to know of a dataset's actions before it learns: how rare they are, and how far they spread. */
export class ActionStatistics {
  readonly #space: Box;
  readonly #values: number[][];

  constructor(space: Box) {
    this.#space = space;
    this.#values = Array.from({ length: space.shape[0]! }, () => []);
  }

  add(action: Float32Array): void {
    for (let entry = 0; entry < this.#values.length; entry++) this.#values[entry]!.push(action[entry]!);
  }

  /** Of each entry. */
  get deviations(): number[] {
    return this.#values.map((values) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    });
  }

  /** By the first entry, which steers: bends are rare, and a driver shows in them. */
  get balance(): ActionBalance {
    const { low, high } = this.#space;
    const bound = (of: number | readonly number[]) => (typeof of === 'number' ? of : of[0]!);
    return new ActionBalance(this.#values[0]!, { entry: 0, low: bound(low), high: bound(high) });
  }
}
