import test from 'ava';
import { type AgentOptions, createDdpgAgent } from '../../../src/agents/index.ts';
import type { Engine } from '../../../src/core/engine.ts';
import { compiledEngine, eagerEngine } from '../engines.ts';
import { drawObservation, fillBatch, numbers, observationSpace, seeded, smallFilters, watched } from '../support.ts';

const conv = { kind: 'conv', filters: smallFilters } as const;
const kinds: Readonly<Record<string, AgentOptions>> = {
  'DDPG, as in the paper': { preset: 'paper', netArch: [8, 6] },
  TD3: { preset: 'td3' },
  'Huber, layer norm, three critics, clipped gradients': {
    preset: 'td3',
    ...{ loss: 'huber', layerNorm: true, nCritics: 3, maxGradNorm: 0.5, activation: 'tanh' },
  },
  'pixels, as in the paper': { preset: 'paper', netArch: [8, 6], encoder: conv },
  'shared convolutions with a trunk': { preset: 'fast', encoder: { ...conv, trunk: 5 }, shareEncoder: true },
  'pixels and state': { preset: 'td3', encoder: { ...conv, state: true, dense: [6] }, stateNormalization: 'bounds' },
  'critic on state': {
    preset: 'fast',
    actorEncoder: { ...conv, trunk: 5 },
    criticEncoder: { kind: 'mlp', hidden: [5] },
  },
  GRU: { encoder: { kind: 'recurrent', hiddenSize: 4 }, sequenceLength: 4 },
  'LSTM over pixels, critic without memory': {
    actorEncoder: { kind: 'recurrent', cell: 'lstm', hiddenSize: 4, over: { ...conv, dense: [6] } },
    criticEncoder: { kind: 'mlp' },
    sequenceLength: 3,
  },
};

const UPDATES = 4;

/** Figures and weights after some updates, and an action. */
async function learnOn(inner: Engine, options: AgentOptions): Promise<ReadonlyMap<string, number[]>> {
  const { engine, stores } = watched(inner);
  const agent = await createDdpgAgent({
    engine,
    observationSpace,
    actionSpace: { ...numbers(2), low: [-2, 0], high: [2, 1] },
    options: { netArch: [6], batchSize: 4, ...options },
    seed: 5,
  });
  const random = seeded(8);
  const results = new Map<string, number[]>();
  for (let update = 0; update < UPDATES; update++) {
    const batch = agent.createBatch();
    const { metrics } = await agent.learn(fillBatch(batch, random));
    for (const [name, value] of Object.entries(metrics)) results.set(`${name} ${update}`, [value]);
  }
  for (const group of Object.keys(stores[0]!.groups)) {
    for (const [name, values] of Object.entries(stores[0]!.read(group))) results.set(`${group}.${name}`, [...values]);
  }
  agent.reset();
  results.set('action', [...(await agent.act(drawObservation(random)))]);
  await agent.dispose();
  return results;
}

for (const [kind, options] of Object.entries(kinds)) {
  test(`${kind}: engines learn the same`, async (t) => {
    const eager = await learnOn(await eagerEngine.create(), options);
    const compiled = await learnOn(await compiledEngine.create(), options);
    t.deepEqual([...compiled.keys()], [...eager.keys()]);
    for (const [name, expected] of eager) {
      const got = compiled.get(name)!;
      const wrong = expected.findIndex(
        (value, i) => !(Math.abs(value - got[i]!) <= 2e-4 * Math.max(1, Math.abs(value))),
      );
      if (wrong >= 0) t.fail(`${name}[${wrong}]: ${expected[wrong]} and ${got[wrong]}`);
    }
    t.pass();
  });
}
