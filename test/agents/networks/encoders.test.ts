import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { Convolutions } from '../../../src/agents/networks/convolution.ts';
import type { EncoderParts } from '../../../src/agents/networks/feed-forward-encoder.ts';
import { createEncoder, encoderSchema, initializeGroup } from '../../../src/agents/networks/index.ts';
import { stateNormalization } from '../../../src/agents/networks/state-normalization.ts';
import { InvalidArgumentError } from '../../../src/core/errors.ts';
import { numbers, seeded, smallFilters } from '../support.ts';
import { close, tensorsOf } from './tensors.ts';

const parts: EncoderParts = {
  hidden: { activation: 'relu', layerNorm: false, initialWeights: 'fan-in' },
  stateSize: 3,
  normalizeState: (state) => state,
  pictureShape: [16, 16, 2],
};
const create = (options: unknown, of = parts) => createEncoder(encoderSchema.parse(options), of, 2);

test('the presets have the sizes that the papers and the benchmarks know', (t) => {
  const pictureShape = [64, 64, 9] as const;
  t.is(create({ kind: 'conv', filters: 'paper' }, { ...parts, pictureShape }).outputSize, 27 * 27 * 32);
  t.is(create({ kind: 'conv', filters: 'fast' }, { ...parts, pictureShape }).outputSize, 11 * 11 * 32);
  t.deepEqual(
    create({ kind: 'conv', filters: 'paper' }, { ...parts, pictureShape }).parameters.map(({ shape }) => shape),
    [[3, 3, 9, 32], [32], [3, 3, 32, 32], [32], [3, 3, 32, 32], [32]],
  );
});

test('bytes become -0.5 to 0.5 and are convolved channels last, with bias and rectifier', (t) => {
  const layers = [{ filters: 2, size: 2, stride: 1, padding: 'valid' }] as const;
  const convolutions = new Convolutions([2, 2, 2], { layers, normalizePictures: false, initialWeights: 'fan-in' });
  t.is(convolutions.outputSize, 2);
  // The filter's first output adds up channel 0, its second is minus channel 1's top left.
  const filter = tf.tensor4d([1, -0, 0, -1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], [2, 2, 2, 2]);
  const weights = { 'encoder.conv.0.weight': filter, 'encoder.conv.0.bias': tf.tensor1d([0.25, 0]) };
  const pixels = tf.tensor4d([255, 255, 255, 0, 51, 0, 0, 0], [1, 2, 2, 2], 'int32');
  close(t, convolutions.apply(weights, pixels), [0.5 + 0.5 + 0.5 - 0.5 + 0.25, 0.3]);
});

test('normalized, a picture looks the same in any light, each by itself, and a flat one stays flat', (t) => {
  const layers = [{ filters: 1, size: 1, stride: 1, padding: 'valid' }] as const;
  const convolutions = new Convolutions([2, 2, 2], { layers, normalizePictures: true, initialWeights: 'fan-in' });
  // The first channel as it is; a bias that lifts all of it over the rectifier.
  const weights = {
    'encoder.conv.0.weight': tf.tensor4d([1, 0], [1, 1, 2, 1]),
    'encoder.conv.0.bias': tf.tensor1d([5]),
  };
  const dark = [0, 20, 40, 60, 0, 60, 0, 60];
  const pictures = [dark, dark.map((value) => 100 + 2 * value), Array(8).fill(77)];
  const pixels = tf.tensor4d(pictures.flat(), [3, 2, 2, 2], 'int32');
  const seen = [...convolutions.apply(weights, pixels).dataSync()].map((value) => value - 5);
  const mean = 30;
  const deviation = (contrast: number) =>
    Math.sqrt(dark.reduce((sum, value) => sum + (contrast * (value - mean)) ** 2, 0) / 8 / 255 ** 2 + 1e-3) * 255;
  close(t, tf.tensor1d(seen), [
    ...dark.slice(0, 4).map((value) => (value - mean) / deviation(1)),
    ...dark.slice(0, 4).map((value) => (2 * (value - mean)) / deviation(2)),
    ...[0, 0, 0, 0],
  ]);
  // Nearly the same: more so the more contrast there is.
  for (let i = 0; i < 4; i++) t.true(Math.abs(seen[i]! - seen[i + 4]!) < 0.05);
});

test('`same` padding keeps sizes, and pictures that are too small are refused', (t) => {
  const layers = [{ filters: 4, size: 3, stride: 2, padding: 'same' }];
  t.is(create({ kind: 'conv', filters: layers }).outputSize, 8 * 8 * 4);
  const error = t.throws(() => create({ kind: 'conv', filters: 'fast' }, { ...parts, pictureShape: [8, 8, 1] }), {
    instanceOf: InvalidArgumentError,
  });
  t.regex(error.message, /8 × 8 pixels: layer 2 leaves none/);
});

test('a trunk is bounded, and the state is appended behind it', (t) => {
  const encoder = create({ kind: 'conv', filters: smallFilters, trunk: 5, state: true });
  const weights = tensorsOf(initializeGroup(encoder.parameters, seeded(1)));
  const state = tf.tensor2d([7, 8, 9], [1, 3]);
  const pixels = tf.cast(tf.fill([1, 2, 16, 16], 200), 'int32');
  const { features, memory } = encoder.encode(weights, { state, pixels, convolved: new Map() }, { steps: 1 });
  const values = [...features.dataSync()];
  t.is(encoder.outputSize, 8);
  t.deepEqual(values.slice(5), [7, 8, 9]);
  t.true(values.slice(0, 5).every((value) => Math.abs(value) < 1 && value !== 0));
  t.deepEqual(memory, []);
});

test('named entries of the state are appended in their order, and no others', (t) => {
  const named = { ...parts, stateNames: ['angle', 'speedX', 'speedY'] };
  const encoder = create({ kind: 'conv', filters: smallFilters, trunk: 5, state: ['speedY', 'angle'] }, named);
  const weights = tensorsOf(initializeGroup(encoder.parameters, seeded(1)));
  const state = tf.tensor2d([7, 8, 9, 4, 5, 6], [2, 3]);
  const pixels = tf.cast(tf.fill([2, 2, 16, 16], 200), 'int32');
  const { features } = encoder.encode(weights, { state, pixels, convolved: new Map() }, { steps: 1 });
  t.is(encoder.outputSize, 7);
  t.deepEqual([...tf.slice(features, [0, 5], [2, 2]).dataSync()], [9, 7, 6, 4]);
  const wrong = { kind: 'conv', filters: smallFilters, state: ['speedX', 'sped'] };
  const error = t.throws(() => create(wrong, named), { instanceOf: InvalidArgumentError });
  t.regex(error.message, /got sped; there are angle, speedX, speedY/);
  t.throws(() => create(wrong, parts), { message: /there are none/ });
});

test('the same pictures are convolved once for networks that share filters', (t) => {
  const encoder = create({ kind: 'conv', filters: smallFilters });
  const weights = tensorsOf(initializeGroup(encoder.parameters, seeded(1)));
  const observed = { pixels: tf.zeros([1, 2, 16, 16], 'int32'), convolved: new Map<tf.Tensor, tf.Tensor>() };
  const first = encoder.encode(weights, observed, { steps: 1 }).features;
  t.is(encoder.encode(weights, observed, { steps: 1 }).features, first);
  const others = tensorsOf(initializeGroup(encoder.parameters, seeded(2)));
  t.not(encoder.encode(others, observed, { steps: 1 }).features, first);
});

test('a conv encoder without pixels is refused', (t) => {
  const { pictureShape: _, ...blind } = parts;
  t.throws(() => create({ kind: 'conv' }, blind), { instanceOf: InvalidArgumentError, message: /without/ });
});

test('states are normalised by bounds or by fixed numbers', (t) => {
  const state = tf.tensor2d([1, 6], [1, 2]);
  const space = { ...numbers(2), low: [-1, 4], high: [3, 8] };
  close(t, stateNormalization('bounds', space)(state), [0, 0]);
  close(t, stateNormalization({ mean: [0, 5], standardDeviation: [2, 0.5] }, space)(state), [0.5, 2]);
  t.is(stateNormalization('none', space)(state), state);
  t.throws(() => stateNormalization('bounds', { ...space, high: [3, Number.POSITIVE_INFINITY] }), {
    instanceOf: InvalidArgumentError,
    message: /got 4 to Infinity for entry 1/,
  });
  t.throws(() => stateNormalization({ mean: [0], standardDeviation: [1] }, space), {
    instanceOf: InvalidArgumentError,
  });
});
