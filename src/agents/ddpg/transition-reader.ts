import * as tf from '@tensorflow/tfjs-core';
import type { BatchShape } from '../../core/batch.ts';
import type { InputSpecification, Tensors } from '../../core/engine.ts';
import type { BatchReader, View } from './batch-reader.ts';

/** Reads independent transitions. */
export class TransitionReader implements BatchReader {
  readonly kind = 'transitions';
  readonly shape: BatchShape;
  readonly rows: number;
  readonly inputs: Readonly<Record<string, InputSpecification>>;
  readonly actorInputs: readonly string[];

  constructor(shape: BatchShape, actorNeeds: { readonly state: boolean; readonly pixels: boolean }) {
    const { size, state, pixels, action } = shape;
    this.shape = shape;
    this.rows = size;
    const float = (width: number): InputSpecification => ({ shape: [size, width], dtype: 'float32' });
    const bytes = (): InputSpecification => ({
      shape: [size, pixels![2], pixels![0], pixels![1]],
      dtype: 'uint8',
    });
    this.inputs = {
      ...(state === undefined ? {} : { state: float(state), nextState: float(state) }),
      ...(pixels === undefined ? {} : { pixels: bytes(), nextPixels: bytes() }),
      action: float(action),
      reward: float(1),
      discount: float(1),
      weight: float(1),
    };
    this.actorInputs = [...(actorNeeds.state ? ['state'] : []), ...(actorNeeds.pixels ? ['pixels'] : [])];
  }

  current({ state, pixels }: Tensors): View {
    return view(state, pixels);
  }

  next({ nextState, nextPixels }: Tensors): View {
    return view(nextState, nextPixels);
  }

  mean(values: tf.Tensor, { weight }: Tensors, weighted: boolean): tf.Scalar {
    return tf.mean(weighted ? tf.mul(values, weight!) : values);
  }

  meanOf(values: Float32Array): number {
    let sum = 0;
    for (const value of values) sum += value;
    return sum / values.length;
  }
}

function view(state: tf.Tensor | undefined, pixels: tf.Tensor | undefined): View {
  const observed = {
    ...(state === undefined ? {} : { state }),
    ...(pixels === undefined ? {} : { pixels }),
    convolved: new Map<tf.Tensor, tf.Tensor>(),
  };
  return { features: (encoder, weights) => encoder.encode(weights, observed, { steps: 1 }).features };
}
