import * as tf from '@tensorflow/tfjs-core';
import { boundOf } from '../../core/box.ts';
import type { Box } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';

/** Between a network's actions, -1 to 1, and the environment's, within the action space's bounds. */
export class ActionScale {
  readonly size: number;
  readonly #middle: readonly number[];
  readonly #half: readonly number[];
  readonly #isUnit: boolean;

  /** @throws InvalidArgumentError when the space is no vector with finite bounds */
  constructor({ shape, low, high, names }: Box) {
    if (shape.length !== 1 || !(shape[0]! >= 1)) {
      throw new InvalidArgumentError(`Expected an action space of one axis with at least one entry, got [${shape}]`);
    }
    this.size = shape[0]!;
    const bounds = Array.from({ length: this.size }, (_, i) => ({
      low: boundOf(low, i),
      high: boundOf(high, i),
    }));
    const wrong = bounds.findIndex((bound) => !(Number.isFinite(bound.high - bound.low) && bound.high > bound.low));
    if (wrong >= 0) {
      throw new InvalidArgumentError(
        `Expected finite bounds of the action, the lower below the upper, got ${bounds[wrong]!.low} to ${bounds[wrong]!.high} for ${names?.[wrong] ?? `entry ${wrong}`}`,
      );
    }
    this.#middle = bounds.map((bound) => (bound.low + bound.high) / 2);
    this.#half = bounds.map((bound) => (bound.high - bound.low) / 2);
    this.#isUnit = bounds.every((bound) => bound.low === -1 && bound.high === 1);
  }

  /** Rows of the environment's actions → -1 to 1. */
  toUnit(action: tf.Tensor): tf.Tensor {
    if (this.#isUnit) return action;
    const factors = tf.tensor1d(this.#half.map((half) => 1 / half));
    if (this.#middle.every((middle) => middle === 0)) return tf.mul(action, factors);
    return tf.mul(tf.sub(action, tf.tensor1d([...this.#middle])), factors);
  }

  /** Rows of -1 to 1 → the environment's actions. */
  toEnvironment(action: tf.Tensor): tf.Tensor {
    if (this.#isUnit) return action;
    return tf.add(tf.mul(action, tf.tensor1d([...this.#half])), tf.tensor1d([...this.#middle]));
  }

  /** One action, -1 to 1 → the environment's; a fresh array. */
  valuesToEnvironment(action: Float32Array): Float32Array {
    if (this.#isUnit) return action.slice();
    return action.map((value, i) => this.#middle[i]! + value * this.#half[i]!);
  }

  /** One action of the environment's → -1 to 1; a fresh array. */
  valuesToUnit(action: Float32Array): Float32Array {
    return action.map((value, i) => (value - this.#middle[i]!) / this.#half[i]!);
  }

  /** Sizes of each entry, such as deviations, in the environment's units → as shares of half the range. */
  sizesToUnit(sizes: readonly number[]): number[] {
    return sizes.map((size, i) => size / this.#half[i]!);
  }
}
