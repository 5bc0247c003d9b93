import * as tf from '@tensorflow/tfjs-core';
import type { GroupedTensors, PhaseResult, Tensors } from '../../core/engine.ts';
import type { BatchReader } from './batch-reader.ts';
import { type DdpgNetworks, GROUPS } from './networks.ts';
import type { AgentSettings } from './settings.ts';

/** What losses are made of. */
export interface LossParts {
  readonly networks: DdpgNetworks;
  readonly reader: BatchReader;
  readonly settings: AgentSettings;
  /** Standard deviation of each entry of a dataset's actions, -1 to 1: errors against them are measured by it. */
  readonly deviations?: readonly number[] | undefined;
}

/** An entry that hardly ever changes is not measured more finely than this. */
const LEAST_DEVIATION = 0.01;

/** Where all values are nearly 0, λ of TD3+BC stays finite. */
const SMALLEST_VALUE = 1e-6;

/** Name of the input that smooths the target policy's action. */
export const TARGET_NOISE = 'targetNoise';

/** Name of the output that holds the targets, rows × 1, and of the critics' values. */
export const TARGET = 'target';
export const valueName = (critic: number): string => `q${critic}`;

/**
 * Of each critic, the error of Q(s, a) against
 *
 *     y = r + discount × min over target critics of Q'(s', π'(s') + noise)
 *
 * squared or Huber's, summed over the critics, averaged over the rows by weight or mask (Lillicrap et al. 2015, algorithm
 * 1; Fujimoto et al. 2018, algorithm 1). The discount is γⁿ, or 0 where the task terminated.
 */
export const criticLoss =
  ({ networks, reader, settings }: LossParts) =>
  (groups: GroupedTensors, inputs: Tensors): PhaseResult => {
    const { critic, scale } = networks;
    const target = targetValue({ networks, reader, settings }, groups, inputs);
    const weights = groups[GROUPS.critic]!;
    const features = reader.current(inputs).features(critic.encoder, weights);
    const values = critic.values(weights, features, scale.toUnit(inputs['action']!));
    const error = errorFunction(settings.loss);
    const errors = values.map((value) => error(tf.sub(value, target)));
    const sum = errors.reduce((total, one) => tf.add(total, one));
    return {
      loss: reader.mean(sum, inputs, true),
      outputs: { [TARGET]: target, ...Object.fromEntries(values.map((value, i) => [valueName(i), value])) },
    };
  };

/**
 * -Q(s, π(s)) of the first critic, averaged. With `behaviourCloningAlpha` instead -λ Q(s, π(s)) + (π(s) - a)², where λ is
 * α over the mean |Q| (Fujimoto and Gu 2021, equation 5): of the batch's own actions here, whose values do not move with
 * the actor, so that λ is a constant to its gradient as there. `preActivationPenalty` times the mean square of what tanh
 * makes the action of is added.
 */
export const actorLoss =
  ({ networks, reader, settings, deviations }: LossParts) =>
  (groups: GroupedTensors, inputs: Tensors): PhaseResult => {
    const { actor, critic, scale } = networks;
    const { behaviourCloningAlpha: alpha, preActivationPenalty: penalty } = settings;
    const view = reader.current(inputs);
    const actorWeights = networks.actorWeights(groups);
    const criticWeights = groups[GROUPS.critic]!;
    const preActivation = actor.preActivation(actorWeights, view.features(actor.encoder, actorWeights));
    const action = tf.tanh(preActivation);
    const features = view.features(critic.encoder, criticWeights);
    const value = reader.mean(critic.value(0, criticWeights, features, action), inputs, false);
    const penalized = (loss: tf.Scalar): PhaseResult => {
      if (penalty === 0) return { loss };
      const size = reader.mean(tf.mean(tf.square(preActivation), 1, true), inputs, false);
      return { loss: tf.add(loss, tf.mul(size, penalty)) };
    };
    if (alpha === null) return penalized(tf.neg(value));
    const taken = scale.toUnit(inputs['action']!);
    const size = reader.mean(tf.abs(critic.value(0, criticWeights, features, taken)), inputs, false);
    const error = measured(tf.sub(action, taken), deviations);
    const distance = reader.mean(tf.mean(tf.square(error), 1, true), inputs, false);
    return penalized(tf.sub(distance, tf.mul(value, tf.div(alpha, tf.maximum(size, SMALLEST_VALUE)))));
  };

/** A difference of actions in standard deviations, where these are known. */
export function measured(difference: tf.Tensor, deviations: LossParts['deviations']): tf.Tensor {
  if (deviations === undefined) return difference;
  return tf.mul(difference, tf.tensor1d(deviations.map((deviation) => 1 / Math.max(deviation, LEAST_DEVIATION))));
}

function targetValue({ networks, reader, settings }: LossParts, groups: GroupedTensors, inputs: Tensors): tf.Tensor {
  const { actor, critic } = networks;
  const next = reader.next(inputs);
  const actorWeights = networks.actorWeights(groups, true);
  const criticWeights = groups[GROUPS.criticTarget]!;
  let action = actor.action(actorWeights, next.features(actor.encoder, actorWeights));
  if (smoothsTarget(settings)) action = tf.clipByValue(tf.add(action, inputs[TARGET_NOISE]!), -1, 1);
  const values = critic.values(criticWeights, next.features(critic.encoder, criticWeights), action);
  const least = values.reduce((a, b) => tf.minimum(a, b));
  return tf.add(inputs['reward']!, tf.mul(inputs['discount']!, least));
}

/** Whether the target policy's action gets noise. */
export function smoothsTarget({ targetPolicyNoise, targetNoiseClip }: AgentSettings): boolean {
  return targetPolicyNoise > 0 && targetNoiseClip > 0;
}

/** Of a difference, entry by entry. */
export type ErrorFunction = (error: tf.Tensor) => tf.Tensor;

export const errorFunction = (loss: AgentSettings['loss']): ErrorFunction => (loss === 'mse' ? squared : huber);

function squared(error: tf.Tensor): tf.Tensor {
  return tf.square(error);
}

/** error² / 2 up to 1, then |error| - 1/2 (Huber 1964), as m (|error| - m / 2) with m the smaller of |error| and 1. */
function huber(error: tf.Tensor): tf.Tensor {
  const size = tf.abs(error);
  const inner = tf.minimum(size, 1);
  return tf.mul(inner, tf.sub(size, tf.mul(inner, 0.5)));
}
