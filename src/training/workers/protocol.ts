import { sizeOf } from '../../core/box.ts';
import type { Box, Observation, ObservationSpace, StepInfo } from '../../core/environment.ts';
import type { ThreadFailure } from '../../core/worker.ts';
import type { EnvironmentDescription } from './description.ts';

/** What a worker thread is started with. */
export interface WorkerStart {
  readonly description: EnvironmentDescription;
}

/** What a worker thread is asked. The action of a step lies in the shared memory. */
export type WorkerRequest =
  | { readonly kind: 'reset'; readonly seed: number }
  | { readonly kind: 'step' }
  | { readonly kind: 'close' };

/** What it answers, one reply for each request and `ready` before the first. State and pixels lie in the shared memory. */
export type WorkerReply =
  | {
      readonly kind: 'ready';
      readonly observationSpace: ObservationSpace;
      readonly actionSpace: Box;
      readonly memory: SharedArrayBuffer;
    }
  | { readonly kind: 'reset'; readonly info: StepInfo; readonly sensors: Observation['sensors'] }
  | {
      readonly kind: 'step';
      readonly info: StepInfo;
      readonly sensors: Observation['sensors'];
      readonly reward: number;
      readonly terminated: boolean;
      readonly truncated: boolean;
    }
  | { readonly kind: 'closed' }
  | WorkerFailure;

export interface WorkerFailure extends ThreadFailure {
  readonly kind: 'failed';
  readonly stack?: string;
}

const entries = (box: Box): number => sizeOf(box.shape);

/** Arrays over the memory that a worker thread shares with its owner: who is asked writes, who asked reads. */
export class SharedArrays {
  readonly memory: SharedArrayBuffer;
  readonly action: Float32Array;
  readonly #state: Float32Array;
  readonly #pixels: Uint8Array | undefined;

  /** @param memory the other side's; left out: it is made */
  constructor(observationSpace: ObservationSpace, actionSpace: Box, memory?: SharedArrayBuffer) {
    const actions = entries(actionSpace);
    const states = entries(observationSpace.state);
    const pixels = observationSpace.pixels === undefined ? 0 : entries(observationSpace.pixels);
    this.memory = memory ?? new SharedArrayBuffer((actions + states) * 4 + pixels);
    this.action = new Float32Array(this.memory, 0, actions);
    this.#state = new Float32Array(this.memory, actions * 4, states);
    if (observationSpace.pixels !== undefined) {
      this.#pixels = new Uint8Array(this.memory, (actions + states) * 4, pixels);
    }
  }

  write({ state, pixels }: Observation): void {
    this.#state.set(state);
    if (pixels !== undefined) this.#pixels?.set(pixels);
  }

  /** Fresh arrays, as an environment's own. */
  read(sensors: Observation['sensors']): Observation {
    return {
      state: Float32Array.from(this.#state),
      ...(this.#pixels === undefined ? {} : { pixels: Uint8Array.from(this.#pixels) }),
      ...(sensors === undefined ? {} : { sensors }),
    };
  }
}
