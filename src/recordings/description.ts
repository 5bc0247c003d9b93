import { rangeFinderAngles } from './features.ts';
import * as format from './format.ts';

/** The camera whose pictures a recording holds. */
export interface RecordedCamera {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Name of the view; undefined in recordings that do not tell. */
  readonly view: string | undefined;
  /** True for H.264 video (lossy), false for PNG pictures. */
  readonly isVideo: boolean;
}

/** What a recording's features tell about how it was made. */
export interface RecordingDescription {
  /** Names of the entries of `action`, and of `action.expert` where it is recorded. */
  readonly actionNames: readonly string[];
  readonly hasExpertAction: boolean;
  readonly hasSensors: boolean;
  /** Undefined when no pictures are recorded. */
  readonly camera: RecordedCamera | undefined;
  /** Which of the environment's rewards is recorded, and its factor; undefined in recordings that do not tell. */
  readonly reward: { readonly kind: string; readonly scale: number } | undefined;
  /** Directions of the range finders, degrees, in the order of `sensors.track`; undefined when none is recorded. */
  readonly rangeFinderAnglesDeg: readonly number[] | undefined;
}

export function describeFeatures(features: format.Features): RecordingDescription {
  const reward = features[format.REWARD_KEY]?.info ?? {};
  const kind = reward[format.REWARD_KIND_INFO];
  const scale = reward[format.REWARD_SCALE_INFO];
  return {
    actionNames: features[format.ACTION_KEY]?.names ?? [],
    hasExpertAction: features[format.EXPERT_ACTION_KEY] !== undefined,
    hasSensors: features[format.SENSORS_KEY] !== undefined,
    camera: describeCamera(features[format.CAMERA_KEY]),
    reward: typeof kind === 'string' && typeof scale === 'number' ? { kind, scale } : undefined,
    rangeFinderAnglesDeg: rangeFinderAngles(features),
  };
}

function describeCamera(feature: format.Feature | undefined): RecordedCamera | undefined {
  if (feature === undefined) return undefined;
  const view = feature.info?.[format.CAMERA_VIEW_INFO];
  return {
    height: feature.shape[0] ?? 0,
    width: feature.shape[1] ?? 0,
    channels: feature.shape[2] === 1 ? 1 : 3,
    view: typeof view === 'string' ? view : undefined,
    isVideo: feature.dtype === 'video',
  };
}
