import { z } from 'zod';
import type { Agent } from '../core/agent.ts';
import type { Clock } from '../core/clock.ts';
import type { Environment } from '../core/environment.ts';
import type { Policy } from '../core/policy.ts';
import type { ReplayBuffer } from '../core/replay.ts';
import type { TrainingObserver } from './observer.ts';
import type { TransitionSource } from './transition-source.ts';
import type { EnvironmentGroup } from './workers/environment-group.ts';

const count = (least: number) => z.int().min(least).max(Number.MAX_SAFE_INTEGER);

/** How a run steps, learns and looks at itself, by Stable-Baselines3's names. Steps count over all environments. */
export const trainingSettingsSchema = z.strictObject({
  /** Steps of the run, from 1. They are taken exactly, also where environments do not divide them. */
  totalTimesteps: count(1),
  /** Steps with uniformly random actions, before anything is learnt. Default 100. */
  learningStarts: count(0).default(100),
  /** Updates become due each time that this many steps were taken. From 1; default 1. */
  trainFrequency: count(1).default(1),
  /** Updates that become due then; -1: as many as steps. Default 1. */
  gradientSteps: z.union([z.literal(-1), count(1)]).default(1),
  /** Steps between evaluations; there is one at the end too. 0: none at all. Default 10,000. */
  evaluationInterval: count(0).default(10_000),
  /** Episodes of each evaluation, from 1. Default 5. */
  evaluationEpisodes: count(1).default(5),
  /** Steps between checkpoints. 0: on interruption only. Default 10,000. */
  checkpointInterval: count(0).default(10_000),
  /** Steps between lines of the logs (Stable-Baselines3 counts episodes). From 1; default 1000. */
  logInterval: count(1).default(1000),
});

export type TrainingSettings = z.input<typeof trainingSettingsSchema>;
export type CheckedTrainingSettings = z.output<typeof trainingSettingsSchema>;

/** Where and by whom a run is evaluated. */
export interface EvaluationParts {
  /** An environment of its own, so that no training episode is disturbed. */
  readonly environment: Environment;
  /**
   * Makes an acting half over the agent's live weights, with recurrent state and noise of its own: what the agent keeps of
   * the training episode under way stays as it is. Made for each evaluation, and disposed of after it.
   */
  readonly policy: () => Policy | Promise<Policy>;
}

/** Everything that a run is made of. Who made a part closes it; `train` closes none. */
export interface TrainOptions {
  /** The run's folder: see {@link runFiles}. */
  readonly folder: string;
  /** Go on with the run in the folder. Default false: the folder must be new or empty. */
  readonly resume?: boolean;
  readonly agent: Agent;
  readonly replay: ReplayBuffer;
  /**
   * What is learnt from: environments that are stepped, or a dataset. With a dataset each step is an update,
   * `learningStarts`, `trainFrequency` and `gradientSteps` are not looked at, and checkpoints leave the replay buffer out:
   * the source fills it again.
   */
  readonly experience: EnvironmentGroup | TransitionSource;
  /** Left out: the run is not evaluated, and there is no best policy. */
  readonly evaluation?: EvaluationParts;
  readonly training: TrainingSettings;
  /** Of all the run's random numbers that are drawn here. Whole number, 0 to 2^32-1. */
  readonly seed: number;
  /**
   * What else makes the run, as JSON: environment, agent, replay. Written to `settings.json`, and compared when the run is
   * resumed. Without the keys `format` and `training`.
   */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Look on beside the run's own log files; called in this order. */
  readonly observers?: readonly TrainingObserver[];
  /** Ends the run between two steps: a checkpoint and the policy are saved. */
  readonly signal?: AbortSignal;
  /** Default: the machine's. */
  readonly clock?: Clock;
}
