import { InvalidArgumentError } from '../../core/errors.ts';
import type { Random, RandomState } from '../../core/random.ts';
import type { Schedule } from '../../core/schedule.ts';

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

/** Strength of a noise: the same for all entries of the action, or one for each. */
export type Strength = Schedule | readonly Schedule[];

/** @throws InvalidArgumentError when there is not one for each of the `size` entries */
export function strengthOfEach(strength: Strength, size: number): readonly Schedule[] {
  if (!isList(strength)) return new Array<Schedule>(size).fill(strength);
  if (strength.length !== size) {
    throw new InvalidArgumentError(
      `Expected one \`sigma\` of the noise for each of the action's ${size} entries, got ${strength.length}`,
    );
  }
  return strength;
}

// Array.isArray does not narrow readonly arrays.
function isList(strength: Strength): strength is readonly Schedule[] {
  return Array.isArray(strength);
}
