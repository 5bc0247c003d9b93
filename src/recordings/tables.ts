import path from 'node:path';
import type { FileMark } from './files.ts';
import * as format from './format.ts';
import { type Column, type ColumnType, type LeafType, ParquetFile, type Row } from './parquet.ts';
import { asPictureStat } from './state.ts';
import type { FeatureStats } from './stats.ts';

const LEAVES: Readonly<Record<string, LeafType>> = {
  float32: 'FLOAT',
  float64: 'DOUBLE',
  int64: 'INT64',
  bool: 'BOOLEAN',
};

function columnType(feature: format.Feature): ColumnType {
  if (feature.dtype === 'image') return { kind: 'picture' };
  const type = LEAVES[feature.dtype] ?? 'FLOAT';
  return isPlainValue(feature) ? { kind: 'leaf', type } : { kind: 'list', type, depth: 1 };
}

/** LeRobot stores every feature of shape (1,) as a plain value, named or not (get_hf_features_from_features). */
export function isPlainValue(feature: format.Feature): boolean {
  return feature.shape.length === 1 && feature.shape[0] === 1;
}

/** Columns of the data files: every feature but videos. */
export function dataColumns(features: format.Features): Column[] {
  return Object.entries(features)
    .filter(([, feature]) => feature.dtype !== 'video')
    .map(([name, feature]) => ({ name, type: columnType(feature) }));
}

/** The key-value metadata from which Hugging Face's `datasets` takes the types of the columns. */
export function huggingFaceMetadata(features: format.Features): Record<string, string> {
  const types = Object.entries(features)
    .filter(([, feature]) => feature.dtype !== 'video')
    .map(([name, feature]) => {
      if (feature.dtype === 'image') return [name, { _type: 'Image' }];
      const value = { dtype: feature.dtype, _type: 'Value' };
      return [name, isPlainValue(feature) ? value : { feature: value, length: feature.shape[0], _type: 'Sequence' }];
    });
  return { huggingface: JSON.stringify({ info: { features: Object.fromEntries(types) } }) };
}

/** One episode as its row of `meta/episodes` tells it. */
export interface EpisodeRow {
  readonly episode: number;
  readonly task: string;
  readonly track: string;
  readonly driver: string;
  readonly simulator: string;
  /** -1 when it is not known. */
  readonly seed: number;
  /** `terminated`, `truncated`, `stopped` (ended from outside) or `interrupted` (the recording process died). */
  readonly outcome: string;
  readonly returnSum: number;
  /** The state after the last step, which no row of the data holds; empty when it is not known. */
  readonly finalState: readonly number[];
  readonly file: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  /** Seconds into the video file; used when there is one. */
  readonly fromVideoS: number;
  readonly stats: Readonly<Record<string, FeatureStats>>;
}

const STAT_NAMES = ['min', 'max', 'mean', 'std', 'count'] as const;

/** Writes the episodes of one data file; LeRobot's columns (dataset_metadata.py, save_episode) and ours. */
export function writeEpisodes(
  file: string,
  rows: readonly EpisodeRow[],
  features: format.Features,
  fps: number,
): FileMark {
  const cells: [string, ColumnType, (row: EpisodeRow) => unknown][] = [];
  const add = (name: string, type: ColumnType, value: (row: EpisodeRow) => unknown): void => {
    cells.push([name, type, value]);
  };
  const int = (name: string, value: (row: EpisodeRow) => number): void =>
    add(name, { kind: 'leaf', type: 'INT64' }, (row) => BigInt(value(row)));
  const text = (name: string, value: (row: EpisodeRow) => string): void =>
    add(name, { kind: 'leaf', type: 'STRING' }, value);
  int('episode_index', (row) => row.episode);
  add('tasks', { kind: 'list', type: 'STRING', depth: 1 }, (row) => [row.task]);
  int('length', (row) => row.toFrame - row.fromFrame);
  int('data/chunk_index', (row) => format.chunkAndFile(row.file).chunk);
  int('data/file_index', (row) => format.chunkAndFile(row.file).file);
  int('dataset_from_index', (row) => row.fromFrame);
  int('dataset_to_index', (row) => row.toFrame);
  const pictures = Object.entries(features).filter(([, { dtype }]) => dtype === 'image' || dtype === 'video');
  for (const [key] of pictures.filter(([, { dtype }]) => dtype === 'video')) {
    int(`videos/${key}/chunk_index`, (row) => format.chunkAndFile(row.file).chunk);
    int(`videos/${key}/file_index`, (row) => format.chunkAndFile(row.file).file);
    add(`videos/${key}/from_timestamp`, { kind: 'leaf', type: 'DOUBLE' }, (row) => row.fromVideoS);
    add(
      `videos/${key}/to_timestamp`,
      { kind: 'leaf', type: 'DOUBLE' },
      (row) => row.fromVideoS + (row.toFrame - row.fromFrame) / fps,
    );
  }
  text('track', (row) => row.track);
  text('driver', (row) => row.driver);
  text('simulator', (row) => row.simulator);
  int('seed', (row) => row.seed);
  text('outcome', (row) => row.outcome);
  add('return_sum', { kind: 'leaf', type: 'DOUBLE' }, (row) => row.returnSum);
  add('final_state', { kind: 'list', type: 'FLOAT', depth: 1 }, (row) => row.finalState);
  const pictureKeys = new Set(pictures.map(([key]) => key));
  for (const key of Object.keys(features)) {
    for (const name of STAT_NAMES) {
      const isCount = name === 'count';
      const isPictureStat = pictureKeys.has(key) && !isCount;
      add(
        `stats/${key}/${name}`,
        { kind: 'list', type: isCount ? 'INT64' : 'DOUBLE', depth: isPictureStat ? 3 : 1 },
        (row) => {
          const values = row.stats[key]?.[name] ?? [];
          if (isCount) return values.map((value) => BigInt(value));
          return isPictureStat ? asPictureStat(values) : values;
        },
      );
    }
  }
  int('meta/episodes/chunk_index', (row) => format.chunkAndFile(row.file).chunk);
  int('meta/episodes/file_index', (row) => format.chunkAndFile(row.file).file);
  return writeTable(
    file,
    cells.map(([name, type]) => ({ name, type })),
    rows.map((row) => cells.map(([, , value]) => value(row))),
    {},
  );
}

/** Writes `meta/tasks.parquet` as pandas would: the task is the index of the table, its number the only column. */
export function writeTasks(dir: string, tasks: readonly string[]): FileMark {
  const column = (name: string, pandasType: string, numpyType: string): unknown => ({
    name,
    field_name: name,
    pandas_type: pandasType,
    numpy_type: numpyType,
    metadata: null,
  });
  const pandas = {
    index_columns: ['task'],
    column_indexes: [
      { name: null, field_name: null, pandas_type: 'unicode', numpy_type: 'object', metadata: { encoding: 'UTF-8' } },
    ],
    columns: [column('task_index', 'int64', 'int64'), column('task', 'unicode', 'object')],
    creator: { library: 'torcs-pilot', version: '1' },
    pandas_version: '2.0.0',
  };
  return writeTable(
    path.join(dir, format.TASKS_PATH),
    [
      { name: 'task_index', type: { kind: 'leaf', type: 'INT64' } },
      { name: 'task', type: { kind: 'leaf', type: 'STRING' } },
    ],
    tasks.map((task, i) => [BigInt(i), task]),
    { pandas: JSON.stringify(pandas) },
  );
}

function writeTable(
  file: string,
  columns: readonly Column[],
  rows: readonly Row[],
  metadata: Record<string, string>,
): FileMark {
  const table = new ParquetFile(file, columns, metadata);
  try {
    for (const row of rows) table.add(row);
    return table.commit();
  } finally {
    table.discard();
  }
}
