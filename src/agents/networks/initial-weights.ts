import { sizeOf } from '../../core/box.ts';
import type { Random } from '../../core/random.ts';
import type { Initializer } from './parameters.ts';

/** How the weights of layers start: see {@link fanIn} and {@link orthogonal}. */
export type InitialWeights = 'fan-in' | 'orthogonal';

/** Uniform in [-range, range). */
export const uniform =
  (range: number): Initializer =>
  (shape, random) =>
    Float32Array.from({ length: sizeOf(shape) }, () => random.between(-range, range));

/**
 * Uniform in ±1/√(number of inputs): Lillicrap et al. 2015, section 7; also what PyTorch's `Linear` and `Conv2d` start
 * with, weights and biases alike.
 */
export const fanIn = (inputs: number): Initializer => uniform(1 / Math.sqrt(inputs));

export const constant =
  (value: number): Initializer =>
  (shape) =>
    new Float32Array(sizeOf(shape)).fill(value);

/**
 * Orthonormal rows, or columns where there are fewer of them, times a gain (Saxe et al. 2014): normal numbers made
 * orthogonal one after the other.
 *
 * @param outputs outputs of the layer; they are the first axis of a dense kernel and the last of a convolution's filter
 */
export const orthogonal =
  (outputs: number, gain: number, axis: 'first' | 'last' = 'first'): Initializer =>
  (shape, random) => {
    const values = new Float32Array(sizeOf(shape));
    const inputs = values.length / outputs;
    const [count, length] = outputs <= inputs ? [outputs, inputs] : [inputs, outputs];
    const vectors = orthonormal(count, length, random);
    for (let output = 0; output < outputs; output++) {
      for (let input = 0; input < inputs; input++) {
        const value = outputs <= inputs ? vectors[output]![input]! : vectors[input]![output]!;
        values[axis === 'first' ? output * inputs + input : input * outputs + output] = gain * value;
      }
    }
    return values;
  };

function orthonormal(count: number, length: number, random: Random): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (const before of vectors) {
      const shared = dot(vector, before);
      for (let i = 0; i < length; i++) vector[i]! -= shared * before[i]!;
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i]! /= norm;
    vectors.push(vector);
  }
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
