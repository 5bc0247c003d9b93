import type { FileMark } from '../core/files.ts';
import * as format from './format.ts';
import { type ColumnType, ParquetFile } from './parquet.ts';
import { asPictureStat } from './state.ts';
import { type FeatureStats, STAT_NAMES } from './stats.ts';

/** One episode as its row of `meta/episodes` tells it. */
export interface EpisodeRow {
  readonly episode: number;
  readonly task: string;
  readonly track: string;
  readonly driver: string;
  readonly simulator: string;
  /** -1 when it is not known. */
  readonly seed: number;
  readonly outcome: string;
  readonly returnSum: number;
  readonly lapTimesS: readonly number[];
  /** The state after the last step, which no row of the data holds; empty when it is not known. */
  readonly finalState: readonly number[];
  readonly file: number;
  readonly fromFrame: number;
  readonly toFrame: number;
  /** Seconds into the video file; used when there is one. */
  readonly fromVideoS: number;
  readonly stats: Readonly<Record<string, FeatureStats>>;
}

interface EpisodeColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly value: (row: EpisodeRow) => unknown;
}

/** Rows of statistics are wide: so many are held until they are written. */
const ROWS_AT_ONCE = 100;

/** Writes the episodes of one data file. Call `commit` or `discard` at the end. */
export class EpisodesFile {
  readonly #columns: readonly EpisodeColumn[];
  readonly #table: ParquetFile;

  constructor(path: string, features: format.Features, fps: number) {
    this.#columns = episodeColumns(features, fps);
    this.#table = new ParquetFile(path, this.#columns, {}, ROWS_AT_ONCE);
  }

  add(row: EpisodeRow): void {
    this.#table.add(this.#columns.map(({ value }) => value(row)));
  }

  commit(): FileMark {
    return this.#table.commit();
  }

  discard(): void {
    this.#table.discard();
  }
}

/** LeRobot's columns (dataset_metadata.py, save_episode), and between them ours. */
function episodeColumns(features: format.Features, fps: number): EpisodeColumn[] {
  const cameras = Object.entries(features).filter(([, { dtype }]) => dtype === 'image' || dtype === 'video');
  const videos = cameras.filter(([, { dtype }]) => dtype === 'video').map(([key]) => key);
  return [
    integer('episode_index', (row) => row.episode),
    { name: 'tasks', type: list('STRING'), value: (row) => [row.task] },
    integer('length', (row) => row.toFrame - row.fromFrame),
    integer('data/chunk_index', (row) => format.chunkAndFile(row.file).chunk),
    integer('data/file_index', (row) => format.chunkAndFile(row.file).file),
    integer('dataset_from_index', (row) => row.fromFrame),
    integer('dataset_to_index', (row) => row.toFrame),
    ...videos.flatMap((key) => [
      integer(`videos/${key}/chunk_index`, (row) => format.chunkAndFile(row.file).chunk),
      integer(`videos/${key}/file_index`, (row) => format.chunkAndFile(row.file).file),
      decimal(`videos/${key}/from_timestamp`, (row) => row.fromVideoS),
      decimal(`videos/${key}/to_timestamp`, (row) => row.fromVideoS + (row.toFrame - row.fromFrame) / fps),
    ]),
    text('track', (row) => row.track),
    text('driver', (row) => row.driver),
    text('simulator', (row) => row.simulator),
    integer('seed', (row) => row.seed),
    text('outcome', (row) => row.outcome),
    decimal('return_sum', (row) => row.returnSum),
    { name: 'lap_times_s', type: list('DOUBLE'), value: (row) => row.lapTimesS },
    { name: 'final_state', type: list('FLOAT'), value: (row) => row.finalState },
    ...Object.keys(features).flatMap((key) =>
      statColumns(
        key,
        cameras.some(([camera]) => camera === key),
      ),
    ),
    integer('meta/episodes/chunk_index', (row) => format.chunkAndFile(row.file).chunk),
    integer('meta/episodes/file_index', (row) => format.chunkAndFile(row.file).file),
  ];
}

function statColumns(key: string, isPicture: boolean): EpisodeColumn[] {
  return STAT_NAMES.map((stat) => {
    const name = `stats/${key}/${stat}`;
    const values = (row: EpisodeRow): readonly number[] => row.stats[key]?.[stat] ?? [];
    if (stat === 'count') return { name, type: list('INT64'), value: (row) => values(row).map(BigInt) };
    if (isPicture) return { name, type: list('DOUBLE', 3), value: (row) => asPictureStat(values(row)) };
    return { name, type: list('DOUBLE'), value: values };
  });
}

const list = (type: 'INT64' | 'DOUBLE' | 'FLOAT' | 'STRING', depth = 1): ColumnType => ({ kind: 'list', type, depth });

const integer = (name: string, value: (row: EpisodeRow) => number): EpisodeColumn => ({
  name,
  type: { kind: 'leaf', type: 'INT64' },
  value: (row) => BigInt(value(row)),
});

const decimal = (name: string, value: (row: EpisodeRow) => number): EpisodeColumn => ({
  name,
  type: { kind: 'leaf', type: 'DOUBLE' },
  value,
});

const text = (name: string, value: (row: EpisodeRow) => string): EpisodeColumn => ({
  name,
  type: { kind: 'leaf', type: 'STRING' },
  value,
});
