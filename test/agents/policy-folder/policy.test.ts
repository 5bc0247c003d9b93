import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type AgentOptions, createDdpgAgent, type LearningAgent, loadPolicy } from '../../../src/agents/index.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { InvalidArgumentError, InvalidFileError, WriteFailedError } from '../../../src/core/errors.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { eagerEngine, engines } from '../engines.ts';
import { drawObservation, fillBatch, numbers, observationSpace, seeded, smallFilters } from '../support.ts';

const kinds: Readonly<Record<string, AgentOptions>> = {
  mlp: { preset: 'td3', layerNorm: true },
  conv: { preset: 'paper', netArch: [4, 4], encoder: { kind: 'conv', filters: smallFilters, state: true } },
  'shared conv': { preset: 'fast', encoder: { kind: 'conv', filters: smallFilters, trunk: 4 }, shareEncoder: true },
  gru: { encoder: { kind: 'recurrent', hiddenSize: 3 }, sequenceLength: 3, stateNormalization: 'bounds' },
};
const actionSpace = { ...numbers(2), low: [-2, 0], high: [2, 1], names: ['steer', 'pedals'] };

function folderOf(t: ExecutionContext): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-policy-'));
  t.teardown(() => fs.rmSync(root, { recursive: true }));
  return path.join(root, 'a', 'policy');
}

async function trained(engine: Engine, options: AgentOptions): Promise<LearningAgent> {
  const provenance = () => ({ seed: 3, command: 'train', versions: { node: process.version } });
  const agent = await createDdpgAgent({
    engine,
    observationSpace,
    actionSpace,
    options: { netArch: [4], batchSize: 2, ...options },
    seed: 3,
    name: 'best',
    provenance,
  });
  const random = seeded(1);
  for (let i = 0; i < 2; i++) await agent.learn(fillBatch(agent.createBatch(), random));
  return agent;
}

async function drive(policy: Policy): Promise<Float32Array[]> {
  const random = seeded(7);
  policy.reset?.();
  const actions = [];
  for (let i = 0; i < 4; i++) actions.push(await policy.act(drawObservation(random)));
  return actions;
}

for (const { name, create } of engines) {
  for (const [kind, options] of Object.entries(kinds)) {
    test(`${name}, ${kind}: saved and loaded, it acts the same to the last bit`, async (t) => {
      const engine = await create();
      const folder = folderOf(t);
      const agent = await trained(engine, options);
      const expected = await drive(agent);
      await agent.save(folder);
      await agent.dispose();
      t.deepEqual(fs.readdirSync(folder).sort(), ['policy.json', 'weights.safetensors']);
      const policy = await loadPolicy(folder, { engine });
      t.deepEqual(await drive(policy), expected);
      t.deepEqual(await drive(policy), expected);
      t.deepEqual(policy.settings, agent.settings);
      t.is(policy.name, 'best');
      t.deepEqual(policy.provenance, { seed: 3, command: 'train', versions: { node: process.version } });
      t.deepEqual(policy.observationSpace, observationSpace);
      t.deepEqual(policy.actionSpace, actionSpace);

      // What an export writes: the same function, its action in the environment's units.
      const store = engine.createParameters(policy.groups);
      const compiled = await engine.createFunction(store, policy.specification);
      const { state, pixels } = drawObservation(seeded(7));
      compiled.inputs['state']?.set(state);
      compiled.inputs['pixels']?.set(pixels!.map((_, i) => pixels![(i % 256) * 2 + (i >> 8)]!));
      await compiled.run();
      const [action] = expected;
      compiled.outputs['action']!.forEach((value, i) => {
        t.true(Math.abs(value - action![i]!) < 1e-6);
      });
      await compiled.dispose();
      store.dispose();
      await policy.dispose();
    });
  }
}

test('a policy that exists is replaced, and other files beside it stay', async (t) => {
  const engine = await eagerEngine.create();
  const folder = folderOf(t);
  const agent = await trained(engine, { preset: 'ddpg' });
  await agent.save(folder);
  fs.writeFileSync(path.join(folder, 'evaluation.json'), '{}');
  await agent.learn(fillBatch(agent.createBatch(), seeded(2)));
  await agent.save(folder);
  const policy = await loadPolicy(folder, { engine });
  t.deepEqual(await drive(policy), await drive(agent));
  t.deepEqual(fs.readdirSync(folder).sort(), ['evaluation.json', 'policy.json', 'weights.safetensors']);
  await policy.dispose();
  await agent.dispose();
});

test('bounds may be infinite', async (t) => {
  const engine = await eagerEngine.create();
  const folder = folderOf(t);
  const state = { ...numbers(3), low: Number.NEGATIVE_INFINITY, high: [1, 2, Number.POSITIVE_INFINITY] };
  const agent = await createDdpgAgent({ engine, observationSpace: { state }, actionSpace, options: { netArch: [4] } });
  await agent.save(folder);
  const policy = await loadPolicy(folder, { engine });
  t.deepEqual(policy.observationSpace, { state });
  await policy.dispose();
  await agent.dispose();
});

test('what is no policy is refused', async (t) => {
  const engine = await eagerEngine.create();
  const folder = folderOf(t);
  await t.throwsAsync(loadPolicy(folder, { engine }), {
    instanceOf: InvalidFileError,
    message: /policy\.json.*ENOENT/,
  });
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  fs.writeFileSync(folder, 'a file');
  await t.throwsAsync(loadPolicy(folder, { engine }), { instanceOf: InvalidFileError, message: /ENOTDIR/ });
  const agent = await trained(engine, { preset: 'ddpg' });
  await t.throwsAsync(agent.save(folder), { instanceOf: WriteFailedError });
  const [sound, linked] = [`${folder}-sound`, `${folder}-linked`];
  await agent.save(sound);
  fs.mkdirSync(linked);
  fs.symlinkSync(path.join(sound, 'policy.json'), path.join(linked, 'policy.json'));
  await t.throwsAsync(loadPolicy(linked, { engine }), { instanceOf: InvalidFileError, message: /got a link/ });
  await agent.dispose();
});

test('a policy refuses observations that it was not made for', async (t) => {
  const engine = await eagerEngine.create();
  const folder = folderOf(t);
  const agent = await trained(engine, { preset: 'ddpg' });
  await agent.save(folder);
  await agent.dispose();
  const policy = await loadPolicy(folder, { engine });
  await t.throwsAsync(async () => policy.act({ state: new Float32Array(2) }), { instanceOf: InvalidArgumentError });
  await policy.dispose();
});
