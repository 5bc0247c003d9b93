import type * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../core/engine.ts';
import type { HeadOptions } from './actor-network.ts';
import { Dense } from './dense.ts';
import type { Encoder } from './encoder.ts';
import type { ParameterDeclaration } from './parameters.ts';

export interface CriticOptions extends HeadOptions {
  /** Critics on the one encoder. */
  readonly count: number;
  /** The layer that the action enters: 0 is the first after the encoder. */
  readonly actionLayer: number;
}

/** Values of actions: an encoder, and on it one or several stacks of dense layers that the action enters. */
export class CriticNetwork {
  readonly encoder: Encoder;
  /** The encoder's and its own. */
  readonly parameters: readonly ParameterDeclaration[];
  readonly #critics: readonly (readonly Dense[])[];
  readonly #actionLayer: number;

  constructor(encoder: Encoder, options: CriticOptions) {
    this.encoder = encoder;
    this.#actionLayer = options.actionLayer;
    this.#critics = Array.from({ length: options.count }, (_, i) => layers(`qf${i}`, encoder.outputSize, options));
    this.parameters = [...encoder.parameters, ...this.#critics.flat().flatMap((layer) => layer.parameters)];
  }

  /**
   * Rows × features and rows × action (-1 to 1) → rows × 1.
   *
   * @param critic which one, from 0
   */
  value(critic: number, weights: Tensors, features: tf.Tensor, action: tf.Tensor): tf.Tensor {
    return this.#critics[critic]!.reduce(
      (x, layer, i) => layer.apply(weights, x, i === this.#actionLayer ? action : undefined),
      features,
    );
  }

  /** Every critic's. */
  values(weights: Tensors, features: tf.Tensor, action: tf.Tensor): tf.Tensor[] {
    return this.#critics.map((_, critic) => this.value(critic, weights, features, action));
  }
}

function layers(name: string, featureSize: number, options: CriticOptions): Dense[] {
  const { sizes, hidden, finalRange, actionSize, actionLayer } = options;
  return [...sizes, 1].map((outputs, i) => {
    const inputs = sizes[i - 1] ?? featureSize;
    const layer = { name: `${name}.${i}`, inputs, outputs, ...(i === actionLayer ? { secondInputs: actionSize } : {}) };
    return i < sizes.length
      ? new Dense({ ...layer, ...hidden })
      : new Dense({ ...layer, initialWeights: hidden.initialWeights, range: finalRange });
  });
}
