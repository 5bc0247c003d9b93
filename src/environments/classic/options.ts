import { z } from 'zod';

const side = z.int().min(8).max(4096);

/** Size of a picture, pixels, 8 to 4096 each. */
export const pictureFormatSchema = z.strictObject({ width: side, height: side });

/** Options that the classic tasks share; each task adds its own. */
export const classicOptions = {
  /** Size of the pictures that `pixels` and `rawFrames` are about, pixels, 8 to 4096 each. Default 64 × 64. */
  camera: pictureFormatSchema.default({ width: 64, height: 64 }),
  /** Put the camera's own picture into `info.frame` at every step, for recorders. Default false. */
  rawFrames: z.boolean().default(false),
  /** Hint at the last action with arrows in pictures. Default false: an agent is to see the state only. */
  showAction: z.boolean().default(false),
};

/** Steps after which an episode is truncated (`time-limit`), 1 to 10⁶; null: never. */
export const maxEpisodeSteps = z.int().min(1).max(1_000_000).nullable();

/** With every default filled in. */
export interface CheckedClassicOptions {
  readonly camera: z.output<typeof pictureFormatSchema>;
  readonly rawFrames: boolean;
  readonly showAction: boolean;
  readonly maxEpisodeSteps: number | null;
}
