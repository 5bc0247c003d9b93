import type { Sensors } from '../../../torcs-client/sensors.ts';
import { InvalidFileError, UsageError } from '../../core/index.ts';
import { openRecording, type RecordedEpisode, type Recording } from '../../recordings/index.ts';
import type { Commands } from '../../video/index.ts';

/** One episode of a recording, without its pictures. */
export interface EpisodeRows {
  readonly recording: Recording;
  readonly episode: RecordedEpisode;
  readonly actionNames: readonly string[];
  readonly actions: readonly Float32Array[];
  /** Before each action. */
  readonly sensors: readonly Sensors[];
  readonly rewards: readonly number[];
  /** Width, height and channels of its pictures; undefined: it has none. */
  readonly camera: { readonly width: number; readonly height: number; readonly channels: 1 | 3 } | undefined;
}

/**
 * Reads an episode. A hundred numbers a row are kept: a drive of an hour takes some 100 MB.
 *
 * @throws InvalidFileError for a damaged recording, or one that holds no driving; UsageError for an episode that it does
 *   not have
 */
export async function readEpisode(folder: string, number: number): Promise<EpisodeRows> {
  const recording = await openRecording(folder);
  const episode = recording.episodes[number];
  if (episode === undefined) {
    const has = recording.episodes.length === 0 ? 'none in it' : `0 to ${recording.episodes.length - 1} in it`;
    throw new UsageError(`Expected --episode to be one of the recording ${folder}, got ${number}, and ${has}`);
  }
  const { features } = recording.info;
  const actionNames = features['action']?.names ?? [];
  const actions: Float32Array[] = [];
  const sensors: Sensors[] = [];
  const rewards: number[] = [];
  for await (const row of recording.transitions({ episode: number, pictures: false })) {
    if (row.sensors === undefined) {
      throw new InvalidFileError(
        `Expected a recording of driving, with observation.sensors, in ${folder}, got one without`,
      );
    }
    actions.push(row.action);
    sensors.push(row.sensors);
    rewards.push(row.reward);
  }
  if (sensors.length === 0) throw new InvalidFileError(`Expected rows of episode ${number} in ${folder}, got none`);
  const [height, width, channels] = features['observation.images.camera']?.shape ?? [];
  const camera =
    height === undefined || width === undefined
      ? undefined
      : ({ width, height, channels: channels === 1 ? 1 : 3 } as const);
  return { recording, episode, actionNames, actions, sensors, rewards, camera };
}

/** What an action commands, where its entries' names tell. */
export function commandsOf(names: readonly string[], action: Float32Array): Commands | undefined {
  const entry = (name: string) => action[names.indexOf(name)];
  const steer = entry('steer');
  const pedal = entry('pedal');
  const accelerate = entry('accelerate') ?? (pedal === undefined ? undefined : Math.max(0, pedal));
  const brake = entry('brake') ?? (pedal === undefined ? undefined : Math.max(0, -pedal));
  if (steer === undefined || accelerate === undefined || brake === undefined) return undefined;
  return { steer, accelerate, brake };
}
