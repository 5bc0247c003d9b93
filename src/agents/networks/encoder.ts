import type { Tensor } from '@tensorflow/tfjs-core';
import type { Tensors } from '../../core/engine.ts';
import type { ParameterDeclaration } from './parameters.ts';

/** What an encoder sees, one row an observation. */
export interface Observed {
  /** Rows × entries, as the environment gave it. */
  readonly state?: Tensor;
  /** Rows × channels × height × width, bytes. */
  readonly pixels?: Tensor;
  /** Rows × entries: the action before, -1 to 1; zeros at an episode's start. */
  readonly previousAction?: Tensor;
  /** Convolutions of these pixels that were made already, by the first filter: networks that share them find them here. */
  readonly convolved: Map<Tensor, Tensor>;
}

/** How rows hang together in time. Feed-forward encoders do not look at it. */
export interface Sequence {
  /** Instants; the rows of one instant lie together, the first instant first. */
  readonly steps: number;
  /** What the encoder remembers of before, as it gave it back. Left out: nothing, an episode starts. */
  readonly memory?: readonly Tensor[];
}

export interface Encoded {
  /** Rows × `outputSize`. */
  readonly features: Tensor;
  /** What the encoder remembers after the last instant: rows of one instant × each of `memorySizes`. */
  readonly memory: readonly Tensor[];
}

/** Which parts of an observation are read. */
export interface EncoderReads {
  readonly state: boolean;
  readonly pixels: boolean;
  readonly previousAction: boolean;
}

/** Makes features of observations; actor and critic are dense layers on top. Written with TensorFlow.js operations. */
export interface Encoder {
  /** In this order in a group. */
  readonly parameters: readonly ParameterDeclaration[];
  readonly outputSize: number;
  readonly reads: EncoderReads;
  /** Lengths of what is remembered from one instant to the next; empty: feed-forward. */
  readonly memorySizes: readonly number[];
  encode(parameters: Tensors, observed: Observed, sequence: Sequence): Encoded;
}
