import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { Dense, HiddenStack } from '../../../src/agents/networks/dense.ts';
import { orthogonal } from '../../../src/agents/networks/initial-weights.ts';
import { initializeGroup } from '../../../src/agents/networks/parameters.ts';
import type { ParameterGroup } from '../../../src/core/engine.ts';
import { seeded } from '../support.ts';
import { close, tensorsOf } from './tensors.ts';

const values = (group: ParameterGroup) => Object.values(group).flatMap(({ initial }) => [...initial]);

test('a dense layer is its kernel, stored [out, in], times the input, plus its bias', (t) => {
  const layer = new Dense({ name: 'd', inputs: 2, outputs: 3, initialWeights: 'fan-in', activation: 'relu' });
  const weights = { 'd.weight': tf.tensor2d([1, 2, 3, 4, -5, -6], [3, 2]), 'd.bias': tf.tensor1d([0.5, -1, 2]) };
  close(t, layer.apply(weights, tf.tensor2d([10, 100], [1, 2])), [210.5, 429, 0]);
});

test('layer norm comes between the product and the activation', (t) => {
  const layer = new Dense({
    name: 'd',
    inputs: 1,
    outputs: 2,
    initialWeights: 'fan-in',
    layerNorm: true,
    activation: 'tanh',
  });
  const weights = {
    'd.weight': tf.tensor2d([1, 3], [2, 1]),
    'd.bias': tf.tensor1d([0, 0]),
    'd.norm.weight': tf.tensor1d([1, 0.5]),
    'd.norm.bias': tf.tensor1d([0, 0.25]),
  };
  // 1 and 3: mean 2, variance 1.
  const root = Math.sqrt(1 + 1e-5);
  close(t, layer.apply(weights, tf.tensor2d([1], [1, 1])), [Math.tanh(-1 / root), Math.tanh(0.5 / root + 0.25)]);
});

test('a stack of no layers gives back what it is given', (t) => {
  const stack = new HiddenStack('s', 7, [], { activation: 'relu', layerNorm: false, initialWeights: 'fan-in' });
  const x = tf.zeros([1, 7]);
  t.is(stack.apply({}, x), x);
  t.is(stack.outputSize, 7);
  t.deepEqual(stack.parameters, []);
});

test('first weights and biases fill ± 1/√inputs, or the range that is given', (t) => {
  const options = { name: 'd', inputs: 100, outputs: 40, initialWeights: 'fan-in' } as const;
  for (const [range, layer] of [
    [0.1, new Dense(options)],
    [3e-3, new Dense({ ...options, range: 3e-3 })],
  ] as const) {
    const drawn = values(initializeGroup(layer.parameters, seeded(1)));
    t.is(drawn.length, 40 * 101);
    t.true(drawn.every((value) => Math.abs(value) <= range * 1.000001));
    t.true(Math.max(...drawn) > 0.98 * range && Math.min(...drawn) < -0.98 * range);
  }
  const again = (seed: number) => values(initializeGroup(new Dense(options).parameters, seeded(seed)));
  t.deepEqual(again(1), again(1));
  t.notDeepEqual(again(1), again(2));
});

test('orthogonal weights are orthonormal times their gain, along the shorter side', (t) => {
  for (const [shape, outputs, axis] of [
    [[3, 8], 3, 'first'],
    [[8, 3], 8, 'first'],
    [[2, 2, 3, 5], 5, 'last'],
  ] as const) {
    const drawn = orthogonal(outputs, 2, axis)(shape, seeded(3));
    const inputs = drawn.length / outputs;
    const at = (output: number, input: number) =>
      axis === 'first' ? drawn[output * inputs + input]! : drawn[input * outputs + output]!;
    const rows = outputs <= inputs;
    const count = Math.min(inputs, outputs);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b < count; b++) {
        let dot = 0;
        for (let i = 0; i < Math.max(inputs, outputs); i++) {
          dot += rows ? at(a, i) * at(b, i) : at(i, a) * at(i, b);
        }
        t.true(Math.abs(dot - (a === b ? 4 : 0)) < 1e-5);
      }
    }
  }
});

test('the weights of a stack are named by layer, and its last layer is what comes out', (t) => {
  const stack = new HiddenStack('s', 3, [4, 5], { activation: 'relu', layerNorm: true, initialWeights: 'orthogonal' });
  const weights = tensorsOf(initializeGroup(stack.parameters, seeded(1)));
  t.deepEqual(
    stack.parameters.map(({ name }) => name),
    [
      's.0.weight',
      's.0.bias',
      's.0.norm.weight',
      's.0.norm.bias',
      's.1.weight',
      's.1.bias',
      's.1.norm.weight',
      's.1.norm.bias',
    ],
  );
  t.deepEqual(stack.apply(weights, tf.ones([2, 3])).shape, [2, 5]);
});
