import test from 'ava';
import { type AgentOptions, createDdpgAgent } from '../../../src/agents/index.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { eagerEngine, otherEngines } from '../engines.ts';
import { drawObservation, fillBatch, numbers, observationSpace, seeded, smallFilters, watched } from '../support.ts';

const conv = { kind: 'conv', filters: smallFilters } as const;
const kinds: Readonly<Record<string, AgentOptions>> = {
  'DDPG, as in the paper': { preset: 'paper', netArch: [8, 6] },
  TD3: { preset: 'td3', netArch: [20, 18] },
  'Huber, layer norm, three critics, clipped gradients': {
    preset: 'td3',
    ...{ loss: 'huber', layerNorm: true, nCritics: 3, maxGradNorm: 0.5, activation: 'tanh', netArch: [20, 18] },
  },
  'pixels, as in the paper': { preset: 'paper', netArch: [8, 6], encoder: conv },
  'shared convolutions with a trunk': { preset: 'fast', encoder: { ...conv, trunk: 5 }, shareEncoder: true },
  'pixels and state': { preset: 'td3', encoder: { ...conv, state: true, dense: [6] }, stateNormalization: 'bounds' },
  'pictures each normalized': { preset: 'td3', encoder: { ...conv, normalizePictures: true, trunk: 5 } },
  'critic on state': {
    preset: 'fast',
    actorEncoder: { ...conv, trunk: 5 },
    criticEncoder: { kind: 'mlp', hidden: [5] },
  },
  'pixels and one entry of the state, critic on all of it': {
    preset: 'td3',
    actorEncoder: { ...conv, state: ['speedX'] },
    criticEncoder: { kind: 'mlp' },
    stateNormalization: 'bounds',
  },
  'TD3+BC, critic on state': {
    preset: 'fast',
    actorEncoder: conv,
    criticEncoder: { kind: 'mlp' },
    behaviourCloningAlpha: 2.5,
  },
  'penalized saturation': { preset: 'td3', preActivationPenalty: 0.1 },
  GRU: { encoder: { kind: 'recurrent', hiddenSize: 4 }, sequenceLength: 4, batchSize: 4 },
  'LSTM over pixels, critic without memory': {
    actorEncoder: { kind: 'recurrent', cell: 'lstm', hiddenSize: 4, over: { ...conv, dense: [6] } },
    criticEncoder: { kind: 'mlp' },
    ...{ sequenceLength: 3, batchSize: 4 },
  },
};

const UPDATES = 20;

/** Figures of every update, every gradient of the first one, all weights after the last, and an action. */
async function learnOn(inner: Engine, options: AgentOptions): Promise<ReadonlyMap<string, number[]>> {
  const { engine, stores, learners } = watched(inner);
  const agent = await createDdpgAgent({
    engine,
    observationSpace,
    actionSpace: { ...numbers(2), low: [-2, 0], high: [2, 1] },
    options: { netArch: [6], batchSize: 16, ...options },
    seed: 5,
  });
  const random = seeded(8);
  const results = new Map<string, number[]>();
  for (let update = 0; update < UPDATES; update++) {
    const batch = agent.createBatch();
    const { metrics } = await agent.learn(fillBatch(batch, random));
    for (const [name, value] of Object.entries(metrics)) results.set(`${name} ${update}`, [value]);
    if (update > 0) continue;
    // After one step the first moment is a tenth of the gradient.
    for (const phase of ['critic', 'actor']) {
      const { firstMoment } = learners[0]!.readOptimizer(phase);
      for (const [name, values] of Object.entries(firstMoment)) results.set(`gradient of ${name}`, [...values]);
    }
  }
  for (const group of Object.keys(stores[0]!.groups)) {
    for (const [name, values] of Object.entries(stores[0]!.read(group))) results.set(`${group}.${name}`, [...values]);
  }
  agent.reset();
  results.set('action', [...(await agent.act(drawObservation(random)))]);
  await agent.dispose();
  return results;
}

const references = new Map<string, ReadonlyMap<string, number[]>>();

async function reference(kind: string, options: AgentOptions): Promise<ReadonlyMap<string, number[]>> {
  const known = references.get(kind) ?? (await learnOn(await eagerEngine.create(), options));
  references.set(kind, known);
  return known;
}

for (const { name: engineName, create } of await otherEngines()) {
  for (const [kind, options] of Object.entries(kinds)) {
    test.serial(`${kind}: ${engineName} learns what the reference learns, number by number`, async (t) => {
      const eager = await reference(kind, options);
      const other = await learnOn(await create(), options);
      t.deepEqual([...other.keys()], [...eager.keys()]);
      for (const [name, expected] of eager) {
        const got = other.get(name)!;
        const wrong = expected.findIndex(
          (value, i) => !(Math.abs(value - got[i]!) <= 2e-4 * Math.max(1, Math.abs(value))),
        );
        if (wrong >= 0) t.fail(`${name}[${wrong}]: ${expected[wrong]} and ${got[wrong]}`);
      }
      t.pass();
    });
  }
}
