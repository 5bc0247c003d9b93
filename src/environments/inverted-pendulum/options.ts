import { z } from 'zod';
import { classicOptions, maxEpisodeSteps } from '../classic/options.ts';

/** Options of {@link InvertedPendulumEnvironment}; unknown ones are refused. */
export const invertedPendulumOptionsSchema = z.strictObject({
  ...classicOptions,
  /** Steps after which an episode is truncated (`time-limit`), 1 to 10⁶; null: never. Default 1000. */
  maxEpisodeSteps: maxEpisodeSteps.default(1000),
});

/** What a caller may pass. */
export type InvertedPendulumOptions = z.input<typeof invertedPendulumOptionsSchema>;
/** With every default filled in. */
export type CheckedInvertedPendulumOptions = z.output<typeof invertedPendulumOptionsSchema>;
