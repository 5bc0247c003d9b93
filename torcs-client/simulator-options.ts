import { z } from 'zod';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG, TRACK_SENSOR_COUNT } from './sensors.ts';

const MAX_START_DISTANCE_M = 1e6;
const MAX_LAPS = 10_000;
const MAX_SEED = 0xffff_ffff;

/** Checks `SimulatorResetOptions` and fills in their defaults, the same for every simulator that starts its own races. */
export const simulatorResetSchema = z.strictObject({
  track: z.string().min(1).optional(),
  startDistanceM: z.number().min(0).max(MAX_START_DISTANCE_M).optional(),
  laps: z.int().min(1).max(MAX_LAPS).default(MAX_LAPS),
  damage: z.boolean().default(true),
  fuel: z.boolean().default(true),
  noise: z.boolean().default(false),
  seed: z.int().min(0).max(MAX_SEED).default(0),
  rangeFinderAnglesDeg: z
    .array(z.number().min(-180).max(180))
    .length(TRACK_SENSOR_COUNT)
    .default([...DEFAULT_RANGE_FINDER_ANGLES_DEG]),
  countdown: z.boolean().default(false),
});

/** Reset options with their defaults filled in; plain values. */
export type CheckedResetOptions = z.output<typeof simulatorResetSchema>;
