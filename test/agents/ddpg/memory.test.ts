import test from 'ava';
import { createDdpgAgent, type EncoderOptions, type LearningAgent } from '../../../src/agents/index.ts';
import { compiledEngine } from '../engines.ts';
import { numbers, seeded } from '../support.ts';

const LENGTH = 4;
const BATCH = 32;

/** Shown once at an episode's start; rewarded is each action for being near it. */
const cueOf = (draw: number) => (draw < 0.5 ? -0.5 : 0.5);

async function train(agent: LearningAgent, updates: number): Promise<void> {
  const random = seeded(3);
  const batch = agent.createBatch();
  if (batch.kind !== 'sequences') throw new TypeError('Expected sequences');
  batch.state!.fill(0);
  batch.mask.fill(1);
  batch.discount.fill(0);
  for (let update = 0; update < updates; update++) {
    for (let row = 0; row < BATCH; row++) {
      const cue = cueOf(random.uniform());
      batch.state![row] = cue;
      for (let step = 0; step < LENGTH; step++) {
        const action = random.between(-1, 1);
        batch.action[step * BATCH + row] = action;
        batch.reward[step * BATCH + row] = -((action - cue) ** 2);
      }
    }
    await agent.learn(batch);
  }
}

/** Distance of an episode's last action from its cue, the worse of both cues. */
async function lastDistance(agent: LearningAgent): Promise<number> {
  const distances: number[] = [];
  for (const cue of [-0.5, 0.5]) {
    agent.reset();
    let action = 0;
    for (let step = 0; step < LENGTH; step++) {
      action = (await agent.act({ state: Float32Array.of(step === 0 ? cue : 0) }))[0]!;
    }
    distances.push(Math.abs(action - cue));
  }
  return Math.max(...distances);
}

async function distanceAfterTraining(actorEncoder: EncoderOptions): Promise<number> {
  const agent = await createDdpgAgent({
    engine: await compiledEngine.create(),
    observationSpace: { state: numbers(1) },
    actionSpace: numbers(1),
    options: {
      preset: 'ddpg',
      ...{ netArch: [16], batchSize: BATCH, sequenceLength: LENGTH, learningRate: 5e-3 },
      actorEncoder,
      criticEncoder: { kind: 'recurrent', hiddenSize: 16, previousAction: false },
    },
    seed: 1,
  });
  await train(agent, 400);
  const distance = await lastDistance(agent);
  await agent.dispose();
  return distance;
}

for (const cell of ['gru', 'lstm'] as const) {
  test(`an actor with a ${cell} learns to remember`, async (t) => {
    const distance = await distanceAfterTraining({ kind: 'recurrent', cell, hiddenSize: 16, previousAction: false });
    t.true(distance < 0.25, String(distance));
  });
}

test('one without cannot', async (t) => {
  t.true((await distanceAfterTraining({ kind: 'mlp' })) > 0.4);
});
