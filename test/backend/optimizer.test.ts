import { readFileSync } from 'node:fs';
import test from 'ava';
import { buildOptimizerModule, modulePath } from '../../scripts/build-optimizer.ts';
import { SharedMemory } from '../../src/backend/compiled/memory.ts';
import { Optimizer } from '../../src/backend/optimizer/optimizer.ts';
import { Random } from '../../src/core/random.ts';

const LENGTH = 16;

function fillNormal(numbers: Float32Array, random: Random): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = random.normal();
}

function placed() {
  const memory = new SharedMemory(1 << 16);
  const vector = () => {
    const begin = memory.allocate(4 * LENGTH);
    return { begin, numbers: memory.numbers(begin, LENGTH) };
  };
  const vectors = { weights: vector(), gradient: vector(), first: vector(), second: vector(), target: vector() };
  const random = new Random(3);
  for (const { numbers } of [vectors.weights, vectors.gradient]) fillNormal(numbers, random);
  vectors.target.numbers.set(vectors.weights.numbers);
  const place = {
    weights: vectors.weights.begin,
    gradient: vectors.gradient.begin,
    firstMoment: vectors.first.begin,
    secondMoment: vectors.second.begin,
    length: LENGTH,
  };
  return { optimizer: new Optimizer(memory.memory), place, vectors, random };
}

test('the WebAssembly module is the one that its source gives', async (t) => {
  t.is(readFileSync(modulePath, 'utf8'), await buildOptimizerModule());
});

test('Adam with weight decay, scaled gradients and a target follows the formulas in double precision', (t) => {
  const { optimizer, place, vectors, random } = placed();
  const options = { learningRate: 0.01, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.1 };
  const weights = Array.from(vectors.weights.numbers);
  const target = [...weights];
  const first = weights.map(() => 0);
  const second = weights.map(() => 0);
  for (let step = 1; step <= 50; step++) {
    fillNormal(vectors.gradient.numbers, random);
    const call = { options, learningRate: 0.01, step, gradientScale: 0.5 };
    optimizer.adam(place, { ...call, target: { weights: vectors.target.begin, tau: 0.05 } });
    for (let i = 0; i < LENGTH; i++) {
      const gradient = 0.5 * vectors.gradient.numbers[i]! + 0.1 * weights[i]!;
      first[i] = 0.8 * first[i]! + 0.2 * gradient;
      second[i] = 0.99 * second[i]! + 0.01 * gradient ** 2;
      const corrected = { first: first[i]! / (1 - 0.8 ** step), second: second[i]! / (1 - 0.99 ** step) };
      weights[i]! -= (0.01 * corrected.first) / (Math.sqrt(corrected.second) + 1e-6);
      target[i]! += 0.05 * (weights[i]! - target[i]!);
    }
  }
  for (let i = 0; i < LENGTH; i++) {
    t.true(Math.abs(vectors.weights.numbers[i]! - weights[i]!) < 1e-5);
    t.true(Math.abs(vectors.target.numbers[i]! - target[i]!) < 1e-5);
  }
});

test('sum of squares, finite where every number is, addition, and Polyak averaging', (t) => {
  const { optimizer, place, vectors } = placed();
  vectors.gradient.numbers.fill(3);
  t.is(optimizer.sumOfSquares(place.gradient, LENGTH), 144);
  vectors.first.numbers.forEach((_, i, numbers) => {
    numbers[i] = i;
  });
  optimizer.add(place.gradient, place.firstMoment, LENGTH);
  const sums = Array.from({ length: LENGTH }, (_, i) => 3 + i);
  t.deepEqual([...vectors.gradient.numbers], sums);
  vectors.gradient.numbers.fill(3);
  const squares = sums.reduce((sum, value) => sum + value ** 2, 0);
  t.is(optimizer.addAndSquare(place.gradient, place.firstMoment, LENGTH), squares);
  t.deepEqual([...vectors.gradient.numbers], sums);
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (const entry of [0, 6, LENGTH - 1]) {
      vectors.gradient.numbers.fill(3);
      vectors.gradient.numbers[entry] = wrong;
      t.false(Number.isFinite(optimizer.sumOfSquares(place.gradient, LENGTH)), `${wrong} at ${entry}`);
    }
  }
  // The largest of numbers are no infinity yet.
  vectors.gradient.numbers.fill(3.4e38);
  t.true(Number.isFinite(optimizer.sumOfSquares(place.gradient, LENGTH)));
  vectors.target.numbers.fill(1);
  vectors.weights.numbers.fill(5);
  optimizer.polyak(vectors.target.begin, place.weights, LENGTH, 0.25);
  t.deepEqual([...vectors.target.numbers], Array(LENGTH).fill(2));
});
