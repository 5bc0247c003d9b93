import type { Layout } from './layout.ts';

/** One of the environments that feed a buffer. */
export interface Source {
  /** The oldest row of this source that is still needed; -1 when there is none. */
  tail: number;
  /** The newest row of this source; -1 when none is needed any more. */
  last: number;
  /** An episode goes on. */
  open: boolean;
  /** An episode started, and its first observation is not a row yet but in `state` and `picture`. */
  staged: boolean;
  /** Steps of the episode so far. */
  steps: number;
  /** Transitions of this source that can be drawn. */
  transitions: number;
  readonly state: Float32Array;
  /** The same memory as `state`. */
  readonly stateBytes: Uint8Array;
  /** Channels first. */
  readonly picture: Uint8Array;
}

export function newSource({ state, pictureBytes }: Layout): Source {
  const entries = new Float32Array(state);
  return {
    tail: -1,
    last: -1,
    open: false,
    staged: false,
    steps: 0,
    transitions: 0,
    state: entries,
    stateBytes: new Uint8Array(entries.buffer),
    picture: new Uint8Array(pictureBytes),
  };
}
