import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {
  type AgentOptions,
  CriticEstimate,
  createCloneAgent,
  createDdpgAgent,
  type LearnedPolicy,
  type LearningAgent,
  loadPolicy,
} from '../../../src/agents/index.ts';
import type { Batch } from '../../../src/core/batch.ts';
import type { Engine } from '../../../src/core/engine.ts';
import type { Observation } from '../../../src/core/environment.ts';
import { InvalidArgumentError, NotFiniteError } from '../../../src/core/errors.ts';
import { engines } from '../engines.ts';
import { fillBatch, numbers, observationSpace, seeded, smallFilters } from '../support.ts';

const actionSpace = { ...numbers(2), low: [-2, 0], high: [2, 1], names: ['steer', 'pedals'] };
const conv = { kind: 'conv', filters: smallFilters } as const;
const kinds: Readonly<Record<string, AgentOptions>> = {
  mlp: { preset: 'td3', layerNorm: true, stateNormalization: 'bounds' },
  'one critic': { preset: 'ddpg', actionLayer: 1 },
  conv: { preset: 'td3', encoder: { ...conv, state: true } },
  'shared conv': { preset: 'fast', encoder: { ...conv, trunk: 4 }, shareEncoder: true, randomShift: 0 },
  'critic with state, actor with pixels': { preset: 'td3', actorEncoder: conv, criticEncoder: { kind: 'mlp' } },
};

async function trained(engine: Engine, options: AgentOptions): Promise<LearningAgent> {
  const own = { netArch: [4], batchSize: 1, ...options };
  const agent = await createDdpgAgent({ engine, observationSpace, actionSpace, options: own, seed: 3 });
  const random = seeded(1);
  for (let i = 0; i < 3; i++) await agent.learn(fillBatch(agent.createBatch(), random));
  return agent;
}

async function savedAndLoaded(agent: LearningAgent, engine: Engine): Promise<LearnedPolicy> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-critic-'));
  await agent.save(folder);
  const policy = await loadPolicy(folder, { engine });
  fs.rmSync(folder, { recursive: true });
  return policy;
}

/** One row of a batch, as an environment would give it. */
function observed({ state, pixels }: Batch, row: number): Observation {
  const [height, width, channels] = observationSpace.pixels!.shape as [number, number, number];
  const size = height * width * channels;
  const picture = pixels?.subarray(row * size, (row + 1) * size);
  return {
    state: state?.slice(row * 3, row * 3 + 3) ?? new Float32Array(3),
    pixels: Uint8Array.from({ length: size }, (_, i) => {
      return picture?.[(i % channels) * height * width + Math.floor(i / channels)] ?? 0;
    }),
  };
}

for (const { name, create } of engines) {
  for (const [kind, options] of Object.entries(kinds)) {
    test(`${name}, ${kind}: the estimate is the least of the critics that were saved`, async (t) => {
      const engine = await create();
      const agent = await trained(engine, options);
      const policy = await savedAndLoaded(agent, engine);
      const estimate = await CriticEstimate.create(policy, engine);
      const batch = fillBatch(agent.createBatch(), seeded(5));
      batch.action.set([1.5, 0.25]);
      // Where the task ends, the target is the reward: what each critic says follows from how far it is from it.
      batch.discount.fill(0);
      batch.reward.fill(5);
      const observation = observed(batch, 0);
      const value = await estimate.value(observation, Float32Array.from(batch.action));
      const { metrics, priorities } = await agent.learn(batch);
      const first = metrics['q_mean']!;
      const sum = agent.settings.nCritics * (5 - priorities![0]!);
      const least = agent.settings.nCritics === 1 ? first : Math.min(first, sum - first);
      t.true(Math.abs(value - least) < 1e-5, `${value} beside ${least}`);
      t.not(await estimate.value(observation, Float32Array.of(-1.5, 0.75)), value);
      await estimate.dispose();
      await policy.dispose();
      await agent.dispose();
    });
  }

  test(`${name}, recurrent: the estimate remembers the steps before`, async (t) => {
    const engine = await create();
    const options: AgentOptions = {
      encoder: { kind: 'recurrent', hiddenSize: 3 },
      nCritics: 1,
      sequenceLength: 2,
      burnIn: 0,
    };
    const agent = await trained(engine, options);
    const policy = await savedAndLoaded(agent, engine);
    const estimate = await CriticEstimate.create(policy, engine);
    const batch = fillBatch(agent.createBatch(), seeded(5));
    if (batch.kind !== 'sequences') return t.fail('expected sequences');
    batch.mask.set([0, 1]);
    const asked = async () => {
      const values = [];
      for (const row of [0, 1]) {
        values.push(await estimate.value(observed(batch, row), batch.action.slice(2 * row, 2 * row + 2)));
      }
      return values;
    };
    const values = await asked();
    t.notDeepEqual(await asked(), values);
    estimate.reset();
    t.deepEqual(await asked(), values);
    const { metrics } = await agent.learn(batch);
    t.true(Math.abs(values[1]! - metrics['q_mean']!) < 1e-5, `${values[1]} beside ${metrics['q_mean']}`);
    await estimate.dispose();
    await policy.dispose();
    await agent.dispose();
  });
}

test('a clone has no critic to ask, and an estimate refuses what its critic cannot read', async (t) => {
  const engine = await engines[1]!.create();
  const clone = await createCloneAgent({ engine, observationSpace, actionSpace, options: { netArch: [4] } });
  const cloned = await savedAndLoaded(clone, engine);
  t.is(cloned.critics, undefined);
  await t.throwsAsync(CriticEstimate.create(cloned, engine), {
    instanceOf: InvalidArgumentError,
    message: /saved with its critics, got .* without/,
  });
  const agent = await trained(engine, { preset: 'td3' });
  const policy = await savedAndLoaded(agent, engine);
  const estimate = await CriticEstimate.create(policy, engine);
  const action = new Float32Array(2);
  await t.throwsAsync(estimate.value({ state: new Float32Array(2) }, action), { instanceOf: InvalidArgumentError });
  await t.throwsAsync(estimate.value({ state: Float32Array.of(0, Number.NaN, 0) }, action), {
    instanceOf: NotFiniteError,
    message: /speedX/,
  });
  await estimate.dispose();
  for (const one of [cloned, policy, clone, agent]) await one.dispose();
});
