import { z } from 'zod';

/** What a run's replay buffer is told beside what follows from agent and environment; unknown settings are refused. */
export const replaySettingsSchema = z.strictObject({
  /** Draw transitions by priority: alpha and beta of Schaul et al. 2016, 0 to 1. Default null: uniformly. */
  prioritized: z
    .strictObject({ alpha: z.number().min(0).max(1).default(0.6), beta: z.number().min(0).max(1).default(0.4) })
    .nullable()
    .default(null),
});
export type ReplaySettings = z.output<typeof replaySettingsSchema>;
