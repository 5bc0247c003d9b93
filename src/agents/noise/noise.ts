import type { Random, RandomState } from '../../core/random.ts';

/** A noise's whole state, serialisable. */
export interface NoiseState {
  readonly random: RandomState;
  /** What is carried from one step to the next; empty where nothing is. */
  readonly values: readonly number[];
}

/** Noise that is added to a policy's action (-1 to 1) to explore. */
export interface ActionNoise {
  /** One number for each entry of the action. @param step exploring steps before this one, for schedules */
  sample(step: number): Float64Array;
  /** An episode starts. */
  reset(): void;
  state: NoiseState;
}

/** Seeded generator and size, which every noise has. */
export interface NoiseParts {
  readonly size: number;
  readonly random: Random;
}
