import type { Sensors } from '../../torcs-client/sensors.ts';
import * as format from './format.ts';

/** Sensors that are one number, and sensors that are several with their count, in the order of the recorded vector. */
const SCALARS = [
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
const VECTORS = [
  ['focus', 5],
  ['opponents', 36],
  ['track', 19],
  ['wheelSpinVel', 4],
] as const;

/** Names of the entries of `observation.sensors`: the SCR keys, a vector's entries numbered from 0 (`track_0`). */
export const SENSOR_NAMES: readonly string[] = [
  ...SCALARS,
  ...VECTORS.flatMap(([name, count]) => Array.from({ length: count }, (_, i) => `${name}_${i}`)),
];

/** Writes sensors as the flat vector that is recorded. A vector that is too short leaves NaN. */
export function sensorsToVector(sensors: Sensors, into: Float32Array): void {
  let at = 0;
  for (const name of SCALARS) into[at++] = sensors[name];
  for (const [name, count] of VECTORS) {
    const values = sensors[name];
    for (let i = 0; i < count; i++) into[at++] = values[i] ?? Number.NaN;
  }
}

/** The sensors that a recorded vector holds, rounded to single precision; `extra` is not recorded and empty. */
export function vectorToSensors(vector: ArrayLike<number>): Sensors {
  const result: Record<string, unknown> = { extra: {} };
  let at = 0;
  for (const name of SCALARS) result[name] = vector[at++] ?? Number.NaN;
  for (const [name, count] of VECTORS) {
    result[name] = Array.from({ length: count }, (_, i) => vector[at + i] ?? Number.NaN);
    at += count;
  }
  return result as unknown as Sensors;
}

export interface FeatureChoice {
  readonly stateNames: readonly string[];
  readonly actionNames: readonly string[];
  readonly sensors: boolean;
  readonly camera?: { readonly width: number; readonly height: number; readonly channels: 1 | 3 } | undefined;
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
  const features: Record<string, format.Feature> = { [format.STATE_KEY]: vector(choice.stateNames) };
  if (choice.sensors) features[format.SENSORS_KEY] = vector(SENSOR_NAMES);
  if (choice.camera !== undefined) {
    const { width, height, channels } = choice.camera;
    features[format.CAMERA_KEY] = {
      dtype: choice.video ? 'video' : 'image',
      shape: [height, width, channels],
      names: ['height', 'width', 'channels'],
      ...(choice.video
        ? {
            info: {
              'video.height': height,
              'video.width': width,
              'video.codec': 'h264',
              'video.pix_fmt': 'yuv420p',
              'video.is_depth_map': false,
              'video.fps': choice.fps,
              'video.channels': channels,
              has_audio: false,
            },
          }
        : {}),
    };
  }
  features[format.ACTION_KEY] = vector(choice.actionNames);
  features[format.REWARD_KEY] = scalar('float32');
  features[format.DONE_KEY] = scalar('bool');
  features[format.TERMINATED_KEY] = scalar('bool');
  features[format.TRUNCATED_KEY] = scalar('bool');
  features[format.TICK_KEY] = scalar('int64');
  features[format.TICK_TIME_KEY] = scalar('float64');
  features['timestamp'] = scalar('float32');
  for (const key of ['frame_index', 'episode_index', 'index', 'task_index']) features[key] = scalar('int64');
  return features;
}
