import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../core/engine.ts';
import { Dense, type HiddenLayers, HiddenStack } from './dense.ts';
import type { Encoder } from './encoder.ts';
import type { ParameterDeclaration } from './parameters.ts';

export interface HeadOptions {
  /** Sizes of the hidden layers. */
  readonly sizes: readonly number[];
  readonly hidden: HiddenLayers;
  /** First weights of the output layer are uniform within ± this; undefined: like those of the other layers. */
  readonly finalRange: number | undefined;
  readonly actionSize: number;
}

/** A deterministic policy: an encoder, dense layers, and tanh. Actions are -1 to 1. */
export class ActorNetwork {
  readonly encoder: Encoder;
  /** The encoder's and its own. */
  readonly parameters: readonly ParameterDeclaration[];
  readonly #stack: HiddenStack;
  readonly #output: Dense;

  constructor(encoder: Encoder, { sizes, hidden, finalRange, actionSize }: HeadOptions) {
    this.encoder = encoder;
    this.#stack = new HiddenStack('mu', encoder.outputSize, sizes, hidden);
    this.#output = new Dense({
      name: `mu.${sizes.length}`,
      inputs: this.#stack.outputSize,
      outputs: actionSize,
      initialWeights: hidden.initialWeights,
      range: finalRange,
    });
    this.parameters = [...encoder.parameters, ...this.#stack.parameters, ...this.#output.parameters];
  }

  /** Rows × features → rows × action. */
  action(weights: Tensors, features: tf.Tensor): tf.Tensor {
    return tf.tanh(this.preActivation(weights, features));
  }

  /** The same before tanh. */
  preActivation(weights: Tensors, features: tf.Tensor): tf.Tensor {
    return this.#output.apply(weights, this.#stack.apply(weights, features));
  }
}
