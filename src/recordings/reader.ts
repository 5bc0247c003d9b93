import fs from 'node:fs';
import path from 'node:path';
import type { Sensors } from '../../torcs-client/sensors.ts';
import { InvalidArgumentError, InvalidFileError } from '../core/errors.ts';
import type { CameraFrame } from '../core/frame.ts';
import { describeFeatures, type RecordingDescription } from './description.ts';
import { vectorToSensors } from './features.ts';
import * as format from './format.ts';
import { readParquet } from './parquet.ts';
import { decodePng } from './png.ts';
import { hasJournal } from './seal.ts';
import { readInfo } from './state.ts';
import { readVideo } from './video.ts';

/** One episode of a recording. */
export interface RecordedEpisode {
  readonly episode: number;
  readonly task: string;
  readonly track: string;
  readonly driver: string;
  readonly simulator: string;
  /** Undefined when it was not known. */
  readonly seed: number | undefined;
  /**
   * Why the episode ended: the environment's reason (`laps-done`, `off-track`, …) where it named one, else `terminated`
   * or `truncated`; `stopped`: ended from outside; `interrupted`: the recording process died.
   */
  readonly outcome: string;
  /** Times of the laps that were completed, s. */
  readonly lapTimesS: readonly number[];
  readonly returnSum: number;
  /** The state after the last step; empty when it was not known. */
  readonly finalState: Float32Array;
  readonly frames: number;
  readonly fromFrame: number;
  /** The data file that holds it. */
  readonly file: string;
}

/** A picture that is decoded when it is asked for. */
export interface RecordedPicture {
  /** The bytes of the PNG file; undefined for pictures from a video. */
  readonly png: Uint8Array | undefined;
  /** Pixels, height × width × channels. */
  decode(): Promise<CameraFrame>;
}

/** One row of a recording: what was seen, done and got. */
export interface RecordedTransition {
  readonly episode: number;
  readonly frame: number;
  readonly index: number;
  readonly taskIndex: number;
  /** LeRobot's `timestamp`: frame over rate, s. */
  readonly timestampS: number;
  /** Control ticks, and simulated time in s, since the race started. */
  readonly tick: number;
  readonly tickTimeS: number;
  readonly state: Float32Array;
  /** What was executed. */
  readonly action: Float32Array;
  /** What the expert would have done at this observation; undefined in recordings without it. */
  readonly expertAction: Float32Array | undefined;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly sensors: Sensors | undefined;
  readonly picture: RecordedPicture | undefined;
}

export interface TransitionsOptions {
  /** Only this episode. */
  readonly episode?: number;
  /** Only these frames of it, the last excluded. Default: all. */
  readonly from?: number;
  readonly to?: number;
  /** Read the pictures too. Default true. */
  readonly pictures?: boolean;
}

/** A recording that is open for reading. Nothing is held open between calls. */
export interface Recording extends RecordingDescription {
  readonly dir: string;
  readonly info: format.DatasetInfo;
  /** All episodes in order; their statistics are left out. */
  readonly episodes: readonly RecordedEpisode[];
  /** Rows in order, read a row group at a time: memory does not grow with the dataset. */
  transitions(options?: TransitionsOptions): AsyncGenerator<RecordedTransition>;
}

/**
 * Opens a LeRobot v3.0 dataset as {@link RecordingWriter} makes them. A recording under way, or one whose process died,
 * shows the episodes that are in files so far.
 *
 * @throws {@link InvalidFileError} naming the file that is missing, cut or foreign
 */
export async function openRecording(dir: string): Promise<Recording> {
  if (!fs.existsSync(path.join(dir, format.INFO_PATH))) {
    const hint = hasJournal(dir) ? '; its recording died: repair it first' : '';
    throw new InvalidFileError(`Expected a dataset in ${dir}, got no ${format.INFO_PATH}${hint}`);
  }
  const info = readInfo(dir);
  const rows: { episode: RecordedEpisode; file: number }[] = [];
  for (let file = 0; rows.length < info.total_episodes; file++) {
    for await (const row of readParquet(path.join(dir, format.episodesPath(file)), { columns: EPISODE_COLUMNS })) {
      rows.push({ episode: toEpisode(row, file), file });
    }
  }
  const firstOfFile = new Map<number, number>();
  for (const { episode, file } of rows) if (!firstOfFile.has(file)) firstOfFile.set(file, episode.fromFrame);

  async function* transitions(options: TransitionsOptions = {}): AsyncGenerator<RecordedTransition> {
    const { episode, from = 0, to = Number.POSITIVE_INFINITY, pictures = true } = options;
    if (episode === undefined && (options.from !== undefined || options.to !== undefined)) {
      throw new InvalidArgumentError('Expected an `episode` with `from` and `to`, got none');
    }
    if (episode !== undefined && rows[episode] === undefined) {
      throw new InvalidArgumentError(`Expected \`episode\` from 0 to ${rows.length - 1} in ${dir}, got ${episode}`);
    }
    for (const row of episode === undefined ? rows : [rows[episode] as (typeof rows)[number]]) {
      const rowStart = row.episode.fromFrame - (firstOfFile.get(row.file) ?? 0);
      const frames = Math.max(0, Math.min(to, row.episode.frames) - from);
      if (frames > 0) yield* readEpisode(dir, info, row.file, rowStart + from, frames, pictures);
    }
  }
  return {
    dir,
    info,
    ...describeFeatures(info.features),
    episodes: rows.map(({ episode }) => episode),
    transitions,
  };
}

const EPISODE_COLUMNS = [
  'episode_index',
  'tasks',
  'length',
  'dataset_from_index',
  'track',
  'driver',
  'simulator',
  'seed',
  'outcome',
  'return_sum',
  'lap_times_s',
  'final_state',
];

function toEpisode(row: Record<string, unknown>, file: number): RecordedEpisode {
  const seed = Number(row['seed']);
  return {
    episode: Number(row['episode_index']),
    task: String((row['tasks'] as unknown[] | undefined)?.[0] ?? ''),
    track: String(row['track'] ?? ''),
    driver: String(row['driver'] ?? ''),
    simulator: String(row['simulator'] ?? ''),
    seed: seed < 0 ? undefined : seed,
    outcome: String(row['outcome'] ?? ''),
    lapTimesS: ((row['lap_times_s'] as number[] | undefined) ?? []).map(Number),
    returnSum: Number(row['return_sum']),
    finalState: Float32Array.from((row['final_state'] as number[] | undefined) ?? []),
    frames: Number(row['length']),
    fromFrame: Number(row['dataset_from_index']),
    file: format.dataPath(file),
  };
}

async function* readEpisode(
  dir: string,
  info: format.DatasetInfo,
  file: number,
  rowStart: number,
  frames: number,
  pictures: boolean,
): AsyncGenerator<RecordedTransition> {
  const camera = pictures ? info.features[format.CAMERA_KEY] : undefined;
  const columns = Object.entries(info.features)
    .filter(([key, feature]) => feature.dtype !== 'video' && (pictures || key !== format.CAMERA_KEY))
    .map(([key]) => key);
  const size = { height: camera?.shape[0] ?? 0, width: camera?.shape[1] ?? 0 };
  const channels = camera?.shape[2] === 1 ? 1 : 3;
  const video =
    camera?.dtype === 'video'
      ? readVideo(
          path.join(dir, format.videoPath(file)),
          { ...size, channels, fps: info.fps },
          rowStart / info.fps,
          frames,
        )
      : undefined;
  try {
    const rows = readParquet(path.join(dir, format.dataPath(file)), { columns, rowStart, rowEnd: rowStart + frames });
    for await (const row of rows) {
      let picture: RecordedPicture | undefined;
      const tick = Number(row[format.TICK_KEY]);
      if (video !== undefined) {
        const next = await video.next();
        const data = next.done === true ? new Uint8Array(0) : next.value;
        picture = { png: undefined, decode: async () => ({ ...size, data, tick }) };
      } else if (camera !== undefined) {
        const png = (row[format.CAMERA_KEY] as { bytes: Uint8Array }).bytes;
        picture = { png, decode: async () => ({ ...size, data: decodePng(png, { ...size, channels }), tick }) };
      }
      yield toTransition(row, tick, picture);
    }
  } finally {
    await video?.return(undefined);
  }
}

function toTransition(
  row: Record<string, unknown>,
  tick: number,
  picture: RecordedPicture | undefined,
): RecordedTransition {
  const sensors = row[format.SENSORS_KEY] as number[] | undefined;
  // A vector with one entry is stored as a plain value.
  const vector = (key: string): Float32Array => Float32Array.from([row[key]].flat() as number[]);
  return {
    episode: Number(row['episode_index']),
    frame: Number(row['frame_index']),
    index: Number(row['index']),
    taskIndex: Number(row['task_index']),
    timestampS: Number(row['timestamp']),
    tick,
    tickTimeS: Number(row[format.TICK_TIME_KEY]),
    state: vector(format.STATE_KEY),
    action: vector(format.ACTION_KEY),
    expertAction: row[format.EXPERT_ACTION_KEY] === undefined ? undefined : vector(format.EXPERT_ACTION_KEY),
    reward: Number(row[format.REWARD_KEY]),
    terminated: row[format.TERMINATED_KEY] === true,
    truncated: row[format.TRUNCATED_KEY] === true,
    sensors: sensors === undefined ? undefined : vectorToSensors(sensors),
    picture,
  };
}
