import * as tf from '@tensorflow/tfjs-core';
import type { AdamOptions } from '../../core/engine.ts';

/** One weight's share of the optimizer's memory. */
export interface Moments {
  readonly first: tf.Tensor;
  readonly second: tf.Tensor;
}

export interface AdamStep {
  readonly options: AdamOptions;
  readonly learningRate: number;
  /** Number of this step, from 1. */
  readonly step: number;
  /** What the gradient is multiplied by, to keep its norm below the limit. */
  readonly gradientScale: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with the weight decay and the place of epsilon of PyTorch's `Adam`: the new
 * weight and moments. To be called within `tf.tidy`.
 */
export function adam(
  weight: tf.Tensor,
  gradient: tf.Tensor,
  moments: Moments,
  { options, learningRate, step, gradientScale }: AdamStep,
): { readonly weight: tf.Tensor; readonly moments: Moments } {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const scaled = gradientScale === 1 ? gradient : tf.mul(gradient, gradientScale);
  const whole = weightDecay === 0 ? scaled : tf.add(scaled, tf.mul(weight, weightDecay));
  const first = tf.add(tf.mul(moments.first, beta1), tf.mul(whole, 1 - beta1));
  const second = tf.add(tf.mul(moments.second, beta2), tf.mul(tf.square(whole), 1 - beta2));
  const root = tf.add(tf.mul(tf.sqrt(second), 1 / Math.sqrt(1 - beta2 ** step)), epsilon);
  const change = tf.mul(tf.div(first, root), learningRate / (1 - beta1 ** step));
  return { weight: tf.sub(weight, change), moments: { first, second } };
}
