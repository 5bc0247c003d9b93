import { z } from 'zod';
import { environmentSchemas } from '../compose/environment-settings.ts';

/** Options of {@link openDataset}; unknown ones are refused. Plain data: worker threads get them too. */
export const datasetOptionsSchema = z.strictObject({
  /** Folders of recordings, each once. */
  folders: z
    .array(z.string().min(1))
    .min(1)
    .max(10_000)
    .refine((folders) => new Set(folders).size === folders.length, 'Expected each folder once'),
  /** The learner's environment: what it sees, what it does, how long an action holds. */
  environment: environmentSchemas.driving,
  /** Whose actions: the expert's labels where they are recorded (else what was executed), or what was executed. */
  labels: z.enum(['expert', 'executed']),
  /**
   * Recordings of a higher rate than the learner's are thinned to every k-th frame. `all` gives k episodes of each, begun
   * at its first k frames; `first` only the one from its first frame. Default `all`.
   */
  phases: z.enum(['all', 'first']).default('all'),
  /** Throttle and brake pressed at once, for a learner with one pedal: see `actions.ts`. Default `exact`. */
  pedals: z.enum(['exact', 'net']).default('exact'),
});

export type DatasetOptions = z.input<typeof datasetOptionsSchema>;
export type CheckedDatasetOptions = z.output<typeof datasetOptionsSchema>;
