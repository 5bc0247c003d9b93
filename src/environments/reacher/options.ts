import { z } from 'zod';
import { classicOptions, maxEpisodeSteps } from '../classic/options.ts';

const weight = z.number().min(0).max(1000);

/** Options of {@link ReacherEnvironment}; unknown ones are refused. */
export const reacherOptionsSchema = z.strictObject({
  ...classicOptions,
  /** Steps after which an episode is truncated (`time-limit`), 1 to 10⁶; null: never. Default 50. */
  maxEpisodeSteps: maxEpisodeSteps.default(50),
  /** Weight of the distance in the reward, per m, 0 to 1000. Default 1. */
  rewardDistanceWeight: weight.default(1),
  /**
   * Weight of the squared action in the reward, 0 to 1000. Default 1, as `gymnasium.make('Reacher-v5')` has it and all
   * published returns do; its documentation says 0.1.
   */
  rewardControlWeight: weight.default(1),
});

/** What a caller may pass. */
export type ReacherOptions = z.input<typeof reacherOptionsSchema>;
/** With every default filled in. */
export type CheckedReacherOptions = z.output<typeof reacherOptionsSchema>;
