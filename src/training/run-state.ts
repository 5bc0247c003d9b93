import { z } from 'zod';

const figure = z.number();
const count = z.int().min(0);

const evaluationSchema = z.strictObject({
  step: count,
  updates: count,
  episodes: count,
  meanReturn: figure,
  stdReturn: figure,
  minReturn: figure,
  maxReturn: figure,
  meanLength: figure,
  stdLength: figure,
  minLength: figure,
  maxLength: figure,
  actions: z
    .record(z.string(), z.strictObject({ mean: figure, min: figure, max: figure, atBounds: figure }))
    .default({}),
});

/** What a checkpoint says of a run beside agent and replay buffer. */
export const runStateSchema = z.strictObject({
  /** The trainer's own, which checks it. */
  trainer: z.unknown(),
  /** Steps at which the last line was logged, and the last evaluation was done. */
  loggedAt: count,
  evaluatedAt: count,
  evaluation: evaluationSchema.nullable(),
  best: z.strictObject({ step: count, meanReturn: figure }).nullable(),
  /** Wall-clock time of the run so far, s. */
  elapsedS: figure,
  /** What observers added, by their keys. */
  observers: z.record(z.string(), z.unknown()),
});
export type RunState = z.output<typeof runStateSchema>;
