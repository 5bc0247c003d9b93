import { z } from 'zod';
import { parseOptions } from '../../torcs-client/options.ts';
import { CAMERA_VIEWS, type CameraFormat, type SimulatorResetOptions } from '../../torcs-client/simulator.ts';
import { type CheckedResetOptions, simulatorResetSchema } from '../../torcs-client/simulator-options.ts';
import type { OpponentDriver } from './race/driven-race.ts';
import { TrackLibrary } from './track/library.ts';
import type { Track } from './track/model.ts';

/** Most cars that are driven from outside, as on an SCR server. */
export const MAX_CARS = 10;
const MAX_PIXELS = 4096;

/** Options of an `EmbeddedSimulator`. */
export interface EmbeddedSimulatorOptions {
  /**
   * Finds a track by its name; throws for a name that it does not know. Default: a `TrackLibrary` of
   * our own and generated tracks. The same name must give the same object: what is derived from a track is kept with it.
   */
  readonly loadTrack?: (name: string) => Track;
  /** Track of the races whose reset names none. Default `harbour-oval`. */
  readonly track?: string;
  /** Cars driven from outside, 1 to 10. Default 1. */
  readonly cars?: number;
  /** Drivers of further cars, asked once a tick; they start in front, as the game's robots do. Default none. */
  readonly opponents?: readonly OpponentDriver[];
  /** What pictures to render of car 0; panels must be off. Default: no camera. */
  readonly camera?: CameraFormat;
}

let standardLibrary: TrackLibrary | undefined;

function loadStandardTrack(name: string): Track {
  standardLibrary ??= new TrackLibrary();
  return standardLibrary.get(name);
}

const cameraSchema = z.strictObject({
  width: z.int().min(1).max(MAX_PIXELS),
  height: z.int().min(1).max(MAX_PIXELS),
  view: z.enum(CAMERA_VIEWS),
  panels: z.literal(false, { error: 'the embedded simulator has no panels' }),
});

const optionsSchema = z.strictObject({
  loadTrack: z.custom<(name: string) => Track>((value) => typeof value === 'function').default(() => loadStandardTrack),
  track: z.string().min(1).default('harbour-oval'),
  cars: z.int().min(1).max(MAX_CARS).default(1),
  opponents: z
    .array(z.custom<OpponentDriver>((value) => typeof (value as OpponentDriver | undefined)?.drive === 'function'))
    .default([]),
  camera: cameraSchema.optional(),
});

export type CheckedOptions = z.infer<typeof optionsSchema>;

/** Throws {@link InvalidArgumentError} that names the first bad option. */
export function checkOptions(options: EmbeddedSimulatorOptions): CheckedOptions {
  return parseOptions(optionsSchema, options, 'EmbeddedSimulator options');
}

/** Throws {@link InvalidArgumentError} that names the first bad option. */
export function checkResetOptions(options: SimulatorResetOptions): CheckedResetOptions {
  return parseOptions(simulatorResetSchema, options, 'reset options');
}
