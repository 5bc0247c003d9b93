import fs from 'node:fs';
import path from 'node:path';
import { InvalidFileError } from '../core/errors.ts';
import { syncFolder } from './files.ts';
import * as format from './format.ts';
import { decodeFrame, type FrameRecord } from './frame-record.ts';
import { RecordKind, readJournal } from './journal.ts';
import { ParquetFile } from './parquet.ts';
import { decodePng } from './png.ts';
import { type DatasetState, writeState } from './state.ts';
import { type FeatureStats, mergeStats, PictureStats, RunningStats } from './stats.ts';
import {
  dataColumns,
  type EpisodeRow,
  huggingFaceMetadata,
  isPlainValue,
  writeEpisodes,
  writeTasks,
} from './tables.ts';
import { VideoFile } from './video.ts';

/** First record of a journal. */
export interface JournalHeader {
  readonly version: 1;
  readonly dataFileMegabytes: number;
  readonly state: DatasetState;
}

export interface EpisodeStartRecord {
  readonly task: string;
  readonly track: string;
  readonly driver: string;
  readonly simulator: string;
  readonly seed: number;
}

export interface EpisodeEndRecord {
  readonly outcome: string;
  readonly returnSum: number;
  readonly finalState: readonly number[];
}

export interface SealResult {
  /** Undefined when the journal had no header: nothing was ever acknowledged. */
  readonly state: DatasetState | undefined;
  readonly episodes: number;
  readonly frames: number;
  /** Episodes that had no end in the journal: 0 or 1. */
  readonly interrupted: number;
  /** Bytes at the journal's end that were no sound record. */
  readonly tornBytes: number;
}

/**
 * Turns the journal of `dir` into one data file, one file of episodes, and new metadata, then removes the journal. It
 * depends on the journal alone and only replaces whole files, so a kill at any moment is mended by running it again.
 */
export async function sealJournal(dir: string): Promise<SealResult> {
  const journal = path.join(dir, format.JOURNAL_PATH);
  const sealing = new Sealing(dir);
  let end = 0;
  try {
    for await (const record of readJournal(journal)) {
      await sealing.take(record.kind, record.payload);
      end = record.end;
    }
    const result = await sealing.finish();
    const tornBytes = fs.statSync(journal).size - end;
    fs.rmSync(journal);
    syncFolder(path.dirname(journal));
    return { ...result, tornBytes };
  } finally {
    await sealing.discard();
  }
}

/** Images are decoded for their statistics only, from every eighth of an episode; LeRobot takes a sample too. */
const STATS_EVERY_FRAMES = 8;

interface OpenEpisode {
  readonly start: EpisodeStartRecord;
  readonly taskIndex: number;
  readonly fromFrame: number;
  readonly stats: Record<string, RunningStats>;
  readonly picture: PictureStats | undefined;
  returnSum: number;
}

class Sealing {
  readonly #dir: string;
  #header: JournalHeader | undefined;
  #data: ParquetFile | undefined;
  #video: VideoFile | undefined;
  #open: OpenEpisode | undefined;
  #episodes: EpisodeRow[] = [];
  #tasks: string[] = [];
  #stats: Record<string, FeatureStats> = {};
  #frame = 0;
  #interrupted = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async take(kind: number, payload: Buffer): Promise<void> {
    if (kind === RecordKind.header) {
      this.#header = JSON.parse(payload.toString()) as JournalHeader;
      this.#tasks = [...this.#header.state.tasks];
      this.#stats = { ...this.#header.state.stats };
      this.#frame = this.#header.state.frames;
    } else if (this.#header === undefined) {
      throw new InvalidFileError(
        `Expected a header first in ${path.join(this.#dir, format.JOURNAL_PATH)}, got a record of kind ${kind}`,
      );
    } else if (kind === RecordKind.episodeStart) {
      this.#endEpisode({ outcome: 'interrupted', returnSum: Number.NaN, finalState: [] });
      this.#startEpisode(this.#header.state.features, JSON.parse(payload.toString()) as EpisodeStartRecord);
    } else if (kind === RecordKind.frame) {
      await this.#addFrame(this.#header.state, payload);
    } else if (kind === RecordKind.episodeEnd) {
      this.#endEpisode(JSON.parse(payload.toString()) as EpisodeEndRecord);
    }
  }

  async finish(): Promise<Omit<SealResult, 'tornBytes'>> {
    this.#endEpisode({ outcome: 'interrupted', returnSum: Number.NaN, finalState: [] });
    const header = this.#header;
    if (header === undefined) return { state: undefined, episodes: 0, frames: 0, interrupted: 0 };
    const { state } = header;
    const done = {
      episodes: this.#episodes.length,
      frames: this.#frame - state.frames,
      interrupted: this.#interrupted,
    };
    if (this.#data === undefined) return { state, ...done };
    const marks = { ...state.marks };
    marks[format.dataPath(state.files)] = this.#data.commit();
    if (this.#video !== undefined) marks[format.videoPath(state.files)] = await this.#video.commit();
    const episodes = format.episodesPath(state.files);
    marks[episodes] = writeEpisodes(path.join(this.#dir, episodes), this.#episodes, state.features, state.fps);
    marks[format.TASKS_PATH] = writeTasks(this.#dir, this.#tasks);
    const next: DatasetState = {
      ...state,
      files: state.files + 1,
      episodes: state.episodes + this.#episodes.length,
      frames: this.#frame,
      tasks: this.#tasks,
      stats: this.#stats,
      marks,
    };
    return { state: writeState(this.#dir, next, header.dataFileMegabytes), ...done };
  }

  async discard(): Promise<void> {
    this.#data?.discard();
    await this.#video?.discard();
  }

  #startEpisode(features: format.Features, start: EpisodeStartRecord): void {
    let taskIndex = this.#tasks.indexOf(start.task);
    if (taskIndex < 0) taskIndex = this.#tasks.push(start.task) - 1;
    const camera = features[format.CAMERA_KEY];
    const stats: Record<string, RunningStats> = {};
    for (const [key, feature] of Object.entries(features)) {
      if (key !== format.CAMERA_KEY) stats[key] = new RunningStats(feature.shape[0] ?? 1);
    }
    const picture = camera === undefined ? undefined : new PictureStats(camera.shape[2] ?? 3);
    this.#open = { start, taskIndex, fromFrame: this.#frame, stats, picture, returnSum: 0 };
  }

  async #addFrame(state: DatasetState, payload: Buffer): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    const { features, fps } = state;
    const size = (key: string): number => features[key]?.shape[0] ?? 0;
    const frame = decodeFrame(payload, {
      state: size(format.STATE_KEY),
      sensors: size(format.SENSORS_KEY),
      action: size(format.ACTION_KEY),
    });
    const frameIndex = this.#frame - open.fromFrame;
    const values = rowValues(
      frame,
      frameIndex,
      state.episodes + this.#episodes.length,
      this.#frame,
      open.taskIndex,
      fps,
    );
    const camera = features[format.CAMERA_KEY];
    if (camera !== undefined && (camera.dtype === 'video' || frameIndex % STATS_EVERY_FRAMES === 0)) {
      await this.#addPicture(state, camera, frame, open);
    }
    this.#data ??= new ParquetFile(
      path.join(this.#dir, format.dataPath(state.files)),
      dataColumns(features),
      huggingFaceMetadata(features),
    );
    const row: unknown[] = [];
    for (const [key, feature] of Object.entries(features)) {
      const value = values[key] ?? [];
      open.stats[key]?.add(value);
      if (feature.dtype === 'video') continue;
      row.push(feature.dtype === 'image' ? pictureCell(frame.png, frameIndex) : cell(feature, value));
    }
    this.#data.add(row, camera?.dtype === 'image' ? frame.png.length : 0);
    open.returnSum += frame.reward;
    this.#frame++;
  }

  async #addPicture(state: DatasetState, camera: format.Feature, frame: FrameRecord, open: OpenEpisode): Promise<void> {
    const channels = camera.shape[2] === 1 ? 1 : 3;
    const pixels = await decodePng(frame.png, channels);
    open.picture?.add(pixels);
    if (camera.dtype !== 'video') return;
    this.#video ??= await VideoFile.create(path.join(this.#dir, format.videoPath(state.files)), {
      width: camera.shape[1] ?? 0,
      height: camera.shape[0] ?? 0,
      channels,
      fps: state.fps,
    });
    await this.#video.add(pixels);
  }

  /** Closes the open episode, if any; one without a frame leaves no trace, as LeRobot knows no empty episodes. */
  #endEpisode(end: EpisodeEndRecord): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined || this.#header === undefined || this.#frame === open.fromFrame) return;
    const { state } = this.#header;
    const stats = Object.fromEntries(Object.entries(open.stats).map(([key, running]) => [key, running.result()]));
    if (open.picture !== undefined) stats[format.CAMERA_KEY] = open.picture.result();
    for (const [key, value] of Object.entries(stats)) this.#stats[key] = mergeStats(this.#stats[key], value);
    if (end.outcome === 'interrupted') this.#interrupted++;
    this.#episodes.push({
      episode: state.episodes + this.#episodes.length,
      ...open.start,
      outcome: end.outcome,
      returnSum: Number.isFinite(end.returnSum) ? end.returnSum : open.returnSum,
      finalState: end.finalState,
      file: state.files,
      fromFrame: open.fromFrame,
      toFrame: this.#frame,
      fromVideoS: (open.fromFrame - state.frames) / state.fps,
      stats,
    });
  }
}

function rowValues(
  frame: FrameRecord,
  frameIndex: number,
  episode: number,
  index: number,
  taskIndex: number,
  fps: number,
): Record<string, ArrayLike<number>> {
  return {
    [format.STATE_KEY]: frame.state,
    [format.SENSORS_KEY]: frame.sensors,
    [format.ACTION_KEY]: frame.action,
    [format.REWARD_KEY]: [frame.reward],
    [format.DONE_KEY]: [frame.terminated || frame.truncated ? 1 : 0],
    [format.TERMINATED_KEY]: [frame.terminated ? 1 : 0],
    [format.TRUNCATED_KEY]: [frame.truncated ? 1 : 0],
    [format.TICK_KEY]: [frame.tick],
    [format.TICK_TIME_KEY]: [frame.tickTimeS],
    // LeRobot's rule: the frame's number over the rate, whatever the clock said.
    timestamp: [frameIndex / fps],
    frame_index: [frameIndex],
    episode_index: [episode],
    index: [index],
    task_index: [taskIndex],
  };
}

function cell(feature: format.Feature, value: ArrayLike<number>): unknown {
  if (!isPlainValue(feature)) return Array.from(value);
  const first = value[0] as number;
  if (feature.dtype === 'int64') return BigInt(first);
  return feature.dtype === 'bool' ? first !== 0 : first;
}

/** The picture as `datasets.Image` embeds it; the payload's memory is the journal reader's, so it is copied. */
function pictureCell(png: Uint8Array, frameIndex: number): { bytes: Uint8Array; path: string } {
  return { bytes: Uint8Array.from(png), path: `frame-${String(frameIndex).padStart(6, '0')}.png` };
}
