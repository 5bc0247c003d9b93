import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { actorLoss, criticLoss } from '../../../src/agents/ddpg/losses.ts';
import { DdpgNetworks } from '../../../src/agents/ddpg/networks.ts';
import { type AgentOptions, resolveAgentOptions } from '../../../src/agents/ddpg/options.ts';
import { createReader } from '../../../src/agents/ddpg/program.ts';
import { close } from '../networks/tensors.ts';
import { numbers } from '../support.ts';

/** Networks without hidden layers over one number and one action, so that every figure can be worked out on paper. */
function partsOf(options: AgentOptions, high = 1) {
  const settings = resolveAgentOptions({ netArch: [], batchSize: 2, ...options });
  const spaces = { observationSpace: { state: numbers(1) }, actionSpace: numbers(1, -high, high) };
  const networks = new DdpgNetworks(settings, spaces);
  return { settings, networks, reader: createReader(settings, networks, spaces) };
}

const actor = (weight: number, bias: number) => ({
  'mu.0.weight': tf.tensor2d([[weight]]),
  'mu.0.bias': tf.tensor1d([bias]),
});
const critic = (...heads: readonly (readonly [state: number, action: number, bias: number])[]) =>
  Object.fromEntries(
    heads.flatMap(([state, action, bias], i) => [
      [`qf${i}.0.weight`, tf.tensor2d([[state]])],
      [`qf${i}.0.second.weight`, tf.tensor2d([[action]])],
      [`qf${i}.0.bias`, tf.tensor1d([bias])],
    ]),
  );
const column = (...values: number[]) => tf.tensor2d(values, [values.length, 1]);

const groups = {
  actor: actor(1, 0),
  actorTarget: actor(0, 0.5),
  critic: critic([1, 1, 0], [2, 0, 1]),
  // Of the next states 1 and -1 the first critic says less, then the second.
  criticTarget: critic([1, 1, 0], [-1, 0, 2]),
};
const inputs = {
  state: column(0.5, -1),
  nextState: column(1, -1),
  action: column(0.25, 1),
  reward: column(10, 20),
  discount: column(0.9, 0),
  weight: column(1, 0.5),
  targetNoise: column(0.3, 0.3),
};
const smoothed = Math.min(Math.tanh(0.5) + 0.3, 1);

test('targets are r + discount × the least of the target critics, at a smoothed and cut action', (t) => {
  const { loss, outputs } = criticLoss(partsOf({ preset: 'td3' }))(groups, inputs);
  // Critics at state 1: 1 + a and -1 + 2 = 1; the least is 1. Terminated: the second row's next value counts nothing.
  const target = [10 + 0.9 * Math.min(1 + smoothed, 1), 20];
  close(t, outputs!['target']!, target);
  close(t, outputs!['q0']!, [0.75, 0]);
  close(t, outputs!['q1']!, [2, -1]);
  const squares = [(0.75 - target[0]!) ** 2 + (2 - target[0]!) ** 2, 400 + 441];
  close(t, loss, [(squares[0]! + 0.5 * squares[1]!) / 2]);
});

test('the noise moves the target, and the action stays within its bounds', (t) => {
  const alone = { ...groups, criticTarget: critic([0, 1, 0], [0, 1, 0]) };
  const targetAt = (noise: number) => {
    const { outputs } = criticLoss(partsOf({ preset: 'td3' }))(alone, { ...inputs, targetNoise: column(noise, noise) });
    return outputs!['target']!.dataSync()[0]!;
  };
  t.true(Math.abs(targetAt(0.1) - (10 + 0.9 * (Math.tanh(0.5) + 0.1))) < 1e-5);
  t.true(Math.abs(targetAt(5) - (10 + 0.9)) < 1e-5);
});

test('DDPG: one critic, no noise', (t) => {
  const single = { ...groups, critic: critic([1, 1, 0]), criticTarget: critic([1, 1, 0]) };
  const { loss, outputs } = criticLoss(partsOf({ preset: 'ddpg' }))(single, inputs);
  const target = 10 + 0.9 * (1 + Math.tanh(0.5));
  close(t, outputs!['target']!, [target, 20]);
  close(t, loss, [((0.75 - target) ** 2 + 0.5 * 400) / 2]);
});

test("Huber's loss is squared near 0 and linear beyond 1", (t) => {
  const single = { ...groups, critic: critic([0, 0, 0]), criticTarget: critic([0, 0, 0]) };
  const parts = partsOf({ preset: 'ddpg', loss: 'huber' });
  const { loss } = criticLoss(parts)(single, { ...inputs, reward: column(0.5, -3), weight: column(1, 1) });
  close(t, loss, [(0.125 + 2.5) / 2]);
});

test('the actor climbs the first critic at its own action, whatever the weights of the batch', (t) => {
  const { loss } = actorLoss(partsOf({ preset: 'td3' }))(groups, inputs);
  close(t, loss, [-(0.5 + Math.tanh(0.5) - 1 + Math.tanh(-1)) / 2]);
});

test("the batch's actions come in the environment's units", (t) => {
  const single = { ...groups, critic: critic([0, 1, 0]), criticTarget: critic([0, 0, 0]) };
  const { outputs } = criticLoss(partsOf({ preset: 'ddpg' }, 4))(single, { ...inputs, action: column(2, -4) });
  close(t, outputs!['q0']!, [0.5, -1]);
});

test('sequences: the mask says which steps count, and what follows a step is the next observation', (t) => {
  const options: AgentOptions = {
    preset: 'ddpg',
    batchSize: 1,
    sequenceLength: 3,
    // The actor remembers, the critic does not: its figures can be worked out.
    actorEncoder: { kind: 'recurrent', hiddenSize: 1, previousAction: false },
  };
  const parts = partsOf(options);
  const recurrent = {
    'encoder.recurrent.input.weight': tf.zeros([3, 1]),
    'encoder.recurrent.input.bias': tf.zeros([3]),
    'encoder.recurrent.hidden.weight': tf.zeros([3, 1]),
    'encoder.recurrent.hidden.bias': tf.zeros([1]),
  };
  const sequenceGroups = {
    actor: { ...recurrent, ...actor(1, 0.5) },
    actorTarget: { ...recurrent, ...actor(1, 0.5) },
    critic: critic([1, 0, 0]),
    criticTarget: critic([1, 1, 0]),
  };
  const sequence = {
    state: column(1, 2, 3, 4),
    action: column(0, 0, 0),
    reward: column(0, 0, 0),
    discount: column(0.5, 0.5, 0),
    mask: column(0, 1, 1),
  };
  const { loss, outputs } = criticLoss(parts)(sequenceGroups, sequence);
  const policy = Math.tanh(0.5);
  const target = [0.5 * (2 + policy), 0.5 * (3 + policy), 0];
  close(t, outputs!['target']!, target);
  close(t, outputs!['q0']!, [1, 2, 3]);
  close(t, loss, [((2 - target[1]!) ** 2 + 9) / 2]);
  close(t, actorLoss(parts)(sequenceGroups, sequence).loss, [-2.5]);
  close(t, actorLoss(parts)(sequenceGroups, { ...sequence, mask: column(0, 0, 0) }).loss, [0]);
});

test('TD3+BC: the value counts by α over the mean |Q| of the batch, the distance to its actions beside it', (t) => {
  const { loss } = actorLoss(partsOf({ preset: 'td3', behaviourCloningAlpha: 2.5 }))(groups, inputs);
  // The first critic is s + a. Of the batch's actions: 0.75 and 0; of the actor's: 0.5 + tanh 0.5 and -1 + tanh -1.
  const actions = [Math.tanh(0.5), Math.tanh(-1)];
  const value = (0.5 + actions[0]! - 1 + actions[1]!) / 2;
  const distance = ((actions[0]! - 0.25) ** 2 + (actions[1]! - 1) ** 2) / 2;
  close(t, loss, [distance - (2.5 / 0.375) * value]);
});

test('TD3+BC: the distance is measured in standard deviations of the dataset, where these are known', (t) => {
  const worthless = { ...groups, critic: critic([0, 0, 0], [0, 0, 0]) };
  const parts = { ...partsOf({ preset: 'td3', behaviourCloningAlpha: 2.5 }), deviations: [0.5] };
  const distance = ((Math.tanh(0.5) - 0.25) ** 2 + (Math.tanh(-1) - 1) ** 2) / 2;
  close(t, actorLoss(parts)(worthless, inputs).loss, [distance / 0.5 ** 2]);
  // What never moves is not measured without end.
  close(t, actorLoss({ ...parts, deviations: [0] })(worthless, inputs).loss, [distance / 0.01 ** 2]);
});

test('TD3+BC: where nothing has a value yet, the actor clones', (t) => {
  const worthless = { ...groups, critic: critic([0, 0, 0], [0, 0, 0]) };
  const { loss } = actorLoss(partsOf({ preset: 'td3', behaviourCloningAlpha: 2.5 }))(worthless, inputs);
  close(t, loss, [((Math.tanh(0.5) - 0.25) ** 2 + (Math.tanh(-1) - 1) ** 2) / 2]);
});

test('the penalty is the mean square of what the action is the tanh of', (t) => {
  const of = (preActivationPenalty: number) =>
    actorLoss(partsOf({ preset: 'td3', preActivationPenalty }))(groups, inputs).loss.dataSync()[0]!;
  t.true(Math.abs(of(0.5) - of(0) - (0.5 * (0.5 ** 2 + 1)) / 2) < 1e-6);
});
