import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { type AgentOptions, createDdpgAgent, type LearningAgent } from '../../../src/agents/index.ts';
import { engines } from '../engines.ts';
import { drawObservation, fillBatch, numbers, observationSpace, seeded } from '../support.ts';

const remembering = {
  encoder: { kind: 'recurrent', hiddenSize: 4 },
  netArch: [4],
  batchSize: 2,
  sequenceLength: 4,
  actionNoise: { kind: 'ornstein-uhlenbeck' },
} satisfies AgentOptions;

for (const { name, create } of engines) {
  const agentOf = async (): Promise<LearningAgent> =>
    createDdpgAgent({
      engine: await create(),
      observationSpace,
      actionSpace: numbers(2),
      options: remembering,
      seed: 3,
    });

  /** Lets environments take turns for some steps; returns the actions of each. */
  async function takeTurns(agent: LearningAgent, sources: readonly number[], steps: number, explore = false) {
    const random = sources.map((source) => seeded(source));
    const actions: Float32Array[][] = sources.map(() => []);
    for (let step = 0; step < steps; step++) {
      for (const [i, source] of sources.entries()) {
        actions[i]!.push(await agent.act(drawObservation(random[i]!), { explore, source }));
      }
    }
    return actions;
  }

  test(`${name}: each environment has a memory of its own`, async (t) => {
    const agent = await agentOf();
    const together = await takeTurns(agent, [0, 1, 2], 5);
    for (const source of [0, 1, 2]) {
      agent.reset(source);
      t.deepEqual((await takeTurns(agent, [source], 5))[0], together[source]);
    }
    await agent.dispose();
  });

  test(`${name}: an episode's start in one environment is none in another`, async (t) => {
    const agent = await agentOf();
    const [whole] = await takeTurns(agent, [0], 6);
    agent.reset(0);
    const random = seeded(0);
    const disturbed = [];
    for (let step = 0; step < 6; step++) {
      disturbed.push(await agent.act(drawObservation(random), { source: 0 }));
      agent.reset(1);
      await agent.act(drawObservation(seeded(9)), { source: 1 });
    }
    t.deepEqual(disturbed, whole);
    await agent.dispose();
  });

  test(`${name}: a checkpoint keeps what every environment's memory and noise were`, async (t) => {
    const agent = await agentOf();
    await takeTurns(agent, [0, 1, 2], 3, true);
    const own = fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-agent-'));
    t.teardown(() => fs.rmSync(own, { recursive: true }));
    await agent.saveCheckpoint({ own, shared: own });
    const expected = await takeTurns(agent, [2, 0, 1], 3, true);
    const other = await agentOf();
    await takeTurns(other, [1], 2, true);
    await other.loadCheckpoint({ own, shared: own });
    t.deepEqual(await takeTurns(other, [2, 0, 1], 3, true), expected);
    await agent.dispose();
    await other.dispose();
  });

  test(`${name}: the live policy follows the weights, and disturbs no episode`, async (t) => {
    const agent = await agentOf();
    const policy = await agent.createPolicy();
    const observe = () => drawObservation(seeded(5));
    const before = await policy.act(observe());
    t.deepEqual(before, await agent.act(observe()), 'both begin without memories');
    policy.reset();
    t.deepEqual(await policy.act(observe()), before);
    t.notDeepEqual(await policy.act(observe()), before, 'it remembers');
    const reference = await agentOf();
    await reference.act(observe());
    t.deepEqual(await agent.act(observe()), await reference.act(observe()), "the agent's own memory is as it was");
    for (let update = 0; update < 2; update++) await agent.learn(fillBatch(agent.createBatch(), seeded(update)));
    policy.reset();
    t.notDeepEqual(await policy.act(observe()), before);
    await policy.dispose();
    await agent.dispose();
    await reference.dispose();
  });
}
