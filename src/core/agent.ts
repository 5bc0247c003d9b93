import type { Batch } from './batch.ts';
import type { Checkpointed } from './checkpoint.ts';
import type { Policy } from './policy.ts';

/** Figures of an update, by Stable-Baselines3's names without `train/`: `actor_loss`, `critic_loss`, … */
export type LearnMetrics = Readonly<Record<string, number>>;

export interface LearnResult {
  readonly metrics: LearnMetrics;
  /** |temporal-difference error| of each transition, for prioritised replay; one for each row of the batch. */
  readonly priorities?: Float32Array;
}

/** Acts and learns. Neither knows an environment. */
export interface Agent extends Policy, Checkpointed {
  /** A batch in the agent's own memory, to be filled by a replay buffer. Several may exist. */
  createBatch(): Batch;
  /**
   * One update. Calls must not overlap, nor `act` with them.
   *
   * @param batch one that `createBatch` made
   * @throws NotFiniteError when something in the update is not finite: the last good weights are kept
   */
  learn(batch: Batch): Promise<LearnResult>;
  /** Updates so far. */
  readonly updates: number;
  /** Writes the acting half as a policy folder, whole or not at all. The folder may exist: it is replaced. */
  save(folder: string): Promise<void>;
  dispose(): Promise<void>;
}
