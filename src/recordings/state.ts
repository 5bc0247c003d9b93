import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { InvalidFileError } from '../core/errors.ts';
import { type FileMark, jsonText, readJson, writeJsonAtomic } from '../core/files.ts';
import * as format from './format.ts';
import { readParquet } from './parquet.ts';
import { type FeatureStats, STAT_NAMES, type StatName } from './stats.ts';

/** Everything that the next file of a dataset builds on; the head of each journal, so that sealing can be redone. */
export interface DatasetState {
  readonly fps: number;
  readonly robotType: string;
  readonly features: format.Features;
  /** Data files so far; the next has this number. Each has its own file of episodes. */
  readonly files: number;
  readonly episodes: number;
  readonly frames: number;
  readonly tasks: readonly string[];
  readonly stats: Readonly<Record<string, FeatureStats>>;
  readonly marks: Readonly<Record<string, FileMark>>;
}

const featureSchema = z.object({
  dtype: z.enum(['float32', 'float64', 'int64', 'bool', 'image', 'video']),
  shape: z.array(z.number().int().nonnegative()),
  names: z.array(z.string()).nullable(),
  info: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

const infoSchema = z.looseObject({
  codebase_version: z.literal(format.CODEBASE_VERSION),
  robot_type: z.string().nullable(),
  total_episodes: z.number().int().nonnegative(),
  total_frames: z.number().int().nonnegative(),
  total_tasks: z.number().int().nonnegative(),
  fps: z.number().int().positive(),
  features: z.record(z.string(), featureSchema),
});

/** Reads and checks `meta/info.json`. @throws {@link InvalidFileError} naming the file */
export function readInfo(dir: string): format.DatasetInfo {
  const file = path.join(dir, format.INFO_PATH);
  const parsed = infoSchema.safeParse(readJson(file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InvalidFileError(
      `Expected the head of a LeRobot ${format.CODEBASE_VERSION} dataset in ${file}, got: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  }
  return parsed.data as unknown as format.DatasetInfo;
}

const checksumsSchema = z.strictObject({
  algorithm: z.literal('sha256'),
  digest: z.string(),
  files: z.record(z.string(), z.strictObject({ sha256: z.string(), bytes: z.number().int().nonnegative() })),
});

const digestOf = (marks: Readonly<Record<string, FileMark>>): string =>
  createHash('sha256').update(JSON.stringify(marks)).digest('hex');

/** Reads the checksums, which guard themselves by a digest. @throws {@link InvalidFileError} naming the file */
export function readChecksums(dir: string): Record<string, FileMark> {
  const file = path.join(dir, format.CHECKSUMS_PATH);
  const parsed = checksumsSchema.safeParse(readJson(file));
  const isWhole = parsed.success && fs.readFileSync(file, 'utf8') === jsonText(parsed.data);
  if (!isWhole || digestOf(parsed.data.files) !== parsed.data.digest) {
    throw new InvalidFileError(`Expected checksums as torcs-pilot writes them in ${file}, got an altered file`);
  }
  return parsed.data.files;
}

/** The state of a closed dataset, or undefined when the folder holds none. */
export async function loadState(dir: string): Promise<DatasetState | undefined> {
  if (!fs.existsSync(path.join(dir, format.INFO_PATH))) return undefined;
  const info = readInfo(dir);
  const tasks: string[] = [];
  for await (const row of readParquet(path.join(dir, format.TASKS_PATH))) {
    tasks[Number(row['task_index'])] = String(row['task']);
  }
  const marks = readChecksums(dir);
  return {
    fps: info.fps,
    robotType: info.robot_type ?? '',
    features: info.features,
    files: Object.keys(marks).filter((name) => name.startsWith('data/')).length,
    episodes: info.total_episodes,
    frames: info.total_frames,
    tasks,
    stats: readStats(dir, info.features),
    marks,
  };
}

const isPicture = (feature: format.Feature | undefined): boolean =>
  feature?.dtype === 'image' || feature?.dtype === 'video';

/** A channel's statistic in LeRobot's shape of pictures, (channels, 1, 1). */
export const asPictureStat = (values: readonly number[]): number[][][] => values.map((value) => [[value]]);

function readStats(dir: string, features: format.Features): Record<string, FeatureStats> {
  const content = readJson(path.join(dir, format.STATS_PATH)) as Record<string, Record<string, unknown[]>>;
  const result: Record<string, FeatureStats> = {};
  for (const [key, stats] of Object.entries(content)) {
    if (features[key] === undefined) continue;
    const numbers = (name: StatName): number[] => (stats[name] ?? []).flat(2) as number[];
    result[key] = Object.fromEntries(STAT_NAMES.map((name) => [name, numbers(name)])) as Record<StatName, number[]>;
  }
  return result;
}

/** Writes info, statistics and checksums, the checksums last; every file appears whole or stays as it was. */
export function writeState(dir: string, state: DatasetState, dataFileMegabytes: number): DatasetState {
  const hasVideo = Object.values(state.features).some((feature) => feature.dtype === 'video');
  const stats = Object.fromEntries(
    Object.entries(state.stats).map(([key, value]) => {
      if (!isPicture(state.features[key])) return [key, value];
      const shaped = Object.fromEntries(
        Object.entries(value).map(([name, numbers]) => [name, name === 'count' ? numbers : asPictureStat(numbers)]),
      );
      return [key, shaped];
    }),
  );
  const info: format.DatasetInfo = {
    codebase_version: format.CODEBASE_VERSION,
    robot_type: state.robotType,
    total_episodes: state.episodes,
    total_frames: state.frames,
    total_tasks: state.tasks.length,
    chunks_size: format.FILES_PER_CHUNK,
    data_files_size_in_mb: dataFileMegabytes,
    video_files_size_in_mb: dataFileMegabytes,
    fps: state.fps,
    splits: { train: `0:${state.episodes}` },
    data_path: 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet',
    video_path: hasVideo ? 'videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4' : null,
    features: state.features,
  };
  const marks: Record<string, FileMark> = { ...state.marks };
  marks[format.STATS_PATH] = writeJsonAtomic(path.join(dir, format.STATS_PATH), stats);
  marks[format.INFO_PATH] = writeJsonAtomic(path.join(dir, format.INFO_PATH), info);
  const files = Object.fromEntries(Object.entries(marks).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeJsonAtomic(path.join(dir, format.CHECKSUMS_PATH), { algorithm: 'sha256', digest: digestOf(files), files });
  return { ...state, marks: files };
}
