import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { createEncoder, encoderSchema, initializeGroup } from '../../../src/agents/networks/index.ts';
import type { ParameterGroup } from '../../../src/core/engine.ts';
import { seeded } from '../support.ts';
import { close, tensorsOf } from './tensors.ts';

const HIDDEN = 2;
const encoderOf = (cell: 'gru' | 'lstm', previousAction: boolean) =>
  createEncoder(
    encoderSchema.parse({ kind: 'recurrent', cell, hiddenSize: HIDDEN, previousAction }),
    {
      hidden: { activation: 'relu', layerNorm: false, initialWeights: 'fan-in' },
      stateSize: 3,
      normalizeState: (state) => state,
    },
    1,
  );

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const weightsOf = (group: ParameterGroup) => ({
  input: group['encoder.recurrent.input.weight']!.initial,
  bias: group['encoder.recurrent.input.bias']!.initial,
  hidden: group['encoder.recurrent.hidden.weight']!.initial,
  hiddenBias: group['encoder.recurrent.hidden.bias']?.initial,
});
const row = (matrix: Float32Array, index: number, x: readonly number[]) =>
  x.reduce((sum, value, i) => sum + matrix[index * x.length + i]! * value, 0);

/** PyTorch's equations of `torch.nn.GRU`, number by number. */
function gruStep(group: ParameterGroup, x: readonly number[], h: readonly number[]): number[] {
  const { input, bias, hidden, hiddenBias } = weightsOf(group);
  return h.map((before, i) => {
    const gate = (g: number) => row(input, g * HIDDEN + i, x) + bias[g * HIDDEN + i]!;
    const r = sigmoid(gate(0) + row(hidden, i, h));
    const z = sigmoid(gate(1) + row(hidden, HIDDEN + i, h));
    const n = Math.tanh(gate(2) + r * (row(hidden, 2 * HIDDEN + i, h) + hiddenBias![i]!));
    return (1 - z) * n + z * before;
  });
}

function lstmStep(
  group: ParameterGroup,
  x: readonly number[],
  [h, c]: readonly [readonly number[], readonly number[]],
) {
  const { input, bias, hidden } = weightsOf(group);
  const gate = (g: number, i: number) =>
    row(input, g * HIDDEN + i, x) + bias[g * HIDDEN + i]! + row(hidden, g * HIDDEN + i, h);
  const cell = c.map((before, i) => sigmoid(gate(1, i)) * before + sigmoid(gate(0, i)) * Math.tanh(gate(3, i)));
  return [cell.map((value, i) => sigmoid(gate(2, i)) * Math.tanh(value)), cell] as const;
}

const inputs = [
  [0.3, -0.8, 0.5],
  [-1, 0.2, 0.9],
  [0.7, 0.7, -0.4],
];

test('a GRU computes its equations over a sequence', (t) => {
  const encoder = encoderOf('gru', false);
  const group = initializeGroup(encoder.parameters, seeded(5));
  let h: number[] = [0, 0];
  const expected = inputs.flatMap((x) => {
    h = gruStep(group, x, h);
    return h;
  });
  const { features, memory } = encoder.encode(
    tensorsOf(group),
    { state: tf.tensor2d(inputs), convolved: new Map() },
    { steps: 3 },
  );
  close(t, features, expected);
  close(t, memory[0]!, h);
});

test('an LSTM computes its equations over a sequence', (t) => {
  const encoder = encoderOf('lstm', false);
  const group = initializeGroup(encoder.parameters, seeded(6));
  let memory: readonly [readonly number[], readonly number[]] = [
    [0, 0],
    [0, 0],
  ];
  const expected = inputs.flatMap((x) => {
    memory = lstmStep(group, x, memory);
    return [...memory[0]];
  });
  const encoded = encoder.encode(tensorsOf(group), { state: tf.tensor2d(inputs), convolved: new Map() }, { steps: 3 });
  close(t, encoded.features, expected);
  close(t, encoded.memory[1]!, [...memory[1]]);
});

for (const cell of ['gru', 'lstm'] as const) {
  test(`${cell}: a batch's sequence at once equals one step after the other, actions before included`, (t) => {
    const encoder = encoderOf(cell, true);
    const weights = tensorsOf(initializeGroup(encoder.parameters, seeded(7)));
    // Two rows an instant; the second row's sequence runs backwards.
    const states = tf.tensor2d(inputs.flatMap((x, i) => [x, inputs[2 - i]!]));
    const actions = tf.tensor2d([0, 0, 0.1, 0.2, 0.3, 0.4], [6, 1]);
    const whole = encoder.encode(
      weights,
      { state: states, previousAction: actions, convolved: new Map() },
      { steps: 3 },
    );
    let memory: readonly tf.Tensor[] | undefined;
    const stepped: number[] = [];
    for (let step = 0; step < 3; step++) {
      const observed = {
        state: tf.slice(states, [2 * step, 0], [2, 3]),
        previousAction: tf.slice(actions, [2 * step, 0], [2, 1]),
        convolved: new Map<tf.Tensor, tf.Tensor>(),
      };
      const encoded = encoder.encode(weights, observed, { steps: 1, ...(memory === undefined ? {} : { memory }) });
      memory = encoded.memory;
      stepped.push(...encoded.features.dataSync());
    }
    close(t, whole.features, stepped, 1e-6);
    t.is(encoder.memorySizes.length, cell === 'gru' ? 1 : 2);
  });
}
