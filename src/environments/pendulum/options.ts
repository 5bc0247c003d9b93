import { z } from 'zod';
import { classicOptions, maxEpisodeSteps } from '../classic/options.ts';

/** Options of {@link PendulumEnvironment}; unknown ones are refused. */
export const pendulumOptionsSchema = z.strictObject({
  ...classicOptions,
  /** Leave the angular velocity out of the state, for recurrent agents. Default false. */
  hideVelocity: z.boolean().default(false),
  /** Steps after which an episode is truncated (`time-limit`), 1 to 10⁶; null: never. Default 200. */
  maxEpisodeSteps: maxEpisodeSteps.default(200),
});

/** What a caller may pass. */
export type PendulumOptions = z.input<typeof pendulumOptionsSchema>;
/** With every default filled in. */
export type CheckedPendulumOptions = z.output<typeof pendulumOptionsSchema>;
