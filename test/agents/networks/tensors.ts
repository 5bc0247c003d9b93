import * as tf from '@tensorflow/tfjs-core';
import type { ExecutionContext } from 'ava';
import type { ParameterGroup, Tensors } from '../../../src/core/engine.ts';

/** A group's first values as tensors. */
export function tensorsOf(group: ParameterGroup): Tensors {
  return Object.fromEntries(
    Object.entries(group).map(([name, { shape, initial }]) => [name, tf.tensor(initial, [...shape])]),
  );
}

/** Whether a tensor's numbers are these, to float32's precision. */
export function close(t: ExecutionContext, tensor: tf.Tensor, expected: readonly number[], tolerance = 1e-5): void {
  const got = [...tensor.dataSync()];
  const fits =
    got.length === expected.length &&
    got.every((value, i) => Math.abs(value - expected[i]!) <= tolerance * Math.max(1, Math.abs(expected[i]!)));
  t.true(fits, `expected [${expected}], got [${got}]`);
}
