import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../core/box.ts';
import type { InputArrays, InputSpecification, Tensors } from '../core/engine.ts';

type Inputs = Readonly<Record<string, InputSpecification>>;

export function createInputArrays(inputs: Inputs): InputArrays {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, dtype }]) => [
      name,
      dtype === 'uint8' ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)),
    ]),
  );
}

/** The inputs as tensors, some by name or all; TensorFlow.js has no bytes, so they become `int32`. */
export function inputTensors(inputs: Inputs, arrays: InputArrays, names = Object.keys(inputs)): Tensors {
  return Object.fromEntries(
    names.map((name) => {
      const { shape, dtype } = inputs[name]!;
      const values = arrays[name]!;
      return dtype === 'uint8'
        ? [name, tf.tensor(Int32Array.from(values), [...shape], 'int32')]
        : [name, tf.tensor(values as Float32Array, [...shape], 'float32')];
    }),
  );
}
