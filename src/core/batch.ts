/** What a batch holds, by the learner's needs. Sizes are numbers of entries. */
export interface BatchShape {
  /** Transitions, or sequences. */
  readonly size: number;
  /** Steps of a sequence that are learnt from or burnt in; absent: independent transitions. */
  readonly sequenceLength?: number;
  /** Entries of the state vector; absent: the state is not needed. */
  readonly state?: number;
  /** Height, width, channels (of the whole stack) of the pixels; absent: they are not needed. */
  readonly pixels?: readonly [number, number, number];
  readonly action: number;
}

/**
 * Independent transitions, to be written by a replay buffer. Arrays are row by row, one row a transition (B rows).
 * Arrays that the learner does not need are absent.
 */
export interface TransitionBatch {
  readonly kind: 'transitions';
  readonly shape: BatchShape;
  /** B × state. */
  readonly state?: Float32Array;
  /** The state n steps later. */
  readonly nextState?: Float32Array;
  /** B × channels × height × width: channels first, unlike an observation's. The oldest picture's channels first. */
  readonly pixels?: Uint8Array;
  readonly nextPixels?: Uint8Array;
  /** B × action, as they were given to the environment. */
  readonly action: Float32Array;
  /** B. Σ γ^i r over the n steps. */
  readonly reward: Float32Array;
  /** B. What the value of the next observation counts: γ^n, or 0 when the task terminated within the n steps. */
  readonly discount: Float32Array;
  /** B. Weight of each transition in the loss: 1, or what prioritised replay corrects by. */
  readonly weight: Float32Array;
}

/**
 * Sequences for recurrent learners, to be written by a replay buffer. Time runs along the first axis, L steps and
 * L + 1 observations; rows of one instant lie together (B rows).
 */
export interface SequenceBatch {
  readonly kind: 'sequences';
  readonly shape: BatchShape & { readonly sequenceLength: number };
  /** (L + 1) × B × state. */
  readonly state?: Float32Array;
  /** (L + 1) × B × channels × height × width. */
  readonly pixels?: Uint8Array;
  /** L × B × action. */
  readonly action: Float32Array;
  /** L × B. */
  readonly reward: Float32Array;
  /** L × B. γ, or 0 where the task terminated. */
  readonly discount: Float32Array;
  /** L × B. 1 where a step is learnt from; 0 where it is burnt in, or after the episode's end. */
  readonly mask: Float32Array;
}

export type Batch = TransitionBatch | SequenceBatch;
