import { z } from 'zod';
import { EXPERT_MARGIN, expertMarginSchema } from '../compose/expert-margin.ts';

/** DAgger (Ross et al. 2011): the learner drives, the expert says what it would have done, and that is learnt too. */
export const daggerSettingsSchema = z.strictObject({
  /** Rounds, evenly spread over the run's updates. */
  rounds: z.int().min(1).max(1000),
  /** Frames recorded in each round, over all tracks. */
  frames: z.int().min(1).max(10_000_000),
  /** Probability that the expert drives a stretch in the learner's place in the first round; halved from round to round. */
  expertShare: z.number().min(0).max(1),
  /** Who labels: folder of a policy that reads the state, as an absolute path; null: the scripted driver. */
  expert: z.string().min(1).nullable().default(null),
  /** How the scripted driver drives: best as in the recordings. */
  margin: expertMarginSchema.default(EXPERT_MARGIN),
});
export type DaggerSettings = z.output<typeof daggerSettingsSchema>;

export const DATASET_USES = ['clone', 'offline', 'demonstrations'] as const;

/** The recordings that a run learns from. */
export const datasetSettingsSchema = z.strictObject({
  /** Folders of recordings, as absolute paths. */
  folders: z.array(z.string().min(1)).min(1),
  /**
   * - `clone`: the actor does as the expert would;
   * - `offline`: actor and critic learn from what was done and what came of it, no environment is stepped;
   * - `demonstrations`: a share of each batch of a run in environments.
   */
  use: z.enum(DATASET_USES),
  /** Share of each batch, for demonstrations. */
  share: z.number().positive().max(1).nullable(),
  /** With `clone`. */
  dagger: daggerSettingsSchema.nullable(),
});
export type DatasetSettings = z.output<typeof datasetSettingsSchema>;

/** Share of each batch where nobody says otherwise: half (Ball et al. 2023). */
export const DEFAULT_SHARE = 0.5;
/** Frames of a round of DAgger where nobody says otherwise, and how much of the first is the expert's. */
export const DEFAULT_DAGGER = { frames: 4000, expertShare: 0.5, expert: null, margin: EXPERT_MARGIN } as const;
