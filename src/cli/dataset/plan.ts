import { DEFAULT_RANGE_FINDER_ANGLES_DEG } from '../../../torcs-client/sensors.ts';
import { StateEncoder } from '../../environments/driving/index.ts';
import { type RecordedTransition, type Recording, recordedStateNames } from '../../recordings/index.ts';
import { CONTROL_RATE_HZ } from '../compose/control-rate.ts';
import type { DrivingSettings } from '../compose/environment-settings.ts';
import { actionConverter, actionKindOf } from './actions.ts';
import { DatasetMismatchError } from './errors.ts';
import type { CheckedDatasetOptions } from './options.ts';

/** How the rows of one recording become what the learner eats. */
export interface RecordingPlan {
  readonly recording: Recording;
  /** Every so many frames are one step of the learner's. */
  readonly stride: number;
  /** Recorded rewards are multiplied by this. */
  readonly rewardFactor: number;
  /** The row's state as the learner's environment would give it. */
  state(row: RecordedTransition): Float32Array;
  /** @throws DatasetMismatchError where it cannot be said in the learner's actions */
  action(row: RecordedTransition): Float32Array;
  /** What was taken for granted, because the recording does not tell. */
  readonly notes: readonly string[];
}

/**
 * Checks whether a recording fits a learner, and how.
 *
 * @throws {@link DatasetMismatchError} naming what the learner needs and what the recording has
 */
export function planRecording(recording: Recording, options: CheckedDatasetOptions): RecordingPlan {
  const { environment, labels } = options;
  const notes: string[] = [];
  const stride = strideOf(recording, environment);
  refuseOtherCamera(recording, environment, notes);
  const state = stateReader(recording, environment);
  const usesExpert = labels === 'expert' && recording.hasExpertAction;
  if (labels === 'expert' && !usesExpert) {
    notes.push(`${recording.dir} has no \`action.expert\`: what was executed is taken for the expert's`);
  }
  if (stride > 1 && labels === 'executed') {
    throw new DatasetMismatchError(
      `Expected ${rateText(environment)} in ${recording.dir}, got ${recording.info.fps}: what was executed changed within the learner's steps; record at the learner's rate, or take the expert's labels`,
    );
  }
  const convert = converterOf(recording, options);
  return {
    recording,
    stride,
    rewardFactor: labels === 'executed' ? rewardFactor(recording, environment, notes) : 1,
    state,
    action: (row) => {
      const action = usesExpert ? row.expertAction : row.action;
      return convert(action as Float32Array, () => placeOf(recording, row));
    },
    notes,
  };
}

/** Where a row is, for messages. */
export function placeOf({ dir }: Recording, { episode, frame }: RecordedTransition): string {
  return `episode ${episode}, frame ${frame} of ${dir}`;
}

const rateText = ({ options: { actionRepeat } }: DrivingSettings): string =>
  `${CONTROL_RATE_HZ / actionRepeat} frames a second (the learner's actions hold for ${actionRepeat} ticks)`;

function strideOf({ dir, info }: Recording, environment: DrivingSettings): number {
  const stride = (environment.options.actionRepeat * info.fps) / CONTROL_RATE_HZ;
  if (Number.isInteger(stride) && stride >= 1) return stride;
  throw new DatasetMismatchError(`Expected ${rateText(environment)}, or a whole multiple, in ${dir}, got ${info.fps}`);
}

function refuseOtherCamera({ dir, camera }: Recording, environment: DrivingSettings, notes: string[]): void {
  const { pixels, camera: own } = environment;
  if (pixels === undefined || own === undefined) return;
  const wanted = `pictures of ${own.width}x${own.height} from ${own.view}, as the learner sees them, or larger ones of the same shape`;
  const mismatch = (got: string) => new DatasetMismatchError(`Expected ${wanted}, in ${dir}, got ${got}`);
  if (camera === undefined) throw mismatch('no pictures');
  const { width, height, channels, view } = camera;
  if (view === undefined) notes.push(`${dir} does not tell its camera's view: it is taken for ${own.view}`);
  else if (view !== own.view) throw mismatch(`${width}x${height} from ${view}`);
  if (width < own.width || width * own.height !== height * own.width) throw mismatch(`${width}x${height}`);
  if (channels === 1 && pixels.colour !== 'grey') throw mismatch('grey ones, and the learner sees colours');
}

function stateReader(recording: Recording, { options }: DrivingSettings): RecordingPlan['state'] {
  const encoder = new StateEncoder(options.state);
  const angles = options.rangeFinderAnglesDeg ?? DEFAULT_RANGE_FINDER_ANGLES_DEG;
  const names = encoder.space.names ?? [];
  const wanted = recordedStateNames(names, angles);
  const recorded = recording.info.features['observation.state']?.names ?? [];
  // The environment's own numbers, to the last bit; sensors are recorded in single precision.
  if (wanted.join() === recorded.join()) return ({ state }) => state;
  if (!recording.hasSensors) {
    throw new DatasetMismatchError(
      `Expected sensors, or the learner's own state (${wanted.join(', ')}), in ${recording.dir}, got neither`,
    );
  }
  const recordedAngles = recording.rangeFinderAnglesDeg ?? [];
  if (names.some((name) => name.startsWith('track[')) && angles.join() !== recordedAngles.join()) {
    throw new DatasetMismatchError(
      `Expected range finders that look where the learner's do (${angles.join(', ')} degrees) in ${recording.dir}, got ${recordedAngles.join(', ')}: set \`rangeFinderAnglesDeg\`, or leave \`track\` out of the state`,
    );
  }
  return ({ sensors }) => encoder.encode(sensors!);
}

function converterOf(recording: Recording, { environment, pedals }: CheckedDatasetOptions) {
  const { actions } = environment.options;
  const { actionNames, dir } = recording;
  const kind = actionKindOf(actionNames);
  const convert = kind && actionConverter(kind, actions, pedals);
  if (convert !== undefined) return convert;
  throw new DatasetMismatchError(
    `Expected actions that can be said as ${actions} in ${dir}, got ${kind ?? actionNames.join(', ')}`,
  );
}

function rewardFactor({ dir, reward }: Recording, { options }: DrivingSettings, notes: string[]): number {
  if (reward === undefined) {
    notes.push(`${dir} does not tell its reward: it is taken for ${options.reward} × ${options.rewardScale}`);
    return 1;
  }
  if (reward.kind === options.reward) return options.rewardScale / reward.scale;
  throw new DatasetMismatchError(
    `Expected the reward ${options.reward}, as the learner's, in ${dir}, got ${reward.kind}`,
  );
}
