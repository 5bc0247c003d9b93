import test from 'ava';
import { RandomPolicy } from '../../src/agents/index.ts';
import type { Box } from '../../src/core/environment.ts';
import { Random } from '../../src/core/random.ts';

const space: Box = { shape: [3], low: [-1, 0, 5], high: [1, 1, 6], dtype: 'float32' };

test('draws fresh actions from the whole space, the same for the same seed', (t) => {
  const policy = new RandomPolicy(space, new Random(1));
  const again = new RandomPolicy(space, new Random(1));
  const drawn = Array.from({ length: 500 }, () => policy.act());
  t.deepEqual(drawn[0], again.act());
  t.not(drawn[0], drawn[1]);
  [
    [-1, 1],
    [0, 1],
    [5, 6],
  ].forEach(([low, high], i) => {
    const values = drawn.map((action) => action[i]!);
    const span = high! - low!;
    t.true(Math.min(...values) >= low! && Math.max(...values) <= high!);
    t.true(Math.min(...values) < low! + 0.05 * span && Math.max(...values) > high! - 0.05 * span);
  });
});
