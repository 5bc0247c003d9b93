import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../core/engine.ts';
import { constant, fanIn, type InitialWeights, orthogonal, uniform } from './initial-weights.ts';
import type { ParameterDeclaration } from './parameters.ts';

export type Activation = 'relu' | 'tanh';

/** What the hidden layers of a network have in common. */
export interface HiddenLayers {
  readonly activation: Activation;
  /** Layer norm (Ba et al. 2016) between a dense layer and its activation. */
  readonly layerNorm: boolean;
  readonly initialWeights: InitialWeights;
}

export interface DenseOptions {
  /** What its parameters' names begin with. */
  readonly name: string;
  readonly inputs: number;
  /** Columns of a second operand, such as the action in a critic, which has a kernel of its own. Default 0. */
  readonly secondInputs?: number;
  readonly outputs: number;
  readonly initialWeights: InitialWeights;
  /** First weights and biases are uniform within ± this; default: as `initialWeights` says. */
  readonly range?: number | undefined;
  /** Default false. */
  readonly layerNorm?: boolean;
  /** Default: none. */
  readonly activation?: Activation;
}

/** PyTorch's default. */
const NORM_EPSILON = 1e-5;

/**
 * A dense layer: rows × inputs → rows × outputs. Its kernel is stored [out, in]. With a second operand it is the layer of
 * both side by side, without laying them there, and without their gradient where only the second one's is wanted.
 */
export class Dense {
  readonly parameters: readonly ParameterDeclaration[];
  readonly outputSize: number;
  readonly #options: DenseOptions;

  constructor(options: DenseOptions) {
    const { name, inputs, secondInputs = 0, outputs, layerNorm = false } = options;
    this.#options = options;
    this.outputSize = outputs;
    this.parameters = [
      { name: `${name}.weight`, shape: [outputs, inputs], initial: weightInitializer(options) },
      ...(secondInputs > 0
        ? [{ name: `${name}.second.weight`, shape: [outputs, secondInputs], initial: weightInitializer(options) }]
        : []),
      { name: `${name}.bias`, shape: [outputs], initial: biasInitializer(options) },
      ...(layerNorm
        ? [
            { name: `${name}.norm.weight`, shape: [outputs], initial: constant(1) },
            { name: `${name}.norm.bias`, shape: [outputs], initial: constant(0) },
          ]
        : []),
    ];
  }

  /** @param second rows × secondInputs, where the layer has a second operand */
  apply(weights: Tensors, x: tf.Tensor, second?: tf.Tensor): tf.Tensor {
    const { name, layerNorm = false, activation } = this.#options;
    const product = (operand: tf.Tensor, kernel: string) =>
      tf.matMul(operand as tf.Tensor2D, weights[`${name}.${kernel}`] as tf.Tensor2D, false, true);
    const bias = weights[`${name}.bias`]!;
    const added = second === undefined ? bias : tf.add(product(second, 'second.weight'), bias);
    let y: tf.Tensor = tf.add(product(x, 'weight'), added);
    if (layerNorm) y = normalize(y, weights[`${name}.norm.weight`]!, weights[`${name}.norm.bias`]!);
    if (activation === undefined) return y;
    return activation === 'relu' ? tf.relu(y) : tf.tanh(y);
  }
}

/** Dense layers one after the other, each with norm and activation. Of no layers at all: it gives back what it is given. */
export class HiddenStack {
  readonly parameters: readonly ParameterDeclaration[];
  readonly outputSize: number;
  readonly #layers: readonly Dense[];

  constructor(name: string, inputs: number, sizes: readonly number[], hidden: HiddenLayers) {
    this.#layers = sizes.map(
      (outputs, i) => new Dense({ name: `${name}.${i}`, inputs: sizes[i - 1] ?? inputs, outputs, ...hidden }),
    );
    this.parameters = this.#layers.flatMap((layer) => layer.parameters);
    this.outputSize = sizes.at(-1) ?? inputs;
  }

  apply(weights: Tensors, x: tf.Tensor): tf.Tensor {
    return this.#layers.reduce((y, layer) => layer.apply(weights, y), x);
  }
}

function weightInitializer({ inputs, secondInputs = 0, outputs, initialWeights, range }: DenseOptions) {
  if (range !== undefined) return uniform(range);
  return initialWeights === 'orthogonal' ? orthogonal(outputs, 1) : fanIn(inputs + secondInputs);
}

function biasInitializer({ inputs, secondInputs = 0, initialWeights, range }: DenseOptions) {
  if (range !== undefined) return uniform(range);
  return initialWeights === 'orthogonal' ? constant(0) : fanIn(inputs + secondInputs);
}

/** Each row less its mean, over its standard deviation, times a gain plus a bias. */
function normalize(x: tf.Tensor, gain: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  const variance = tf.mean(tf.square(centred), 1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, NORM_EPSILON))), gain), bias);
}
