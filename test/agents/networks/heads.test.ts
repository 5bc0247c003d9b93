import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { DdpgNetworks } from '../../../src/agents/ddpg/networks.ts';
import { resolveAgentOptions } from '../../../src/agents/ddpg/options.ts';
import { ActionScale, initializeGroup } from '../../../src/agents/networks/index.ts';
import { InvalidArgumentError } from '../../../src/core/errors.ts';
import { numbers, observationSpace, seeded, smallFilters } from '../support.ts';
import { close, tensorsOf } from './tensors.ts';

const networksOf = (options: Parameters<typeof resolveAgentOptions>[0]) =>
  new DdpgNetworks(resolveAgentOptions(options), { observationSpace, actionSpace: numbers(2) });

test('the action enters the critic where Stable-Baselines3 and where the paper have it', (t) => {
  const shapes = (options: Parameters<typeof resolveAgentOptions>[0]) =>
    networksOf(options)
      .critic.parameters.filter(({ name }) => name.startsWith('qf0') && name.endsWith('weight'))
      .map(({ shape }) => shape);
  t.deepEqual(shapes({ preset: 'ddpg' }), [
    [400, 3],
    [400, 2],
    [300, 400],
    [1, 300],
  ]);
  t.deepEqual(shapes({ preset: 'paper' }), [
    [400, 3],
    [300, 400],
    [300, 2],
    [1, 300],
  ]);
});

test('a critic without hidden layers is the sum that it should be', (t) => {
  const { critic } = networksOf({ netArch: [], nCritics: 2 });
  const weights = {
    'qf0.0.weight': tf.tensor2d([[1, 2, 3]]),
    'qf0.0.second.weight': tf.tensor2d([[4, 5]]),
    'qf0.0.bias': tf.tensor1d([0.5]),
    'qf1.0.weight': tf.tensor2d([[0, 0, 0]]),
    'qf1.0.second.weight': tf.tensor2d([[0, -1]]),
    'qf1.0.bias': tf.tensor1d([0]),
  };
  const values = critic.values(weights, tf.tensor2d([[1, 1, 1]]), tf.tensor2d([[10, 100]]));
  close(t, values[0]!, [6 + 40 + 500 + 0.5]);
  close(t, values[1]!, [-100]);
});

test("the paper's last layers start small, smaller from pixels", (t) => {
  const last = (options: Parameters<typeof resolveAgentOptions>[0]) => {
    const group = initializeGroup(networksOf(options).actor.parameters, seeded(1));
    return Math.max(...group['mu.2.weight']!.initial.map(Math.abs));
  };
  t.true(last({ preset: 'paper' }) <= 3e-3 && last({ preset: 'paper' }) > 2.9e-3);
  const pixels = { preset: 'paper', encoder: { kind: 'conv', filters: smallFilters } } as const;
  t.true(last(pixels) <= 3e-4 && last(pixels) > 2.9e-4);
});

test('an actor that shares convolutions has none of its own, and finds the critic’s', (t) => {
  const networks = networksOf({
    preset: 'fast',
    encoder: { kind: 'conv', filters: smallFilters, trunk: 4 },
    shareEncoder: true,
  });
  const own = networks.actorParameters.map(({ name }) => name);
  t.false(own.some((name) => name.startsWith('encoder.conv')));
  t.true(own.includes('encoder.trunk.weight'));
  const groups = {
    actor: tensorsOf(initializeGroup(networks.actorParameters, seeded(1))),
    critic: tensorsOf(initializeGroup(networks.critic.parameters, seeded(2))),
  };
  const whole = networks.actorWeights(groups);
  t.deepEqual(Object.keys(whole).sort(), networks.actor.parameters.map(({ name }) => name).sort());
  t.is(whole['encoder.conv.0.weight'], groups.critic['encoder.conv.0.weight']);
  t.is(whole['encoder.trunk.weight'], groups.actor['encoder.trunk.weight']);
  t.deepEqual(networks.policyGroups, ['actor', 'critic']);
});

test('actions are scaled to their bounds and back, each entry by its own', (t) => {
  const scale = new ActionScale({ ...numbers(2), low: [-2, 0], high: [2, 1] });
  close(t, scale.toUnit(tf.tensor2d([[1, 0.75]])), [0.5, 0.5]);
  close(t, scale.toEnvironment(tf.tensor2d([[0.5, 0.5]])), [1, 0.75]);
  t.deepEqual([...scale.valuesToEnvironment(Float32Array.of(-1, 1))], [-2, 1]);
  const symmetric = new ActionScale({ ...numbers(1), low: -2, high: 2 });
  close(t, symmetric.toUnit(tf.tensor2d([[1]])), [0.5]);
});

test('bounds of ± 1 cost nothing', (t) => {
  const action = tf.tensor2d([[0.5]]);
  const scale = new ActionScale(numbers(1));
  t.is(scale.toUnit(action), action);
  t.is(scale.toEnvironment(action), action);
});

test('actions without finite bounds are refused by name', (t) => {
  for (const wrong of [Number.POSITIVE_INFINITY, -1, Number.NaN]) {
    t.throws(() => new ActionScale({ ...numbers(1), high: [wrong], names: ['steer'] }), {
      instanceOf: InvalidArgumentError,
      message: /for steer/,
    });
  }
});
