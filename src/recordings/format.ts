/**
 * The layout of a LeRobot dataset, version 3.0 (huggingface/lerobot, src/lerobot/datasets/utils.py and
 * dataset_metadata.py), and the two files of our own beside it, which other readers ignore.
 */
export const CODEBASE_VERSION = 'v3.0';
export const INFO_PATH = 'meta/info.json';
export const STATS_PATH = 'meta/stats.json';
export const TASKS_PATH = 'meta/tasks.parquet';
/** Ours: SHA-256 and size of every other file. */
export const CHECKSUMS_PATH = 'meta/checksums.json';
/** Ours: journal and lock of a recording under way; absent from a closed dataset. */
export const WORK_FOLDER = '.recording';
export const JOURNAL_PATH = `${WORK_FOLDER}/journal.bin`;
export const LOCK_PATH = `${WORK_FOLDER}/lock.json`;

/** Files per chunk folder (LeRobot: DEFAULT_CHUNK_SIZE). */
export const FILES_PER_CHUNK = 1000;

/** Feature keys; `observation.*`, `action`, `next.reward|done|truncated` and the last five are LeRobot's own names. */
export const STATE_KEY = 'observation.state';
export const SENSORS_KEY = 'observation.sensors';
export const CAMERA_KEY = 'observation.images.camera';
export const ACTION_KEY = 'action';
/** Ours: what an expert would have done at that observation, beside the action that was executed. */
export const EXPERT_ACTION_KEY = 'action.expert';
export const REWARD_KEY = 'next.reward';
export const DONE_KEY = 'next.done';
export const TERMINATED_KEY = 'next.terminated';
export const TRUNCATED_KEY = 'next.truncated';
export const TICK_KEY = 'tick';
export const TICK_TIME_KEY = 'tick_time';

export interface Feature {
  readonly dtype: 'float32' | 'float64' | 'int64' | 'bool' | 'image' | 'video';
  readonly shape: readonly number[];
  readonly names: readonly string[] | null;
  readonly info?: Readonly<Record<string, string | number | boolean>>;
}

/** What a feature's `info` tells beyond LeRobot's keys of videos, where whoever recorded said so. */
export const CAMERA_VIEW_INFO = 'camera.view';
export const REWARD_KIND_INFO = 'reward.kind';
export const REWARD_SCALE_INFO = 'reward.scale';

export type Features = Readonly<Record<string, Feature>>;

/** `meta/info.json`. */
export interface DatasetInfo {
  readonly codebase_version: string;
  readonly robot_type: string | null;
  readonly total_episodes: number;
  readonly total_frames: number;
  readonly total_tasks: number;
  readonly chunks_size: number;
  readonly data_files_size_in_mb: number;
  readonly video_files_size_in_mb: number;
  readonly fps: number;
  readonly splits: Readonly<Record<string, string>>;
  readonly data_path: string;
  readonly video_path: string | null;
  readonly features: Features;
}

/** Number of a file within the dataset, from 0, as chunk and file. */
export function chunkAndFile(number: number): { chunk: number; file: number } {
  return { chunk: Math.floor(number / FILES_PER_CHUNK), file: number % FILES_PER_CHUNK };
}

function chunkName(number: number): string {
  const { chunk, file } = chunkAndFile(number);
  return `chunk-${String(chunk).padStart(3, '0')}/file-${String(file).padStart(3, '0')}`;
}

export const dataPath = (number: number): string => `data/${chunkName(number)}.parquet`;
export const episodesPath = (number: number): string => `meta/episodes/${chunkName(number)}.parquet`;
export const videoPath = (number: number): string => `videos/${CAMERA_KEY}/${chunkName(number)}.mp4`;
