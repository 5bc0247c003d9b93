import type { Sensors } from '../../torcs-client/sensors.ts';
import * as format from './format.ts';

/** Sensors that are one number, in the order of the recorded vector. */
export const SCALAR_SENSORS = [
  'angle',
  'curLapTime',
  'damage',
  'distFromStart',
  'distRaced',
  'fuel',
  'gear',
  'lastLapTime',
  'racePos',
  'rpm',
  'speedX',
  'speedY',
  'speedZ',
  'trackPos',
  'z',
] as const;
/** Those that are several, behind them, with their count. */
const VECTORS = [
  ['focus', 5],
  ['opponents', 36],
  ['track', 19],
  ['wheelSpinVel', 4],
] as const;

/** Numbers in `observation.sensors`. */
export const SENSOR_COUNT = SCALAR_SENSORS.length + VECTORS.reduce((sum, [, count]) => sum + count, 0);

/** A range finder's name carries its direction: the reading means nothing without it. */
const rangeFinderName = (angleDeg: number): string => `track_${angleDeg}deg`;
const RANGE_FINDER_NAME = /^track_(-?\d.*)deg$/;
/** As environments name the entries of their state: `track[0]` to `track[18]`. */
const STATE_RANGE_FINDER = /^track\[(\d+)\]$/;

/**
 * Names of the entries of `observation.sensors`: the SCR keys; a vector's entries are numbered from 0 (`opponents_0`),
 * but those of `track` carry their direction (`track_-90deg`, `track_2.5deg`).
 */
export function sensorNames(rangeFinderAnglesDeg: readonly number[]): string[] {
  return [
    ...SCALAR_SENSORS,
    ...VECTORS.flatMap(([name, count]) =>
      Array.from({ length: count }, (_, i) =>
        name === 'track' ? rangeFinderName(rangeFinderAnglesDeg[i] ?? Number.NaN) : `${name}_${i}`,
      ),
    ),
  ];
}

/** Names of a state's entries as they are recorded: `track[0]` becomes `track_-90deg`, the others stay. */
export function recordedStateNames(names: readonly string[], rangeFinderAnglesDeg: readonly number[]): string[] {
  return names.map((name) => {
    const angleDeg = rangeFinderAnglesDeg[Number(STATE_RANGE_FINDER.exec(name)?.[1])];
    return angleDeg === undefined ? name : rangeFinderName(angleDeg);
  });
}

/** The directions that the features' names carry, degrees, or undefined when no range finder is recorded. */
export function rangeFinderAngles(features: format.Features): readonly number[] | undefined {
  for (const key of [format.SENSORS_KEY, format.STATE_KEY]) {
    const angles = (features[key]?.names ?? []).flatMap((name) => RANGE_FINDER_NAME.exec(name)?.[1] ?? []).map(Number);
    if (angles.length > 0) return angles;
  }
  return undefined;
}

/** Writes sensors as the flat vector that is recorded. A vector that is too short leaves NaN. */
export function sensorsToVector(sensors: Sensors, into: Float32Array): void {
  let at = 0;
  for (const name of SCALAR_SENSORS) into[at++] = sensors[name];
  for (const [name, count] of VECTORS) {
    const values = sensors[name];
    for (let i = 0; i < count; i++) into[at++] = values[i] ?? Number.NaN;
  }
}

/** The sensors that a recorded vector holds, rounded to single precision; `extra` is not recorded and empty. */
export function vectorToSensors(vector: ArrayLike<number>): Sensors {
  const result: Record<string, unknown> = { extra: {} };
  let at = 0;
  for (const name of SCALAR_SENSORS) result[name] = vector[at++] ?? Number.NaN;
  for (const [name, count] of VECTORS) {
    result[name] = Array.from({ length: count }, (_, i) => vector[at + i] ?? Number.NaN);
    at += count;
  }
  return result as unknown as Sensors;
}

export interface FeatureChoice {
  readonly stateNames: readonly string[];
  readonly actionNames: readonly string[];
  readonly expertAction: boolean;
  readonly sensors: boolean;
  readonly rangeFinderAnglesDeg: readonly number[];
  readonly camera?:
    | {
        readonly width: number;
        readonly height: number;
        readonly channels: 1 | 3;
        readonly view?: string | undefined;
      }
    | undefined;
  readonly reward?: { readonly kind: string; readonly scale: number } | undefined;
  readonly video: boolean;
  readonly fps: number;
}

/** The features of `info.json`, in the order of the columns. */
export function buildFeatures(choice: FeatureChoice): format.Features {
  const vector = (names: readonly string[]): format.Feature => ({ dtype: 'float32', shape: [names.length], names });
  const scalar = (dtype: 'float32' | 'float64' | 'int64' | 'bool'): format.Feature => ({
    dtype,
    shape: [1],
    names: null,
  });
  const { rangeFinderAnglesDeg } = choice;
  const features: Record<string, format.Feature> = {
    [format.STATE_KEY]: vector(recordedStateNames(choice.stateNames, rangeFinderAnglesDeg)),
  };
  if (choice.sensors) features[format.SENSORS_KEY] = vector(sensorNames(rangeFinderAnglesDeg));
  if (choice.camera !== undefined) {
    const { width, height, channels, view } = choice.camera;
    const info = {
      ...(choice.video
        ? {
            'video.height': height,
            'video.width': width,
            'video.codec': 'h264',
            'video.pix_fmt': 'yuv420p',
            'video.is_depth_map': false,
            'video.fps': choice.fps,
            'video.channels': channels,
            has_audio: false,
          }
        : {}),
      ...(view === undefined ? {} : { [format.CAMERA_VIEW_INFO]: view }),
    };
    features[format.CAMERA_KEY] = {
      dtype: choice.video ? 'video' : 'image',
      shape: [height, width, channels],
      names: ['height', 'width', 'channels'],
      ...(Object.keys(info).length === 0 ? {} : { info }),
    };
  }
  features[format.ACTION_KEY] = vector(choice.actionNames);
  if (choice.expertAction) features[format.EXPERT_ACTION_KEY] = vector(choice.actionNames);
  const { reward } = choice;
  features[format.REWARD_KEY] = {
    ...scalar('float32'),
    ...(reward === undefined
      ? {}
      : { info: { [format.REWARD_KIND_INFO]: reward.kind, [format.REWARD_SCALE_INFO]: reward.scale } }),
  };
  features[format.DONE_KEY] = scalar('bool');
  features[format.TERMINATED_KEY] = scalar('bool');
  features[format.TRUNCATED_KEY] = scalar('bool');
  features[format.TICK_KEY] = scalar('int64');
  features[format.TICK_TIME_KEY] = scalar('float64');
  features['timestamp'] = scalar('float32');
  for (const key of ['frame_index', 'episode_index', 'index', 'task_index']) features[key] = scalar('int64');
  return features;
}
