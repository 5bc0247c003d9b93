import path from 'node:path';
import { z } from 'zod';
import { agentSettingsSchema } from '../../agents/ddpg/index.ts';
import { BACKEND_NAMES } from '../../backend/index.ts';
import { InvalidFileError } from '../../core/errors.ts';
import { readJson } from '../../core/files.ts';
import { runFiles, trainingSettingsSchema } from '../../training/index.ts';
import { environmentSettingsSchema } from '../compose/environment-settings.ts';
import { datasetSettingsSchema } from './dataset-settings.ts';
import { ALGORITHM_NAMES, ENCODER_NAMES, OBSERVE_NAMES } from './presets.ts';
import { replaySettingsSchema } from './replay-settings.ts';

/** All that a run hangs on but its folder: with this alone it can be repeated, and resumed. */
export const runSettingsSchema = z.strictObject({
  /** What was asked for on the command line; the sections below are what follows from it. */
  request: z.strictObject({
    algorithm: z.enum(ALGORITHM_NAMES),
    /** Where the settings that were not given come from. */
    preset: z.string(),
    observe: z.enum(OBSERVE_NAMES),
    encoder: z.enum(ENCODER_NAMES),
  }),
  environment: environmentSettingsSchema,
  /** Driving: tracks on which the run is evaluated, and its best policy chosen; null: those of the environment. */
  evaluationTracks: z.array(z.string().min(1)).min(1).nullable().default(null),
  /** Recordings that are learnt from; null: none. */
  dataset: datasetSettingsSchema.nullable().default(null),
  agent: agentSettingsSchema,
  replay: replaySettingsSchema,
  engine: z.strictObject({ backend: z.enum(BACKEND_NAMES), threads: z.int().min(1).max(1024) }),
  /** Whether each environment has a worker thread of its own. */
  workers: z.boolean(),
  training: z.strictObject({
    ...trainingSettingsSchema.shape,
    seed: z.int().min(0).max(0xffff_ffff),
    /** 0: a run on a dataset steps none. */
    environments: z.int().min(0).max(1024),
  }),
});
export type RunSettings = z.output<typeof runSettingsSchema>;

/**
 * The settings of the run in a folder.
 *
 * @throws InvalidFileError when its `settings.json` is missing, or not what this program writes
 */
export function readRunSettings(folder: string): RunSettings {
  const file = path.join(folder, runFiles.settings);
  const result = z.strictObject({ format: z.literal(1), ...runSettingsSchema.shape }).safeParse(readJson(file));
  if (result.success) {
    const { format: _, ...settings } = result.data;
    return settings;
  }
  const issue = result.error.issues[0]!;
  throw new InvalidFileError(
    `Expected the settings of a run in ${file}, but \`${issue.path.map(String).join('.')}\`: ${issue.message}`,
  );
}
