import type { Batch } from '../../src/core/batch.ts';
import type { Engine, Learner, ParameterStore } from '../../src/core/engine.ts';
import type { Box, Observation, ObservationSpace } from '../../src/core/environment.ts';
import { Random } from '../../src/core/random.ts';

export const numbers = (size: number, low = -1, high = 1): Box => ({ shape: [size], low, high, dtype: 'float32' });

export const pictures = (side: number, channels: number): Box => ({
  shape: [side, side, channels],
  low: 0,
  high: 255,
  dtype: 'uint8',
});

/** Convolutions for the small pictures. */
export const smallFilters = [
  { filters: 16, size: 4, stride: 4 },
  { filters: 16, size: 3, stride: 1 },
];

/** Three numbers and small pictures. */
export const observationSpace: ObservationSpace = {
  state: { ...numbers(3), names: ['angle', 'speedX', 'speedY'] },
  pixels: pictures(16, 2),
};

export function drawObservation(random: Random, space = observationSpace): Observation {
  const [height, width, channels] = space.pixels!.shape as [number, number, number];
  return {
    state: Float32Array.from({ length: space.state.shape[0]! }, () => random.between(-1, 1)),
    pixels: Uint8Array.from({ length: height * width * channels }, () => random.below(256)),
  };
}

/** Fills every array of a batch with numbers that a replay buffer could have given. */
export function fillBatch(batch: Batch, random: Random): Batch {
  for (const [name, values] of Object.entries(batch)) {
    if (values instanceof Uint8Array) for (let i = 0; i < values.length; i++) values[i] = random.below(256);
    if (!(values instanceof Float32Array)) continue;
    const draw: (i: number) => number =
      name === 'discount'
        ? () => (random.below(8) === 0 ? 0 : 0.99)
        : name === 'weight'
          ? () => random.between(0.5, 1)
          : name === 'mask'
            ? () => (random.below(4) === 0 ? 0 : 1)
            : () => random.between(-1, 1);
    for (let i = 0; i < values.length; i++) values[i] = draw(i);
  }
  return batch;
}

/** The same engine, which tells the stores that it made: tests look at an agent's weights through them. */
export function watched(engine: Engine): {
  readonly engine: Engine;
  readonly stores: ParameterStore[];
  readonly learners: Learner[];
} {
  const stores: ParameterStore[] = [];
  const learners: Learner[] = [];
  return {
    stores,
    learners,
    engine: {
      name: engine.name,
      description: engine.description,
      createParameters: (groups) => {
        const store = engine.createParameters(groups);
        stores.push(store);
        return store;
      },
      createLearner: async (store, program) => {
        const learner = await engine.createLearner(store, program);
        learners.push(learner);
        return learner;
      },
      createFunction: (store, specification) => engine.createFunction(store, specification),
      dispose: () => engine.dispose(),
    },
  };
}

export const seeded = (seed: number): Random => new Random(seed);
