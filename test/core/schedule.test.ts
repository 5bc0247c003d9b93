import test from 'ava';
import { z } from 'zod';
import { scheduleAt, scheduleSchema } from '../../src/core/schedule.ts';

test('a number stays, a line ends where it says', (t) => {
  t.is(scheduleAt(0.5, 1e9), 0.5);
  const line = { from: 1, to: 0.5, over: 10 };
  t.deepEqual(
    [0, 5, 10, 11].map((count) => scheduleAt(line, count)),
    [1, 0.75, 0.5, 0.5],
  );
});

test('both ends are checked as the value is', (t) => {
  const schema = scheduleSchema(z.number().min(0).max(1));
  t.true(schema.safeParse(0).success);
  t.true(schema.safeParse({ from: 1, to: 0, over: 5 }).success);
  for (const wrong of [2, { from: 1, to: -1, over: 5 }, { from: 1, to: 0, over: 0 }, { from: 1, to: 0, steps: 5 }]) {
    t.false(schema.safeParse(wrong).success);
  }
});
