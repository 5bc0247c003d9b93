import * as tf from '@tensorflow/tfjs-core';
import type { BatchShape } from '../../core/batch.ts';
import type { InputSpecification, Tensors } from '../../core/engine.ts';
import type { ActionScale, EncoderReads, Observed } from '../networks/index.ts';
import type { BatchReader, View } from './batch-reader.ts';

export interface SequenceReaderOptions {
  readonly shape: BatchShape & { readonly sequenceLength: number };
  readonly scale: ActionScale;
  /** What the actor's loss reads, through the actor's encoder and the critic's. */
  readonly actorNeeds: EncoderReads;
}

/**
 * Reads sequences: L steps and L + 1 observations, time along the first axis. Encoders with memory run over all of it,
 * from an empty memory; the mask says which steps count. Of the first observation the action before is not in the batch:
 * it is taken as zeros, as at an episode's start.
 */
export class SequenceReader implements BatchReader {
  readonly kind = 'sequences';
  readonly shape: BatchShape & { readonly sequenceLength: number };
  readonly rows: number;
  readonly inputs: Readonly<Record<string, InputSpecification>>;
  readonly actorInputs: readonly string[];
  readonly #scale: ActionScale;

  constructor({ shape, scale, actorNeeds }: SequenceReaderOptions) {
    const { size, sequenceLength, state, pixels, action } = shape;
    this.shape = shape;
    this.#scale = scale;
    this.rows = size * sequenceLength;
    const all = size * (sequenceLength + 1);
    const step = (width: number): InputSpecification => ({ shape: [this.rows, width], dtype: 'float32' });
    this.inputs = {
      ...(state === undefined ? {} : { state: { shape: [all, state], dtype: 'float32' } }),
      ...(pixels === undefined ? {} : { pixels: { shape: [all, pixels[2], pixels[0], pixels[1]], dtype: 'uint8' } }),
      action: step(action),
      reward: step(1),
      discount: step(1),
      mask: step(1),
    };
    this.actorInputs = [
      ...(actorNeeds.state ? ['state'] : []),
      ...(actorNeeds.pixels ? ['pixels'] : []),
      ...(actorNeeds.previousAction ? ['action'] : []),
      'mask',
    ];
  }

  current(inputs: Tensors): View {
    const steps = this.shape.sequenceLength;
    const observed = this.#observed(inputs, 0, steps);
    return { features: (encoder, weights) => encoder.encode(weights, observed, { steps }).features };
  }

  next(inputs: Tensors): View {
    const { size, sequenceLength } = this.shape;
    const whole = this.#observed(inputs, 0, sequenceLength + 1);
    const after = this.#observed(inputs, 1, sequenceLength);
    return {
      features: (encoder, weights) => {
        if (encoder.memorySizes.length === 0) {
          return encoder.encode(weights, after, { steps: sequenceLength }).features;
        }
        const { features } = encoder.encode(weights, whole, { steps: sequenceLength + 1 });
        return tf.slice(features, [size, 0], [this.rows, encoder.outputSize]);
      },
    };
  }

  mean(values: tf.Tensor, { mask }: Tensors): tf.Scalar {
    return tf.div(tf.sum(tf.mul(values, mask!)), tf.maximum(tf.sum(mask!), 1));
  }

  meanOf(values: Float32Array, { mask }: Readonly<Record<string, Float32Array | Uint8Array>>): number {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < values.length; i++) {
      sum += values[i]! * mask![i]!;
      count += mask![i]!;
    }
    return sum / Math.max(count, 1);
  }

  /** Observations of some instants; each part is cut out when an encoder asks for it. */
  #observed(inputs: Tensors, first: number, steps: number): Observed {
    const { size, sequenceLength } = this.shape;
    const cut = (tensor: tf.Tensor): tf.Tensor => {
      if (steps > sequenceLength) return tensor;
      const [, ...rest] = tensor.shape;
      return tf.slice(tensor, [first * size, ...rest.map(() => 0)], [steps * size, ...rest]);
    };
    const kept = new Map<string, tf.Tensor>();
    const once = (name: string, make: () => tf.Tensor): tf.Tensor => {
      const tensor = kept.get(name) ?? make();
      kept.set(name, tensor);
      return tensor;
    };
    const scale = this.#scale;
    return {
      get state() {
        return once('state', () => cut(inputs['state']!));
      },
      get pixels() {
        return once('pixels', () => cut(inputs['pixels']!));
      },
      get previousAction() {
        return once('previousAction', () => {
          const none = tf.zeros([size, scale.size]);
          return cut(tf.concat([none, scale.toUnit(inputs['action']!)], 0));
        });
      },
      convolved: new Map<tf.Tensor, tf.Tensor>(),
    };
  }
}
