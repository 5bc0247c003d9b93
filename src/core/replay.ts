import type { Batch } from './batch.ts';
import type { Checkpointed } from './checkpoint.ts';
import type { Observation } from './environment.ts';
import type { Transition } from './observer.ts';
import type { Random } from './random.ts';

/** Keeps transitions and gives batches of them. */
export interface ReplayBuffer extends Checkpointed {
  /** Transitions that can be drawn now. */
  readonly size: number;
  /** Transitions that fit. */
  readonly capacity: number;
  /** An episode starts. @param source which of several environments it comes from, from 0. Default 0 */
  startEpisode(observation: Observation, source?: number): void;
  /** The next step of that environment's episode; an episode is complete when it is terminated or truncated. */
  add(transition: Transition, source?: number): void;
  /** Fills the batch; the buffer stays as it is. @throws InvalidArgumentError when there is nothing to draw yet, or the batch's shape does not fit */
  sample(batch: Batch, random: Random): void;
  /** Prioritised replay: new priorities of the rows of a batch that `sample` filled. Others do not have it. */
  updatePriorities?(batch: Batch, priorities: Float32Array): void;
}
