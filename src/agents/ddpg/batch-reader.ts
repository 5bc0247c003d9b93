import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { BatchShape } from '../../core/batch.ts';
import type { InputSpecification, Tensors } from '../../core/engine.ts';
import type { Encoder } from '../networks/index.ts';

/** The observations of a batch that a loss looks at: those that were acted on, or those after. */
export interface View {
  /** Rows × features. */
  features(encoder: Encoder, weights: Tensors): Tensor;
}

/** Which arrays of observations a loss needs. */
export interface ReaderNeeds {
  readonly state: boolean;
  readonly pixels: boolean;
}

/** How losses read a kind of batch. Rows are transitions, or steps of sequences. */
export interface BatchReader {
  readonly kind: 'transitions' | 'sequences';
  readonly shape: BatchShape;
  /** Rows of the batch. */
  readonly rows: number;
  /** Arrays of the batch, by the batch's own names. */
  readonly inputs: Readonly<Record<string, InputSpecification>>;
  /** Names of those that the actor's loss reads; the critic's reads all. */
  readonly actorInputs: readonly string[];
  /** Observations acted on. */
  current(inputs: Tensors): View;
  /** Observations after. */
  next(inputs: Tensors): View;
  /** Mean of rows × 1 over the rows that count, by their weights if `weighted`. */
  mean(values: Tensor, inputs: Tensors, weighted: boolean): Scalar;
  /** The same mean, unweighted, of numbers that a loss handed out. */
  meanOf(values: Float32Array, arrays: Readonly<Record<string, Float32Array | Uint8Array>>): number;
}
