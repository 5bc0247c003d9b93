import { z } from 'zod';
import { parseOptions } from '../../core/options.ts';

/**
 * A track as people write it down: the choices that the game's track files offer, without their spelling. Metres,
 * radians (helpers for degrees are in `design.ts`); whatever a segment leaves out goes on from the segment before it.
 * `buildTrack` turns it into the ring of pieces that the simulator drives on.
 */

/** Most pieces that a track may have: the game's longest has 2,956. */
export const MAX_PIECES = 100_000;

const length = z.number().min(0).max(100_000);
const width = z.number().min(0).max(1_000);
const height = z.number().min(-10_000).max(10_000);
const slope = z.number().min(-10).max(10);
const banking = z.number().min(-1.5).max(1.5);
const name = z.string().max(200);

export const materialSchema = z.strictObject({
  /** Factor on the tyre's grip, 0 to 10. Default 0.8. */
  friction: z.number().min(0).max(10).optional(),
  /** 0 to 10. Default 0.001. */
  rollingResistance: z.number().min(0).max(10).optional(),
  /** Height of the bumps from trough to crest, m, 0 to 10: twice what {@link Material} keeps. Default 0. */
  roughness: z.number().min(0).max(10).optional(),
  /** m, 0.001 to 10,000. Default 1. */
  roughnessWavelength: z.number().min(0.001).max(10_000).optional(),
  /** 0 to 1000. Default 10. */
  damage: z.number().min(0).max(1_000).optional(),
  /** 0 to 10. Default 0.5. */
  rebound: z.number().min(0).max(10).optional(),
});
/** Properties of one material; left out: the game's defaults (`getTrackSurface` in track4.cpp). */
export type MaterialSpecification = z.infer<typeof materialSchema>;

const borderSchema = z.strictObject({
  /** m, 0 to 1000. Default 0: no border. */
  width: width.optional(),
  /** m, -100 to 100. Default 0. */
  height: z.number().min(-100).max(100).optional(),
  /** Default `grass`. */
  surface: name.optional(),
  /** Default `plan`. */
  style: z.enum(['plan', 'curb', 'wall']).optional(),
});

const barrierSchema = z.strictObject({
  /** A fence has no width. Default `fence`. */
  style: z.enum(['fence', 'wall']).optional(),
  /** m, of a wall, 0 to 1000. Default 0.5. */
  width: width.optional(),
  /** m, 0 to 1000. Default 0.6. */
  height: z.number().min(0).max(1_000).optional(),
  /** Default `barrier`. */
  surface: name.optional(),
});

export const sideDefaultsSchema = z.strictObject({
  /** Width of the run-off, m, 0 to 1000. Default 0. */
  width: width.optional(),
  /** Material of the run-off. Default `grass`. */
  surface: name.optional(),
  /** Whether border and run-off stay level or go on with the road's banking; for the whole track. Default `level`. */
  banking: z.enum(['level', 'tangent']).optional(),
  border: borderSchema.optional(),
  barrier: barrierSchema.optional(),
});
/** What lies beside the road where no segment says otherwise. */
export type SideDefaults = z.infer<typeof sideDefaultsSchema>;

export const sideOverrideSchema = z.strictObject({
  /** Default: the end width of the segment before. */
  startWidth: width.optional(),
  /** Default: the start width. */
  endWidth: width.optional(),
  surface: name.optional(),
  border: borderSchema.optional(),
  barrier: barrierSchema.optional(),
});
/** What changes beside the road from this segment on. */
export type SideOverride = z.infer<typeof sideOverrideSchema>;

export const segmentSchema = z.strictObject({
  name: name,
  kind: z.enum(['straight', 'left', 'right']),
  /** Straights: m, more than 0. */
  length: length.optional(),
  /** Curves: of the centre line at the start, m, more than half the road's width. */
  radius: length.optional(),
  /** Curves: of the centre line at the end; another radius than `radius` makes a spiral. Default: `radius`. */
  endRadius: length.optional(),
  /** Curves: angle turned, rad, more than 0, at most 4π. */
  arc: z
    .number()
    .min(0)
    .max(4 * Math.PI)
    .optional(),
  surface: name.optional(),
  /** Heights of both edges. Default: start: the end of the segment before; end: the last one given. */
  startHeight: height.optional(),
  endHeight: height.optional(),
  startHeightLeft: height.optional(),
  startHeightRight: height.optional(),
  endHeightLeft: height.optional(),
  endHeightRight: height.optional(),
  /** Climb per metre that gives the end height where `endHeight` is absent; stays for the segments that follow. */
  grade: slope.optional(),
  /** Positive: the left side is higher. */
  startBanking: banking.optional(),
  endBanking: banking.optional(),
  /** Between both ends, heights go along a cubic spline (default) or a straight line. */
  profile: z.enum(['spline', 'linear']).optional(),
  /** Number of pieces of a spline segment, 1 to 100,000. Default 1, which lets `stepLength` decide. */
  steps: z.number().int().min(1).max(MAX_PIECES).optional(),
  /** Greatest length of the pieces of a spline segment, m; 0: no subdivision. Default: the track's. */
  stepLength: length.optional(),
  /** Slopes dz/ds at both ends of a spline. Default: start: the end of the segment before; end: the last one given. */
  startSlope: slope.optional(),
  endSlope: slope.optional(),
  startSlopeLeft: slope.optional(),
  startSlopeRight: slope.optional(),
  endSlopeLeft: slope.optional(),
  endSlopeRight: slope.optional(),
  left: sideOverrideSchema.optional(),
  right: sideOverrideSchema.optional(),
});
/** One segment in driving order. */
export type SegmentSpecification = z.infer<typeof segmentSchema>;

export const startingGridSchema = z.strictObject({
  /** Cars side by side, 1 to 20. Default 2. */
  rows: z.number().int().min(1).max(20).optional(),
  /** m. Default 10. */
  distanceToStartM: length.optional(),
  /** m. Default 10. */
  distanceBetweenColumnsM: length.optional(),
  /** m. Default 5. */
  offsetWithinColumnM: length.optional(),
  /** Above the road, m, 0 to 100. Default 0.3. */
  initialHeightM: z.number().min(0).max(100).optional(),
  /** Default: the inside of the first curve. */
  polePosition: z.enum(['left', 'right']).optional(),
});
export type StartingGridSpecification = z.infer<typeof startingGridSchema>;

export const trackSpecificationSchema = z.strictObject({
  /** Name as given on the command line: small letters, digits, `-`, `_`, `.`. */
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/),
  title: name,
  /** Such as `road`, `oval`, `dirt`. */
  category: name,
  author: name,
  description: z.string().max(10_000),
  /** Width of the road, m, 1 to 200. */
  width: z.number().min(1).max(200),
  /** Material of the road. */
  surface: name,
  /** Greatest length of the pieces into which segments are cut, m; 0: they are not. */
  stepLength: length,
  /** By name; a material that is used but not listed has the game's defaults. */
  materials: z.record(z.string().max(200), materialSchema),
  left: sideDefaultsSchema,
  right: sideDefaultsSchema,
  segments: z.array(segmentSchema).min(1).max(MAX_PIECES),
  startingGrid: startingGridSchema.optional(),
});
export type TrackSpecification = z.infer<typeof trackSpecificationSchema>;

/**
 * Checks what zod can check of a specification.
 *
 * @throws InvalidArgumentError naming the first place that is wrong
 */
export function checkSpecification(value: unknown): TrackSpecification {
  return parseOptions(trackSpecificationSchema, value, 'track specification');
}
