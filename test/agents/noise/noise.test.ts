import test from 'ava';
import { GaussianNoise, OrnsteinUhlenbeckNoise } from '../../../src/agents/index.ts';
import { seeded } from '../support.ts';

const spread = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};
const near = (value: number, expected: number, tolerance: number) => Math.abs(value - expected) < tolerance * expected;

test('Gaussian noise has its standard deviation, and follows its line over steps', (t) => {
  const noise = new GaussianNoise({ size: 2, random: seeded(1) }, { from: 1, to: 0.2, over: 100 });
  const at = (step: number) => spread(Array.from({ length: 4000 }, () => [...noise.sample(step)]).flat());
  t.true(near(at(0), 1, 0.04));
  t.true(near(at(50), 0.6, 0.04));
  t.true(near(at(100), 0.2, 0.04));
  t.true(near(at(1e6), 0.2, 0.04));
});

test('Ornstein–Uhlenbeck noise wanders with the spread that its parameters give', (t) => {
  const theta = 0.15;
  const noise = new OrnsteinUhlenbeckNoise({ size: 1, random: seeded(2) }, { theta, sigma: 0.2, dt: 1 });
  const values = Array.from({ length: 40_000 }, () => noise.sample(0)[0]!);
  // x' = (1 - θ) x + σ ε: its variance is σ² / (1 - (1 - θ)²), and neighbours correlate by 1 - θ.
  t.true(near(spread(values), 0.2 / Math.sqrt(1 - (1 - theta) ** 2), 0.05));
  const products = values.slice(1).map((value, i) => value * values[i]!);
  const correlation = products.reduce((sum, value) => sum + value, 0) / products.length / spread(values) ** 2;
  t.true(near(correlation, 1 - theta, 0.03), String(correlation));
});

test('Ornstein–Uhlenbeck noise is drawn back by θ dt, and starts at 0 in each episode', (t) => {
  const noise = new OrnsteinUhlenbeckNoise({ size: 1, random: seeded(3) }, { theta: 0.5, sigma: 0, dt: 0.1 });
  noise.state = { ...noise.state, values: [1] };
  t.true(Math.abs(noise.sample(0)[0]! - 0.95) < 1e-12);
  noise.reset();
  t.is(noise.sample(0)[0], 0);
});

test('a noise takes one strength for each entry of the action, and says so when one is missing', (t) => {
  for (const noise of [
    new GaussianNoise({ size: 2, random: seeded(5) }, [0, { from: 1, to: 0.5, over: 10 }]),
    new OrnsteinUhlenbeckNoise(
      { size: 2, random: seeded(5) },
      { theta: 1, sigma: [0, { from: 1, to: 0.5, over: 10 }], dt: 1 },
    ),
  ]) {
    const samples = Array.from({ length: 4000 }, () => noise.sample(10));
    t.true(samples.every(([first]) => first === 0));
    t.true(near(spread(samples.map(([, second]) => second!)), 0.5, 0.05));
  }
  t.throws(() => new GaussianNoise({ size: 2, random: seeded(5) }, [0.1]), { message: /2 entries, got 1/ });
});

test('noise goes on where its state was taken', (t) => {
  for (const create of [
    () => new GaussianNoise({ size: 3, random: seeded(4) }, 0.5),
    () => new OrnsteinUhlenbeckNoise({ size: 3, random: seeded(4) }, { theta: 0.1, sigma: 0.3, dt: 1 }),
  ]) {
    const noise = create();
    noise.sample(0);
    const state = JSON.parse(JSON.stringify(noise.state)) as typeof noise.state;
    const expected = [noise.sample(1), noise.sample(2)];
    const again = create();
    again.state = state;
    t.deepEqual([again.sample(1), again.sample(2)], expected);
  }
});
