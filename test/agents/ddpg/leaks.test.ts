import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { type AgentOptions, createDdpgAgent } from '../../../src/agents/index.ts';
import { eagerEngine } from '../engines.ts';
import { drawObservation, fillBatch, numbers, observationSpace, seeded } from '../support.ts';

const kinds: readonly AgentOptions[] = [
  { preset: 'td3' },
  { encoder: { kind: 'recurrent', hiddenSize: 4 }, sequenceLength: 4 },
];

test('no tensor is left behind by a hundred updates and actions', async (t) => {
  const engine = await eagerEngine.create();
  for (const options of kinds) {
    const before = tf.memory().numTensors;
    const agent = await createDdpgAgent({
      engine,
      observationSpace,
      actionSpace: numbers(2, -2, 2),
      options: { netArch: [4], batchSize: 2, ...options },
    });
    const batch = fillBatch(agent.createBatch(), seeded(1));
    const observation = drawObservation(seeded(2));
    await agent.learn(batch);
    await agent.learn(batch);
    await agent.act(observation);
    const { numTensors, numDataBuffers } = tf.memory();
    for (let i = 0; i < 100; i++) {
      await agent.learn(batch);
      await agent.act(observation, { explore: true });
    }
    t.deepEqual([tf.memory().numTensors, tf.memory().numDataBuffers], [numTensors, numDataBuffers]);
    await agent.dispose();
    t.is(tf.memory().numTensors, before);
  }
});
