import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { DdpgNetworks } from '../../../src/agents/ddpg/networks.ts';
import { resolveAgentOptions } from '../../../src/agents/ddpg/options.ts';
import { createReader } from '../../../src/agents/ddpg/program.ts';
import { initializeGroup } from '../../../src/agents/networks/index.ts';
import { close, tensorsOf } from '../networks/tensors.ts';
import { drawObservation, numbers, observationSpace, seeded, smallFilters } from '../support.ts';

const LENGTH = 3;
const BATCH = 2;

for (const over of [{ kind: 'mlp' }, { kind: 'conv', filters: smallFilters }] as const) {
  test(`${over.kind}: features of a sequence are those of an agent that acts through it, now and a step later`, (t) => {
    const settings = resolveAgentOptions({
      netArch: [],
      encoder: { kind: 'recurrent', hiddenSize: 3, over },
      sequenceLength: LENGTH,
      batchSize: BATCH,
    });
    const spaces = { observationSpace, actionSpace: numbers(1, -2, 2) };
    const networks = new DdpgNetworks(settings, spaces);
    const reader = createReader(settings, networks, spaces);
    const { encoder } = networks.critic;
    const weights = tensorsOf(initializeGroup(encoder.parameters, seeded(1)));
    const random = seeded(2);
    const seen = Array.from({ length: BATCH * (LENGTH + 1) }, () => drawObservation(random));
    const actions = Array.from({ length: BATCH * LENGTH }, () => random.between(-2, 2));
    const inputs = {
      state: tf.tensor2d(seen.map(({ state }) => [...state])),
      // Any order of the bytes will do, as long as it is the same below.
      pixels: tf.tensor4d(
        seen.flatMap(({ pixels }) => [...pixels!]),
        [seen.length, 2, 16, 16],
        'int32',
      ),
      action: tf.tensor2d(actions, [actions.length, 1]),
    };
    const stepped: number[][] = [];
    let memory: readonly tf.Tensor[] | undefined;
    for (let step = 0; step <= LENGTH; step++) {
      const rows = [0, 1].map((row) => step * BATCH + row);
      const before = rows.map((row) => (step === 0 ? [0] : [actions[row - BATCH]! / 2]));
      const observed = {
        state: tf.slice(inputs.state, [step * BATCH, 0], [BATCH, 3]),
        pixels: tf.slice(inputs.pixels, [step * BATCH, 0, 0, 0], [BATCH, 2, 16, 16]),
        previousAction: tf.tensor2d(before),
        convolved: new Map<tf.Tensor, tf.Tensor>(),
      };
      const encoded = encoder.encode(weights, observed, { steps: 1, ...(memory === undefined ? {} : { memory }) });
      memory = encoded.memory;
      stepped.push([...encoded.features.dataSync()]);
    }
    close(t, reader.current(inputs).features(encoder, weights), stepped.slice(0, LENGTH).flat());
    close(t, reader.next(inputs).features(encoder, weights), stepped.slice(1).flat());
  });
}
