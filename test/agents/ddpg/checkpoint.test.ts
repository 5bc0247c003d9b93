import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { type AgentOptions, createDdpgAgent, type LearningAgent } from '../../../src/agents/index.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { InvalidFileError } from '../../../src/core/errors.ts';
import type { Random } from '../../../src/core/random.ts';
import { engines } from '../engines.ts';
import { drawObservation, fillBatch, numbers, observationSpace, seeded, smallFilters } from '../support.ts';

const kinds: Readonly<Record<string, AgentOptions>> = {
  td3: { preset: 'td3' },
  'Ornstein–Uhlenbeck': { preset: 'paper', actionNoise: { kind: 'ornstein-uhlenbeck' } },
  'shared convolutions': { preset: 'fast', encoder: { kind: 'conv', filters: smallFilters }, shareEncoder: true },
  recurrent: { encoder: { kind: 'recurrent', cell: 'lstm', hiddenSize: 3 }, sequenceLength: 3 },
};

const temporary = () => fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-agent-'));

function createAgent(engine: Engine, options: AgentOptions, seed: number): Promise<LearningAgent> {
  return createDdpgAgent({
    engine,
    observationSpace,
    actionSpace: numbers(2, -2, 2),
    options: { netArch: [4], batchSize: 3, ...options },
    seed,
  });
}

/** Steps and updates in turn; whatever is random comes out in the actions and the figures. */
async function live(agent: LearningAgent, random: Random, rounds: number): Promise<unknown[]> {
  const batch = agent.createBatch();
  const seen: unknown[] = [];
  for (let round = 0; round < rounds; round++) {
    seen.push(await agent.act(drawObservation(random), { explore: true }));
    seen.push(await agent.learn(fillBatch(batch, random)));
  }
  return seen;
}

for (const { name, create } of engines) {
  for (const [kind, options] of Object.entries(kinds)) {
    test(`${name}, ${kind}: a run that is taken up again goes on to the bit`, async (t) => {
      const engine = await create();
      const folder = temporary();
      t.teardown(() => fs.rmSync(folder, { recursive: true }));
      const folders = { own: path.join(folder, 'own'), shared: path.join(folder, 'shared') };
      fs.mkdirSync(folders.own);
      const agent = await createAgent(engine, options, 1);
      agent.reset();
      const random = seeded(9);
      await live(agent, random, 3);
      t.deepEqual(await agent.saveCheckpoint(folders), []);
      const { state } = random;
      const expected = await live(agent, random, 3);
      const other = await createAgent(engine, options, 2);
      await other.loadCheckpoint(folders);
      random.state = state;
      t.is(other.updates, 3);
      t.deepEqual(await live(other, random, 3), expected);
      await agent.dispose();
      await other.dispose();
    });
  }
}

test('a checkpoint that is damaged or another agent’s is refused, and changes nothing', async (t) => {
  const engine = await engines[0]!.create();
  const folder = temporary();
  t.teardown(() => fs.rmSync(folder, { recursive: true }));
  const folders = { own: folder, shared: folder };
  const agent = await createAgent(engine, { preset: 'td3' }, 1);
  await live(agent, seeded(1), 2);
  await agent.saveCheckpoint(folders);
  const other = await createAgent(engine, { preset: 'td3' }, 2);
  const observation = drawObservation(seeded(3));
  const before = await other.act(observation);
  const refused = async (message: RegExp, loading = other) => {
    await t.throwsAsync(loading.loadCheckpoint(folders), { instanceOf: InvalidFileError, message });
    t.is(loading.updates, 0);
  };
  const wider = await createAgent(engine, { preset: 'td3', netArch: [5] }, 1);
  await refused(/of shape \[5,3\].*got \[4,3\]/, wider);
  const ddpg = await createAgent(engine, { preset: 'ddpg' }, 1);
  await refused(/tensors of this agent|at most/, ddpg);
  const recurrent = await createAgent(engine, kinds['recurrent']!, 1);
  await refused(/its noise and memory/, recurrent);

  const weights = path.join(folder, 'agent.safetensors');
  const bytes = fs.readFileSync(weights);
  const flipped = Buffer.from(bytes);
  flipped[bytes.length - 3]! ^= 1;
  fs.writeFileSync(weights, flipped);
  await refused(/checksum/);
  fs.writeFileSync(weights, bytes.subarray(0, -4));
  await refused(/checksum/);
  fs.rmSync(weights);
  await refused(/agent\.safetensors, got ENOENT/);
  fs.writeFileSync(weights, bytes);
  const state = fs.readFileSync(path.join(folder, 'agent.json'), 'utf8');
  fs.writeFileSync(path.join(folder, 'agent.json'), state.replace('"updates": 2', '"updates": -2'));
  await refused(/agent\.json/);
  t.deepEqual(await other.act(observation), before);
  fs.writeFileSync(path.join(folder, 'agent.json'), state);
  await other.loadCheckpoint(folders);
  t.deepEqual(await other.act(observation), await agent.act(observation));
  for (const one of [agent, other, wider, ddpg, recurrent]) await one.dispose();
});
