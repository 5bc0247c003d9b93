import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Box, Environment, ObservationSpace } from '../../../src/core/environment.ts';
import { Random } from '../../../src/core/random.ts';

export interface ChaoticOptions {
  /** Pictures of 2 × 2 × 1 beside the state. */
  readonly pixels?: boolean;
  /** Turns of the event loop that a step takes at most: steps of several environments then end in mixed order. */
  readonly turns?: number;
  /** Never the same twice. */
  readonly irreproducible?: boolean;
  /** The step of each episode that throws, ends the thread, or gives a reward that is not a number. */
  readonly fails?: { readonly step: number; readonly how: 'throw' | 'exit' | 'nan' };
}

let resets = 0;

/**
 * A cheap task whose states forget nothing: each depends on all actions since the reset, so that the slightest difference
 * between two runs grows. Episodes end after 5 to 24 steps, every third one truncated.
 */
export function makeChaotic(options: ChaoticOptions = {}): Environment {
  let random = new Random(0);
  let state = new Float32Array(2);
  let step = 0;
  let length = 0;
  const observationSpace: ObservationSpace = {
    state: { shape: [2], low: 0, high: 1, dtype: 'float32' },
    ...(options.pixels === true ? { pixels: { shape: [2, 2, 1], low: 0, high: 255, dtype: 'uint8' } as Box } : {}),
  };
  const observe = () => ({
    state: Float32Array.from(state),
    ...(options.pixels === true ? { pixels: Uint8Array.from([0, 1, 2, 3], (i) => state[0]! * 1000 * (i + 1)) } : {}),
  });
  return {
    observationSpace,
    actionSpace: { shape: [1], low: -1, high: [1], dtype: 'float32' },
    reset: async ({ seed = 0 } = {}) => {
      random = new Random(options.irreproducible === true ? seed + ++resets : seed);
      state = Float32Array.of(random.uniform(), random.uniform());
      step = 0;
      length = 5 + random.below(20);
      return { observation: observe(), info: { seed } };
    },
    step: async (action) => {
      for (let turn = random.below((options.turns ?? 0) + 1); turn > 0; turn--) await nextTurn();
      step++;
      const failure = options.fails?.step === step ? options.fails.how : undefined;
      if (failure === 'throw') throw new RangeError(`Expected no step ${step}`);
      if (failure === 'exit') process.exit(3);
      const push = 0.05 * action[0]!;
      state[0] = Math.abs((3.9 * state[0]! * (1 - state[0]!) + push) % 1);
      state[1] = Math.abs((3.8 * state[1]! * (1 - state[1]!) + push * state[0]!) % 1);
      const ended = step === length;
      return {
        observation: observe(),
        info: { step },
        reward: failure === 'nan' ? Number.NaN : state[0]! - 0.1 * action[0]! ** 2,
        terminated: ended && length % 3 !== 0,
        truncated: ended && length % 3 === 0,
      };
    },
    close: async () => {},
  };
}
