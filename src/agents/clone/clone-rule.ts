import * as tf from '@tensorflow/tfjs-core';
import type {
  GroupedTensors,
  InputArrays,
  InputSpecification,
  LearnerProgram,
  PhaseResult,
  Tensors,
} from '../../core/engine.ts';
import { scheduleAt } from '../../core/schedule.ts';
import type { BatchChanges } from '../ddpg/ddpg-rule.ts';
import { errorFunction, type LossParts, measured } from '../ddpg/losses.ts';
import { mirrorAtRandom } from '../ddpg/mirror.ts';
import { GROUPS } from '../ddpg/networks.ts';
import type { UpdateRule } from '../ddpg/rule.ts';
import { initializeGroup } from '../networks/index.ts';
import type { ActionBalance } from './action-balance.ts';

/** Inputs of a batch that say how much each row counts: of transitions, and of sequences. */
const ROW_WEIGHTS = ['weight', 'mask'] as const;
const PHASE = 'actor';

/** What is done to a batch before an update. */
export interface CloneBatches extends BatchChanges {
  /** Weighs the rows by their actions. */
  readonly balance?: ActionBalance | undefined;
}

/**
 * Behaviour cloning: the mean over the action's entries of ((π(s) - a) / σ)², or Huber's of it, averaged over the rows by
 * their weights. Actions are compared as the network gives them, -1 to 1.
 */
export function createCloneRule(parts: LossParts, { balance, mirror, random }: CloneBatches): UpdateRule {
  const { networks, reader, settings } = parts;
  const names = [...new Set([...reader.actorInputs, 'action', reader.kind === 'sequences' ? 'mask' : 'weight'])];
  const inputs = Object.fromEntries(names.map((name): [string, InputSpecification] => [name, reader.inputs[name]!]));
  const program: LearnerProgram = {
    inputs,
    phases: {
      [PHASE]: {
        trains: GROUPS.actor,
        reads: [],
        inputs: names,
        optimizer: {
          learningRate: scheduleAt(settings.actorLearningRate, 0),
          weightDecay: settings.weightDecay,
          ...(settings.maxGradNorm === null ? {} : { maxGradientNorm: settings.maxGradNorm }),
        },
        rowwise: reader.kind === 'transitions',
        loss: cloneLoss(parts),
      },
    },
    targets: settings.averagedPolicy ? { [GROUPS.actorTarget]: { follows: GROUPS.actor, tau: settings.tau } } : {},
  };
  return {
    program,
    createGroups(random) {
      const actor = initializeGroup(networks.actor.parameters, random.stream('actor'));
      return { [GROUPS.actor]: actor, ...(settings.averagedPolicy ? { [GROUPS.actorTarget]: actor } : {}) };
    },
    prepare(arrays) {
      if (balance !== undefined) weigh(arrays, balance, networks.scale.size);
      if (mirror !== undefined) mirrorAtRandom(arrays, reader.shape, mirror, random);
    },
    calls: (updates) => [
      { phase: PHASE, updateTargets: true, learningRate: scheduleAt(settings.actorLearningRate, updates) },
    ],
    metrics: ({ [PHASE]: actor }) => ({
      actor_loss: actor!['loss']![0]!,
      actor_gradient_norm: actor!['gradientNorm']![0]!,
    }),
  };
}

function weigh(arrays: InputArrays, balance: ActionBalance, actionSize: number): void {
  const actions = arrays['action'] as Float32Array;
  for (const name of ROW_WEIGHTS) {
    const weights = arrays[name];
    for (let row = 0; row < (weights?.length ?? 0); row++)
      weights![row]! *= balance.weightOf(actions, row * actionSize);
  }
}

const cloneLoss =
  ({ networks, reader, settings, deviations }: LossParts) =>
  (groups: GroupedTensors, inputs: Tensors): PhaseResult => {
    const { actor, scale } = networks;
    const weights = networks.actorWeights(groups);
    const action = actor.action(weights, reader.current(inputs).features(actor.encoder, weights));
    const difference = tf.sub(action, scale.toUnit(inputs['action']!));
    const error = errorFunction(settings.loss)(measured(difference, deviations));
    return { loss: reader.mean(tf.mean(error, 1, true), inputs, true) };
  };
