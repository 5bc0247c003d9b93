import test from 'ava';
import { ActionBalance } from '../../../src/agents/index.ts';

const range = { entry: 1, low: -1, high: 1 };
const repeat = (value: number, count: number) => new Array<number>(count).fill(value);
const weigh = (balance: ActionBalance, value: number) => balance.weightOf(Float32Array.of(9, 9, 0, value), 2);

test('what is rare weighs more, and the whole dataset weighs 1 on average', (t) => {
  const values = [...repeat(0, 900), ...repeat(0.7, 90), ...repeat(-0.7, 10)];
  const balance = new ActionBalance(values, range);
  t.true(weigh(balance, -0.7) > weigh(balance, 0.7));
  t.true(weigh(balance, 0.7) > weigh(balance, 0));
  const mean = values.reduce((sum, value) => sum + weigh(balance, value), 0) / values.length;
  t.true(Math.abs(mean - 1) < 1e-9, String(mean));
  // √ of how much rarer it is: 900 against 90.
  t.true(Math.abs(weigh(balance, 0.7) / weigh(balance, 0) - Math.sqrt(10)) < 1e-9);
});

test('strength 0 weighs all alike, 1 each bin alike, and no weight exceeds the largest', (t) => {
  const values = [...repeat(0, 99), 0.7];
  const none = new ActionBalance(values, { ...range, strength: 0 });
  t.is(weigh(none, 0), 1);
  t.is(weigh(none, 0.7), 1);
  const full = new ActionBalance(values, { ...range, strength: 1, largest: 1e6 });
  t.true(Math.abs(weigh(full, 0.7) / weigh(full, 0) - 99) < 1e-9);
  const cut = new ActionBalance(values, { ...range, strength: 1, largest: 2 });
  t.true(Math.abs(weigh(cut, 0.7) / weigh(cut, 0) - 2 / (100 / (21 * 99))) < 1e-9);
});

test('what lies beyond the range, or was never seen, has a weight too', (t) => {
  const balance = new ActionBalance([0, 0, 1], range);
  t.is(weigh(balance, 5), weigh(balance, 1));
  t.true(Number.isFinite(weigh(balance, -0.5)));
});

test('nothing cannot be balanced', (t) => {
  t.throws(() => new ActionBalance([], range), { code: 'ERR_INVALID_ARGUMENT' });
});
