import type { Observation } from './environment.ts';

export interface ActOptions {
  /** Add exploration noise. Default false. */
  readonly explore?: boolean;
}

/** The acting half of an agent. */
export interface Policy {
  /** Shown in tables and recordings. */
  readonly name: string;
  /** Called at the start of each episode: recurrent state, gear lever and the like start anew. */
  reset?(): void;
  /** Returns an action of the environment's action space; a fresh array. */
  act(observation: Observation, options?: ActOptions): Float32Array | Promise<Float32Array>;
  dispose?(): void;
}
