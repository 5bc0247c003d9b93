import test from 'ava';
import { type AgentOptions, createDdpgAgent, type LearningAgent } from '../../../src/agents/index.ts';
import type { Random } from '../../../src/core/random.ts';
import { engines } from '../engines.ts';
import { numbers, seeded } from '../support.ts';

/** A point on a line, -1 to 1; an action moves it by up to 0.2. It is best off at 0.5. */
const GOAL = 0.5;
const move = (x: number, action: number) => Math.min(Math.max(x + 0.1 * action, -1), 1);
const observe = (x: number) => ({ state: Float32Array.of(x) });

const STEPS = 12;
const BATCH = 32;

interface Step {
  readonly x: number;
  readonly action: number;
  readonly next: number;
}

/** Fifty episodes of random actions, then learning from them alone. */
async function train(agent: LearningAgent, random: Random, updates: number): Promise<void> {
  const steps: Step[] = [];
  for (let episode = 0; episode < 50; episode++) {
    for (let i = 0, x = random.between(-1, 1); i < STEPS; i++) {
      const action = random.between(-2, 2);
      const next = move(x, action);
      steps.push({ x, action, next });
      x = next;
    }
  }
  const batch = agent.createBatch();
  if (batch.kind !== 'transitions') throw new TypeError('Expected transitions');
  for (let update = 0; update < updates; update++) {
    for (let row = 0; row < BATCH; row++) {
      const { x, action, next } = random.pick(steps);
      batch.state![row] = x;
      batch.action[row] = action;
      batch.nextState![row] = next;
      batch.reward[row] = -Math.abs(next - GOAL);
      batch.discount[row] = 0.9;
    }
    await agent.learn(batch);
  }
}

async function distancesFromGoal(agent: LearningAgent): Promise<number[]> {
  const distances: number[] = [];
  for (const start of [-1, -0.5, 0, 0.4, 0.6, 1]) {
    let x = start;
    for (let i = 0; i < STEPS; i++) x = move(x, (await agent.act(observe(x)))[0]!);
    distances.push(Math.abs(x - GOAL));
  }
  return distances;
}

const algorithms: readonly (AgentOptions & { readonly preset: string })[] = [{ preset: 'ddpg' }, { preset: 'td3' }];

for (const { name, create } of engines) {
  for (const options of algorithms) {
    test(`${name}: ${options.preset} finds the way to a point on a line`, async (t) => {
      const agent = await createDdpgAgent({
        engine: await create(),
        observationSpace: { state: numbers(1) },
        actionSpace: numbers(1, -2, 2),
        options: { ...options, netArch: [16, 16], batchSize: BATCH, tau: 0.05, learningRate: 5e-3 },
        seed: 1,
      });
      t.true(Math.max(...(await distancesFromGoal(agent))) > 0.3, 'it does not know the way before');
      await train(agent, seeded(2), 400);
      const distances = await distancesFromGoal(agent);
      t.true(Math.max(...distances) < 0.1, `distances ${distances.map((distance) => distance.toFixed(3))}`);
      await agent.dispose();
    });
  }
}
