import test from 'ava';
import { Random } from '../../src/core/index.ts';

test('the same seed gives the same numbers, another seed others', (t) => {
  const draw = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (random) => () =>
          random.uint32()
      )(new Random(seed)),
    );
  t.deepEqual(draw(7), draw(7));
  t.notDeepEqual(draw(7), draw(8));
});

test('a stream depends on seed and purpose, not on what was drawn before', (t) => {
  const used = new Random(7);
  used.uniform();
  t.is(used.stream('noise').uint32(), new Random(7).stream('noise').uint32());
  t.not(used.stream('noise').uint32(), used.stream('track').uint32());
});

test('normal numbers have mean 0 and variance 1', (t) => {
  const random = new Random(1);
  const numbers = Array.from({ length: 100_000 }, () => random.normal());
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  t.true(Math.abs(mean) < 0.02);
  t.true(Math.abs(variance - 1) < 0.02);
});

test('the state restores the stream, the spare normal number included', (t) => {
  const random = new Random(3);
  random.normal();
  const { state } = random;
  const expected = [random.normal(), random.normal(), random.uniform()];
  random.state = state;
  t.deepEqual([random.normal(), random.normal(), random.uniform()], expected);
});

for (const seed of [-1, 1.5, Number.NaN, 2 ** 32]) {
  test(`seed ${seed} is refused`, (t) => {
    t.throws(() => new Random(seed), { code: 'ERR_INVALID_ARGUMENT' });
  });
}
