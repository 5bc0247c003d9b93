import test from 'ava';
import type { AgentOptions } from '../../../src/agents/index.ts';
import { createDdpgAgent } from '../../../src/agents/index.ts';
import { InvalidArgumentError } from '../../../src/core/errors.ts';
import { engines } from '../engines.ts';
import { fillBatch, numbers, observationSpace, seeded, watched } from '../support.ts';

const small = { netArch: [4], batchSize: 4, learningRate: 0.01 } satisfies AgentOptions;

for (const { name, create } of engines) {
  test(`${name}: targets stay while the critic learns, and follow by tau when the actor does`, async (t) => {
    const { engine, stores } = watched(await create());
    const agent = await createDdpgAgent({
      engine,
      observationSpace,
      actionSpace: numbers(2),
      options: { ...small, preset: 'td3', tau: 0.25, policyDelay: 3 },
    });
    const store = stores[0]!;
    const read = () => Object.fromEntries(Object.keys(store.groups).map((group) => [group, store.read(group)]));
    const first = read();
    t.deepEqual(first['criticTarget'], first['critic'], 'targets start as copies');
    const batch = fillBatch(agent.createBatch(), seeded(1));
    for (let update = 1; update <= 2; update++) {
      const { metrics } = await agent.learn(batch);
      t.false('actor_loss' in metrics);
      const now = read();
      t.notDeepEqual(now['critic'], first['critic']);
      for (const group of ['actor', 'actorTarget', 'criticTarget']) t.deepEqual(now[group], first[group], group);
    }
    const { metrics } = await agent.learn(batch);
    t.true('actor_loss' in metrics);
    const last = read();
    for (const [target, followed] of [
      ['actorTarget', 'actor'],
      ['criticTarget', 'critic'],
    ] as const) {
      for (const [weight, values] of Object.entries(last[target]!)) {
        values.forEach((value, i) => {
          const expected = 0.75 * first[target]![weight]![i]! + 0.25 * last[followed]![weight]![i]!;
          if (Math.abs(value - expected) > 1e-6) t.fail(`${target}.${weight}[${i}]: ${value}, expected ${expected}`);
        });
      }
      t.notDeepEqual(last[target], first[target]);
    }
    t.is(agent.updates, 3);
    await agent.dispose();
  });

  test(`${name}: learning rates follow their schedules over updates`, async (t) => {
    const { engine, stores } = watched(await create());
    const agent = await createDdpgAgent({
      engine,
      observationSpace,
      actionSpace: numbers(2),
      options: {
        ...small,
        preset: 'ddpg',
        criticLearningRate: { from: 0.01, to: 0, over: 2 },
        actorLearningRate: { from: 0, to: 0.01, over: 2 },
      },
    });
    const batch = fillBatch(agent.createBatch(), seeded(1));
    const largest = async (group: string) => {
      const before = stores[0]!.read(group);
      await agent.learn(batch);
      const after = stores[0]!.read(group);
      return Math.max(
        ...Object.entries(after).flatMap(([key, values]) => [...values].map((v, i) => Math.abs(v - before[key]![i]!))),
      );
    };
    // Adam's first step is as long as the learning rate.
    const near = (value: number, expected: number) =>
      t.true(Math.abs(value - expected) < 2e-5, `${value}, ${expected}`);
    near(await largest('critic'), 0.01);
    t.true((await largest('critic')) > 0.001);
    t.is(await largest('critic'), 0);
    t.true((await largest('actor')) > 0.001);
    await agent.dispose();
  });

  test(`${name}: priorities are the distances from the target, and the metrics their means`, async (t) => {
    const agent = await createDdpgAgent({
      engine: await create(),
      observationSpace,
      actionSpace: numbers(2),
      options: { ...small, preset: 'ddpg' },
    });
    const batch = fillBatch(agent.createBatch(), seeded(2));
    if (batch.kind !== 'transitions') return t.fail();
    batch.discount.fill(0);
    batch.reward.set([5, -5, 50, 0]);
    batch.weight.fill(1);
    const { priorities, metrics } = await agent.learn(batch);
    const loss = priorities!.reduce((sum, priority) => sum + priority ** 2, 0) / 4;
    t.true(Math.abs(loss - metrics['critic_loss']!) < 1e-3 * loss);
    t.is(priorities!.indexOf(Math.max(...priorities!)), 2);
    t.is(metrics['target_mean'], 12.5);
    t.true(metrics['critic_gradient_norm']! > 0 && metrics['actor_gradient_norm']! > 0);
    await agent.dispose();
  });

  test(`${name}: a batch of another agent is refused`, async (t) => {
    const engine = await create();
    const make = () =>
      createDdpgAgent({ engine, observationSpace, actionSpace: numbers(2), options: { ...small, preset: 'ddpg' } });
    const [mine, other] = [await make(), await make()];
    await t.throwsAsync(mine.learn(other.createBatch()), { instanceOf: InvalidArgumentError });
    t.is(mine.updates, 0);
    await mine.dispose();
    await other.dispose();
  });
}

test('batches carry what the networks read, and no more', async (t) => {
  const engine = await engines[0]!.create();
  const batchOf = async (options: AgentOptions) => {
    const agent = await createDdpgAgent({
      engine,
      observationSpace: { state: numbers(3), pixels: { shape: [24, 32, 2], low: 0, high: 255, dtype: 'uint8' } },
      actionSpace: numbers(2),
      options: { ...small, ...options },
    });
    const batch = agent.createBatch();
    await agent.dispose();
    const lengths = Object.entries(batch).filter(([, value]) => ArrayBuffer.isView(value));
    return { shape: batch.shape, lengths: Object.fromEntries(lengths.map(([key, value]) => [key, value.length])) };
  };
  const rows = { action: 8, reward: 4, discount: 4, weight: 4 };
  const side = 24 * 32 * 2 * 4;
  t.deepEqual(await batchOf({}), {
    shape: { size: 4, action: 2, state: 3 },
    lengths: { state: 12, nextState: 12, ...rows },
  });
  t.deepEqual(await batchOf({ preset: 'fast' }), {
    shape: { size: 4, action: 2, pixels: [24, 32, 2] },
    lengths: { pixels: side, nextPixels: side, ...rows },
  });
  t.deepEqual(await batchOf({ preset: 'fast', criticEncoder: { kind: 'mlp' } }), {
    shape: { size: 4, action: 2, state: 3, pixels: [24, 32, 2] },
    lengths: { state: 12, nextState: 12, pixels: side, nextPixels: side, ...rows },
  });
  t.deepEqual(await batchOf({ encoder: { kind: 'recurrent' }, sequenceLength: 5 }), {
    shape: { size: 4, action: 2, state: 3, sequenceLength: 5 },
    lengths: { state: 72, action: 40, reward: 20, discount: 20, mask: 20 },
  });
});
