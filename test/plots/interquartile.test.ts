import test from 'ava';
import { bootstrapInterval, interquartileMean, summarizeCurves } from '../../src/plots/index.ts';

test('the interquartile mean is that of the middle half; values at its edges count by their share', (t) => {
  t.is(interquartileMean([8, 1, 7, 2, 6, 3, 5, 4]), 4.5);
  // A quarter of five is 1.25: (0.75 × 1 + 2 + 0.75 × 3) / 2.5.
  t.is(interquartileMean([100, 3, 2, 1, 0]), 2);
  t.is(interquartileMean([7]), 7);
  t.is(interquartileMean([-1e9, 5, 5, 1e9]), 5);
});

test('the interval is the same each time, holds the mean, and grows with the spread', (t) => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const [low, high] = bootstrapInterval(values);
  t.deepEqual(bootstrapInterval(values), [low, high]);
  t.true(low > 1 && low < 5.5 && high > 5.5 && high < 10);
  const [wideLow, wideHigh] = bootstrapInterval(values.map((value) => 10 * value));
  t.is(wideLow, 10 * low);
  t.is(wideHigh, 10 * high);
  t.deepEqual(bootstrapInterval([3, 3, 3]), [3, 3]);
});

test('curves are summarised at the steps that all of them have', (t) => {
  const curve = (seed: number, ...values: number[]) => ({
    seed,
    points: values.map((value, i) => ({ step: 100 * (i + 1), value })),
  });
  const summary = summarizeCurves([curve(0, 1, 2, 3, 9), curve(1, 3, 4, 5), curve(2, 2, 3, 4, 9)]);
  t.deepEqual(
    summary.map(({ step, interquartileMean: mean }) => [step, mean]),
    [
      [100, 2],
      [200, 3],
      [300, 4],
    ],
  );
  t.true(summary.every(({ low, high }, i) => low === i + 1 && high === i + 3));
  t.deepEqual(summarizeCurves([]), []);
});
