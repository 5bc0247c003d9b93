import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {
  ActionBalance,
  type AgentOptions,
  createCloneAgent,
  loadPolicy,
  readPolicyFolder,
} from '../../../src/agents/index.ts';
import type { TransitionBatch } from '../../../src/core/batch.ts';
import type { Random } from '../../../src/core/random.ts';
import { compiledEngine, eagerEngine, otherEngines } from '../engines.ts';
import { drawObservation, fillBatch, numbers, observationSpace, seeded, smallFilters, watched } from '../support.ts';

const actionSpace = { ...numbers(2), low: [-2, 0], high: [2, 1] };
const conv = { kind: 'conv', filters: smallFilters, state: true } as const;

/** What the expert does: bright pictures to the left, and the pedal by the first number of the state. */
function demonstrate(batch: TransitionBatch, random: Random): void {
  fillBatch(batch, random);
  const size = batch.pixels!.length / batch.shape.size;
  for (let row = 0; row < batch.shape.size; row++) {
    const light = random.below(256);
    batch.pixels!.fill(light, row * size, (row + 1) * size);
    batch.action.set([(3 * light) / 255 - 1.5, 0.5 + 0.4 * batch.state![3 * row]!], 2 * row);
    batch.weight[row] = 1;
  }
}

test('a clone acts as it was shown, and its policy folder too', async (t) => {
  const engine = await compiledEngine.create();
  const agent = await createCloneAgent({
    ...{ engine, observationSpace, actionSpace, seed: 3 },
    options: { encoder: conv, netArch: [16], batchSize: 16, learningRate: 3e-3 },
  });
  const batch = agent.createBatch() as TransitionBatch;
  t.deepEqual([batch.nextState, batch.nextPixels], [undefined, undefined]);
  const random = seeded(4);
  for (let update = 0; update < 300; update++) {
    demonstrate(batch, random);
    const { metrics, priorities } = await agent.learn(batch);
    t.deepEqual(Object.keys(metrics), ['actor_loss', 'actor_gradient_norm']);
    t.is(priorities, undefined);
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'clone-'));
  await agent.save(folder);
  const policy = await loadPolicy(folder, { engine });
  for (const light of [40, 200]) {
    const observation = { state: Float32Array.of(0.5, 0, 0), pixels: new Uint8Array(16 * 16 * 2).fill(light) };
    const action = await agent.act(observation);
    t.true(Math.abs(action[0]! - ((3 * light) / 255 - 1.5)) < 0.35, `${light}: ${action}`);
    t.true(Math.abs(action[1]! - 0.7) < 0.15, `${light}: ${action}`);
    t.deepEqual(await policy.act(observation), action);
  }
  await policy.dispose();
  await agent.dispose();
  fs.rmSync(folder, { recursive: true });
});

for (const engineKind of [compiledEngine, eagerEngine]) {
  test(`an averaged policy is the average of the weights over the updates: ${engineKind.name}`, async (t) => {
    const engine = await engineKind.create();
    const tau = 0.25;
    const options: AgentOptions = { encoder: conv, netArch: [8], batchSize: 4, learningRate: 1e-2, tau };
    const parts = { engine, observationSpace, actionSpace, seed: 2 };
    const agent = await createCloneAgent({ ...parts, options });
    const averaged = await createCloneAgent({ ...parts, options: { ...options, averagedPolicy: true } });
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'averaged-'));
    const weightsOf = async (one: typeof agent) => {
      await one.save(folder);
      return readPolicyFolder(folder).weights;
    };
    const expected = new Map([...(await weightsOf(agent))].map(([name, values]) => [name, Float64Array.from(values)]));
    const batches = [agent, averaged].map((one) => one.createBatch() as TransitionBatch);
    for (let update = 0; update < 5; update++) {
      for (const batch of batches) demonstrate(batch, seeded(update));
      await agent.learn(batches[0]!);
      await averaged.learn(batches[1]!);
      for (const [name, values] of await weightsOf(agent)) {
        const mean = expected.get(name)!;
        values.forEach((value, i) => {
          mean[i] = (1 - tau) * mean[i]! + tau * value;
        });
      }
    }
    for (const [name, values] of await weightsOf(averaged)) {
      const mean = expected.get(name)!;
      t.true(
        values.every((value, i) => Math.abs(value - mean[i]!) < 1e-5),
        name,
      );
    }
    const observation = drawObservation(seeded(9));
    const policy = await loadPolicy(folder, { engine });
    t.deepEqual(await averaged.act(observation), await policy.act(observation));
    t.notDeepEqual(await averaged.act(observation), await agent.act(observation));
    await policy.dispose();
    await agent.dispose();
    await averaged.dispose();
    fs.rmSync(folder, { recursive: true });
  });
}

test('rows weigh by their actions where a balance says so', async (t) => {
  const spaces = { observationSpace: { state: numbers(1) }, actionSpace: numbers(1) };
  const lossOf = async (values: readonly number[] | undefined) => {
    const agent = await createCloneAgent({
      ...{ engine: await eagerEngine.create(), ...spaces, seed: 1 },
      options: { batchSize: 2, netArch: [] },
      ...(values === undefined ? {} : { balance: new ActionBalance(values, { entry: 0, low: -1, high: 1 }) }),
    });
    const batch = agent.createBatch() as TransitionBatch;
    // The expert does what the network does at first, but in the second row.
    const state = Float32Array.of(0.3);
    batch.state!.fill(0.3);
    batch.action.set([(await agent.act({ state }))[0]!, 0.9]);
    batch.weight.fill(1);
    const { metrics } = await agent.learn(batch);
    await agent.dispose();
    return metrics['actor_loss']!;
  };
  const plain = await lossOf(undefined);
  const rare = await lossOf([...new Array<number>(99).fill(0), 0.9]);
  const common = await lossOf([0, ...new Array<number>(99).fill(0.9)]);
  t.true(rare > 2 * plain && common < plain, `${common} ${plain} ${rare}`);
});

test('errors are measured by the spread of the actions, in their own units', async (t) => {
  const lossOf = async (deviations: readonly number[] | undefined) => {
    const agent = await createCloneAgent({
      ...{ engine: await eagerEngine.create(), observationSpace: { state: numbers(1) }, actionSpace, seed: 1 },
      options: { batchSize: 1, netArch: [] },
      ...(deviations === undefined ? {} : { deviations }),
    });
    const batch = agent.createBatch() as TransitionBatch;
    batch.state!.fill(0.3);
    batch.weight.fill(1);
    const [first = 0, second = 0] = await agent.act({ state: Float32Array.of(0.3) });
    // 0.2 of half the range of the first entry (2), none of the second.
    batch.action.set([first + 0.4, second]);
    const { metrics } = await agent.learn(batch);
    await agent.dispose();
    return metrics['actor_loss']!;
  };
  t.true(Math.abs((await lossOf(undefined)) - 0.2 ** 2 / 2) < 1e-6);
  t.true(Math.abs((await lossOf([0.4, 1])) - 0.5) < 1e-5);
});

const kinds: Readonly<Record<string, AgentOptions>> = {
  'pixels and state': { encoder: conv, loss: 'huber' },
  'GRU over pixels': {
    encoder: { kind: 'recurrent', hiddenSize: 4, over: { ...conv, dense: [6] }, previousAction: false },
    ...{ sequenceLength: 4, batchSize: 4 },
  },
};

for (const { name, create } of await otherEngines()) {
  for (const [kind, options] of Object.entries(kinds)) {
    test.serial(`${kind}: ${name} clones as the reference does, number by number`, async (t) => {
      const learn = async (inner: Awaited<ReturnType<typeof create>>) => {
        const { engine, stores } = watched(inner);
        const agent = await createCloneAgent({
          ...{ engine, observationSpace, actionSpace, seed: 5 },
          options: { netArch: [20], batchSize: 16, ...options },
          balance: new ActionBalance([-1, 0, 0, 0, 1], { entry: 0, low: -2, high: 2 }),
        });
        const random = seeded(8);
        for (let update = 0; update < 10; update++) await agent.learn(fillBatch(agent.createBatch(), random));
        const weights = Object.values(stores[0]!.read('actor')).flatMap((values) => [...values]);
        const action = await agent.act(drawObservation(random));
        await agent.dispose();
        return [...weights, ...action];
      };
      const expected = await learn(await eagerEngine.create());
      const got = await learn(await create());
      const wrong = expected.findIndex(
        (value, i) => !(Math.abs(value - got[i]!) <= 2e-4 * Math.max(1, Math.abs(value))),
      );
      t.is(wrong, -1, `${expected[wrong]} and ${got[wrong]}`);
    });
  }
}

test('TD3+BC is not cloning', async (t) => {
  const engine = await compiledEngine.create();
  await t.throwsAsync(
    createCloneAgent({ engine, observationSpace, actionSpace, options: { behaviourCloningAlpha: 2.5 } }),
    { code: 'ERR_INVALID_ARGUMENT' },
  );
});
