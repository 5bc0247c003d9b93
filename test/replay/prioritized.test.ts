import test from 'ava';
import fc from 'fast-check';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer, type PrioritizedOptions } from '../../src/replay/index.ts';
import { SumTree } from '../../src/replay/sum-tree.ts';
import { ACTION, STATE, transitionBatch, World } from './world.ts';

const shape = { state: STATE, action: ACTION, gamma: 0.5 } as const;

/** A buffer of transitions 0 to 9, each drawn once at least, with priority number + 1 less ε. */
function ranked(prioritized: PrioritizedOptions, capacity = 10, transitions = 10) {
  const world = new World(new Random(1), 1, false);
  const buffer = createReplayBuffer({ ...shape, capacity, prioritized: { epsilon: 0.5, ...prioritized } });
  world.start([buffer]);
  for (let i = 0; i < transitions; i++) world.add([buffer]);
  const batch = transitionBatch(200, { pixels: false });
  buffer.sample(batch, new Random(2));
  buffer.updatePriorities!(
    batch,
    Float32Array.from({ length: 200 }, (_, row) => batch.action[row * ACTION]! + 0.5),
  );
  return { buffer, batch, world };
}

const numberOf = (batch: { action: Float32Array }, row: number) => batch.action[row * ACTION]!;

test('transitions are drawn in proportion to priority ^ α', (t) => {
  for (const alpha of [0, 0.6, 1]) {
    const { buffer } = ranked({ alpha });
    const draws = 20_000;
    // Batches of one: rows of larger ones are drawn from strata, and spread less than chance.
    const batch = transitionBatch(1, { pixels: false });
    const random = new Random(5);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < draws; i++) {
      buffer.sample(batch, random);
      counts[numberOf(batch, 0)]!++;
    }
    const powers = counts.map((_, number) => (number + 1) ** alpha);
    const total = powers.reduce((sum, power) => sum + power, 0);
    const chiSquare = counts.reduce((sum, count, i) => {
      const expected = (draws * powers[i]!) / total;
      return sum + (count - expected) ** 2 / expected;
    }, 0);
    t.true(chiSquare < 21.67, `99 % of chance lies below 21.67 with 9 degrees of freedom, got ${chiSquare}`);
  }
});

test('a batch is drawn from equal strata of the sum', (t) => {
  const { buffer } = ranked({ alpha: 1 });
  const batch = transitionBatch(55, { pixels: false });
  buffer.sample(batch, new Random(3));
  const counts = new Array<number>(10).fill(0);
  for (let row = 0; row < 55; row++) counts[numberOf(batch, row)]!++;
  t.deepEqual(counts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('weights make up for the probabilities by β, the largest of a batch being 1', (t) => {
  const { buffer } = ranked({ alpha: 0.5, beta: 0.7 });
  const batch = transitionBatch(55, { pixels: false });
  buffer.sample(batch, new Random(3));
  const total = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].reduce((sum, priority) => sum + priority ** 0.5, 0);
  const weights = Array.from({ length: 55 }, (_, row) => {
    const probability = (numberOf(batch, row) + 1) ** 0.5 / total;
    return (10 * probability) ** -0.7;
  });
  const largest = Math.max(...weights);
  weights.forEach((weight, row) => {
    t.true(Math.abs(batch.weight[row]! - weight / largest) < 1e-6);
  });
});

test('β follows its schedule, one step a batch', (t) => {
  const { buffer } = ranked({ alpha: 1, beta: { initial: 0, final: 1, batches: 4 } });
  const random = new Random(4);
  const batch = transitionBatch(50, { pixels: false });
  // The first batch of the five was drawn while priorities were set.
  for (const beta of [0.25, 0.5, 0.75, 1, 1]) {
    buffer.sample(batch, random);
    const numbers = Array.from({ length: 50 }, (_, row) => numberOf(batch, row));
    const least = Math.min(...numbers);
    const expected = ((least + 1) / 10) ** beta;
    const weight = batch.weight[numbers.indexOf(9)]!;
    t.true(Math.abs(weight - expected) < 1e-6, `${weight} is ${expected} with β ${beta}`);
  }
});

test('a new transition has the largest priority so far', (t) => {
  const { buffer, world } = ranked({ alpha: 1 }, 20);
  world.add([buffer]);
  const batch = transitionBatch(65, { pixels: false });
  buffer.sample(batch, new Random(3));
  const rows = Array.from({ length: 65 }, (_, row) => numberOf(batch, row));
  t.is(rows.filter((number) => number === 10).length, 10, 'as many as of the one with priority 10');
});

test('new priorities of what was overwritten meanwhile go nowhere', (t) => {
  const { buffer, batch, world } = ranked({ alpha: 1 });
  for (let i = 0; i < 10; i++) world.add([buffer]);
  buffer.updatePriorities!(
    batch,
    batch.reward.map((_, row) => row * 1e6),
  );
  const after = transitionBatch(100, { pixels: false });
  buffer.sample(after, new Random(3));
  t.true(after.weight.every((weight) => weight === 1));
});

test('priorities that are not finite, of another length or another batch are refused, and nothing changes', (t) => {
  const { buffer, batch } = ranked({ alpha: 1 });
  const sampled = () => {
    const another = transitionBatch(50, { pixels: false });
    buffer.sample(another, new Random(3));
    return another;
  };
  const before = sampled();
  const priorities = new Float32Array(200).fill(3);
  priorities[150] = Number.NaN;
  t.throws(() => buffer.updatePriorities!(batch, priorities), { code: 'ERR_NOT_FINITE', message: /priorities\[150\]/ });
  t.throws(() => buffer.updatePriorities!(batch, priorities.subarray(1)), { code: 'ERR_INVALID_ARGUMENT' });
  const stranger = transitionBatch(200, { pixels: false });
  t.throws(() => buffer.updatePriorities!(stranger, new Float32Array(200)), { code: 'ERR_INVALID_ARGUMENT' });
  t.deepEqual(sampled(), before);
});

test('without `prioritized` there are no priorities to update', (t) => {
  const buffer = createReplayBuffer({ ...shape, capacity: 5 });
  t.is(buffer.updatePriorities, undefined);
});

test('a sum tree finds what a running sum finds, and follows from its leaves', (t) => {
  const leaves = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(leaves, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (values, share) => {
      const tree = new SumTree(values.length);
      values.forEach((value, leaf) => {
        tree.set(leaf, 9 - value);
        tree.set(leaf, value);
      });
      const total = values.reduce((sum, value) => sum + value, 0);
      t.is(tree.total, total);
      const whole = new SumTree(values.length);
      whole.setAll(Float64Array.from(values));
      t.is(whole.total, total);
      if (total === 0) return;
      let sum = 0;
      const expected = values.findIndex((value) => {
        sum += value;
        return share * total < sum;
      });
      t.is(tree.find(share * total), expected);
      t.is(whole.find(share * total), expected);
    }),
    { seed: 1 },
  );
});

test('a sum tree never finds a leaf of 0, however the target was rounded', (t) => {
  const tree = new SumTree(5);
  tree.set(1, 0.1);
  tree.set(2, 0.2);
  for (const target of [0, 0.1, tree.total, tree.total * 2]) t.true([1, 2].includes(tree.find(target)));
});
