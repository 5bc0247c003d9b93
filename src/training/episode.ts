import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Observation } from '../core/environment.ts';

export const episodeStateSchema = z.strictObject({
  /** Number of the episode in the run, and among its source's; both from 0. */
  episode: z.int().min(0),
  ordinal: z.int().min(0),
  seed: z.int().min(0).max(0xffff_ffff),
  steps: z.int().min(0),
  returnSum: z.number(),
  /** SHA-256 of the observation that the recorded actions led to. */
  observation: z.string().regex(/^[0-9a-f]{64}$/),
});
export type EpisodeState = z.output<typeof episodeStateSchema>;

/** An episode under way: its seed and the actions since are all that its environment's state hangs on. */
export class RunningEpisode {
  readonly episode: number;
  readonly ordinal: number;
  readonly seed: number;
  observation: Observation;
  steps = 0;
  returnSum = 0;
  readonly #actionSize: number;
  #actions: Float32Array;

  constructor(start: {
    readonly episode: number;
    readonly ordinal: number;
    readonly seed: number;
    readonly observation: Observation;
    /** Entries of an action. */
    readonly actionSize: number;
  }) {
    this.episode = start.episode;
    this.ordinal = start.ordinal;
    this.seed = start.seed;
    this.observation = start.observation;
    this.#actionSize = start.actionSize;
    this.#actions = new Float32Array(start.actionSize * 256);
  }

  addStep(action: Float32Array, reward: number, observation: Observation): void {
    const at = this.steps * this.#actionSize;
    if (at === this.#actions.length) {
      const grown = new Float32Array(2 * this.#actions.length);
      grown.set(this.#actions);
      this.#actions = grown;
    }
    this.#actions.set(action, at);
    this.steps++;
    this.returnSum += reward;
    this.observation = observation;
  }

  /** All actions so far, one after the other. */
  get actions(): Float32Array {
    return this.#actions.subarray(0, this.steps * this.#actionSize);
  }

  get state(): EpisodeState {
    const { episode, ordinal, seed, steps, returnSum } = this;
    return { episode, ordinal, seed, steps, returnSum, observation: fingerprint(this.observation) };
  }
}

/** SHA-256 of an observation's numbers and pixels, bit by bit. */
export function fingerprint({ state, pixels }: Observation): string {
  const hash = createHash('sha256').update(new Uint8Array(state.buffer, state.byteOffset, state.byteLength));
  if (pixels !== undefined) hash.update(pixels);
  return hash.digest('hex');
}
