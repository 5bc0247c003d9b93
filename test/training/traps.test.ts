import test from 'ava';
import type { Policy } from '../../src/core/policy.ts';
import { evaluate } from '../../src/training/index.ts';
import { makeChaotic } from './support/chaotic-environment.ts';
import { FakeAgent } from './support/fake-agent.ts';
import { fakeRun, progressOf, temporaryFolder } from './support/run.ts';

/** Figures by which a learner that fools its curve is seen in the logs. */

const figuresOf = async (act: (step: number) => number) => {
  let step = 0;
  const policy: Policy = { name: 'test', act: () => Float32Array.of(act(step++)) };
  const evaluation = await evaluate({ environment: makeChaotic(), policy, episodes: 4, seed: 3 });
  return evaluation!.actions['0']!;
};

test('actions that are stuck at a bound are counted', async (t) => {
  t.like(await figuresOf(() => -1), { mean: -1, min: -1, max: -1, atBounds: 1 });
  t.is((await figuresOf((step) => (step % 2 === 0 ? 0.985 : 0.5))).atBounds > 0.4, true, 'within 1 % of the range');
  t.is((await figuresOf(() => 0.97)).atBounds, 0);
});

test('one that never brakes is seen by its least action', async (t) => {
  const never = await figuresOf((step) => (step % 5) / 10);
  t.like(never, { min: 0 });
  t.true(Math.abs(never.max - 0.4) < 1e-6 && never.mean > 0.1 && never.mean < 0.3);
  t.true((await figuresOf((step) => (step === 7 ? -0.5 : 0.5))).min < 0);
});

test('a run logs these figures with each evaluation, without noise', async (t) => {
  const explored: (boolean | undefined)[] = [];
  const agent = new FakeAgent();
  const evaluationPolicy = (): Policy => ({
    name: 'asked',
    act: (_observation, options) => {
      explored.push(options?.explore);
      return Float32Array.of(0.25);
    },
  });
  const folder = temporaryFolder();
  await fakeRun({ folder, fakeAgent: agent, evaluationPolicy, training: { totalTimesteps: 100 } });
  t.true(explored.length > 20 && explored.every((explore) => explore === false));
  const logged = progressOf(folder).map((line) => JSON.parse(line) as Record<string, number>);
  const evaluated = logged.filter((line) => 'eval/mean_reward' in line);
  t.is(evaluated.length, 1);
  t.like(evaluated[0]!, { 'eval/action_mean/0': 0.25, 'eval/action_min/0': 0.25, 'eval/action_at_bounds/0': 0 });
});
