import { z } from 'zod';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG, TRACK_SENSOR_COUNT } from '../../torcs-client/sensors.ts';
import type { Observation, StepInfo } from '../core/environment.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import { parseOptions } from '../core/options.ts';
import { createJournalFile, type JournalFile } from './journal.ts';

const names = z.array(z.string().min(1)).min(1).max(4096);
const side = z.number().int().min(1).max(4096);

const schema = z.strictObject({
  /** Folder of the dataset; made when it is missing, appended to when it holds a dataset of equal features. */
  dir: z.string().min(1),
  /** Steps per second of simulated time, a whole number from 1 to 1000: 50 without action repeat. */
  fps: z.number().int().min(1).max(1000),
  /** Names of the entries of `observation.state`, in order; `track[0]` … are recorded with their directions. */
  stateNames: names,
  /** Names of the entries of the action, in order. */
  actionNames: names,
  /**
   * Record what an expert would have done at each observation too, as `action.expert`, with the action's names; the
   * source `expertAction` gives it. Default false.
   */
  expertAction: z.boolean().default(false),
  /** Record the raw SCR sensors of each observation (79 numbers). Default true. */
  sensors: z.boolean().default(true),
  /**
   * Directions of the 19 `track` range finders, degrees, -180 to 180, -90 left; they become part of the features'
   * names. Default -90, -80, … 90.
   */
  rangeFinderAnglesDeg: z
    .array(z.number().min(-180).max(180))
    .length(TRACK_SENSOR_COUNT)
    .default([...DEFAULT_RANGE_FINDER_ANGLES_DEG]),
  /**
   * Record a picture per step: width and height in pixels (1 to 4096), channels 3 (RGB, default) or 1 (grey), and the
   * view's name, so that learners can tell whether they would see the same.
   */
  camera: z
    .strictObject({
      width: side,
      height: side,
      channels: z.union([z.literal(1), z.literal(3)]).default(3),
      view: z.string().min(1).optional(),
    })
    .optional(),
  /** Which of the environment's rewards is recorded, and its factor, for the same purpose. Default: not told. */
  reward: z.strictObject({ kind: z.string().min(1), scale: z.number().positive() }).optional(),
  /** Store the pictures as H.264 video (lossy, even sizes only) instead of PNG images (lossless). Default false. */
  video: z.boolean().default(false),
  /** Who drives, for the episodes' metadata; `info.driver` of the reset goes before. Default `unknown`. */
  driver: z.string().default('unknown'),
  /** The simulator's name, likewise. Default `unknown`. */
  simulator: z.string().default('unknown'),
  /** The track's name, likewise. Default `unknown`. */
  track: z.string().default('unknown'),
  /** `robot_type` of the dataset. Default `torcs-car`. */
  robotType: z.string().default('torcs-car'),
  /** Size of the journal, MB, at which the episodes so far become files, 1 to 4096. Default 64. */
  dataFileMegabytes: z.number().positive().max(4096).default(64),
  /** Longest time that a recorded step may wait to reach the disk, ms, 1 to 1000. Default 500. */
  syncIntervalMs: z.number().min(1).max(1000).default(500),
});

export type RecordingOptions = z.input<typeof schema>;
export type CheckedRecordingOptions = z.output<typeof schema>;

/** What a writer takes from outside; tests pass their own. */
export interface RecordingSources {
  /** The picture of an observation, height × width × channels. Default: the newest of the stack in `pixels`. */
  readonly picture?: (observation: Observation, info: StepInfo) => Uint8Array | undefined;
  /** The expert's action for an observation, as many numbers as `actionNames`. Needed where `expertAction` is set. */
  readonly expertAction?: (observation: Observation, info: StepInfo) => Float32Array | undefined;
  /**
   * Tick and simulated time since the race started, of the observation that `info` came with. Default: `info.tick` and
   * `info.tickTimeS` where they are numbers, else the step's number and that over the rate.
   */
  readonly tick?: (info: StepInfo) => { readonly tick: number; readonly timeS: number } | undefined;
  /** Opens the journal's file. */
  readonly openFile?: (path: string) => JournalFile;
}

export const defaultOpenFile = createJournalFile;

/** @throws {@link InvalidArgumentError} naming the option */
export function checkRecordingOptions(options: RecordingOptions): CheckedRecordingOptions {
  const checked = parseOptions(schema, options, 'recording options');
  const { camera, video } = checked;
  if (video && camera === undefined) {
    throw new InvalidArgumentError('Expected a `camera` size with `video`, got none; give the size or leave video off');
  }
  if (video && camera !== undefined && (camera.width % 2 !== 0 || camera.height % 2 !== 0)) {
    throw new InvalidArgumentError(
      `Expected an even \`camera\` size for video, got ${camera.width}x${camera.height}; record images instead`,
    );
  }
  return checked;
}
