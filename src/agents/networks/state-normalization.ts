import * as tf from '@tensorflow/tfjs-core';
import { boundOf } from '../../core/box.ts';
import type { Box } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';

/**
 * What is done to the state before a network sees it: nothing; its bounds made -1 to 1; or (x - mean) /
 * standardDeviation with fixed numbers, such as a recorded dataset's.
 */
export type StateNormalizationOptions =
  | 'none'
  | 'bounds'
  | { readonly mean: readonly number[]; readonly standardDeviation: readonly number[] };

/** Applies a fixed normalisation to rows of states. */
export type StateNormalization = (state: tf.Tensor) => tf.Tensor;

/** @throws InvalidArgumentError when numbers do not fit the space, or the space has no finite bounds to go by */
export function stateNormalization(options: StateNormalizationOptions, space: Box): StateNormalization {
  if (options === 'none') return (state) => state;
  const size = space.shape[0]!;
  const { mean, standardDeviation } = options === 'bounds' ? fromBounds(space, size) : options;
  if (mean.length !== size || standardDeviation.length !== size) {
    throw new InvalidArgumentError(
      `Expected ${size} means and standard deviations for \`stateNormalization\`, one for each entry of the state, got ${mean.length} and ${standardDeviation.length}`,
    );
  }
  const factors = standardDeviation.map((deviation) => 1 / deviation);
  return (state) => tf.mul(tf.sub(state, tf.tensor1d([...mean])), tf.tensor1d(factors));
}

function fromBounds({ low, high, names }: Box, size: number) {
  const bounds = Array.from({ length: size }, (_, i) => ({
    low: boundOf(low, i),
    high: boundOf(high, i),
  }));
  const wrong = bounds.findIndex((bound) => !(Number.isFinite(bound.high - bound.low) && bound.high > bound.low));
  if (wrong >= 0) {
    throw new InvalidArgumentError(
      `Expected finite bounds of every entry of the state for \`stateNormalization\` \`bounds\`, got ${bounds[wrong]!.low} to ${bounds[wrong]!.high} for ${names?.[wrong] ?? `entry ${wrong}`}: give mean and standardDeviation`,
    );
  }
  return {
    mean: bounds.map((bound) => (bound.low + bound.high) / 2),
    standardDeviation: bounds.map((bound) => (bound.high - bound.low) / 2),
  };
}
