/**
 * Lets the compiled engine work for long, with garbage collections forced now and then, and prints resident memory:
 *
 *     npx tsx scripts/soak-learner.ts [--updates 100000] [--agents 100] [--threads 2]
 *
 * First one agent learns and acts so many times; then so many agents are made, learn a little, and are disposed of. Memory
 * that grows from the second line on would be a leak; a pointer that outlives its array would end the process.
 */
import { parseArgs } from 'node:util';
import { createDdpgAgent, type LearningAgent } from '../src/agents/index.ts';
import { CompiledEngine } from '../src/backend/index.ts';
import { Random } from '../src/core/random.ts';
import { collectGarbage } from './support/garbage.ts';

const { values } = parseArgs({
  options: {
    updates: { type: 'string', default: '100000' },
    agents: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
  },
});
const updates = Number(values.updates);
const agents = Number(values.agents);
const LINES = 10;

const engine = await CompiledEngine.create({ threads: Number(values.threads) });

function create(seed: number): Promise<LearningAgent> {
  return createDdpgAgent({
    engine,
    observationSpace: { state: { shape: [8], low: -1, high: 1, dtype: 'float32' } },
    actionSpace: { shape: [2], low: -1, high: 1, dtype: 'float32' },
    options: { preset: 'td3', netArch: [64, 64], batchSize: 32 },
    seed,
  });
}

function fill(batch: ReturnType<LearningAgent['createBatch']>, random: Random): void {
  if (batch.kind !== 'transitions') return;
  for (const array of [batch.state!, batch.nextState!, batch.action, batch.reward]) {
    for (let i = 0; i < array.length; i++) array[i] = random.between(-1, 1);
  }
  batch.discount.fill(0.9);
}

function report(what: string): void {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  process.stdout.write(
    `${what}: ${(rss / 2 ** 20).toFixed(1)} MiB resident, ${(heapUsed / 2 ** 20).toFixed(1)} MiB heap\n`,
  );
}

const random = new Random(1);
const agent = await create(0);
let batch = agent.createBatch();
const state = new Float32Array(8);
report('start');
for (let update = 1; update <= updates; update++) {
  // Batches come and go: their arrays stay valid for as long as the learner may touch them.
  if (update % 20_000 === 0) batch = agent.createBatch();
  fill(batch, random);
  await agent.learn(batch);
  await agent.act({ state }, { explore: true });
  if (update % 500 === 0) collectGarbage();
  if (update % Math.ceil(updates / LINES) === 0) report(`${update} updates`);
}
await agent.dispose();
for (let made = 1; made <= agents; made++) {
  const other = await create(made);
  const own = other.createBatch();
  fill(own, random);
  for (let update = 0; update < 4; update++) await other.learn(own);
  await other.dispose();
  if (made % Math.ceil(agents / LINES) === 0) report(`${made} agents made and disposed of`);
}
await engine.dispose();
