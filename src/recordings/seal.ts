import fs from 'node:fs';
import path from 'node:path';
import { InvalidFileError } from '../core/errors.ts';
import { syncFolder } from '../core/files.ts';
import { dataRow, rowValues } from './data-row.ts';
import { EpisodeBuilder } from './episode-builder.ts';
import { EpisodesFile } from './episodes-table.ts';
import * as format from './format.ts';
import { decodeFrame, type FrameRecord } from './frame-record.ts';
import { FrameStats } from './frame-stats.ts';
import { RecordKind, readJournal } from './journal.ts';
import { type EpisodeEndRecord, type EpisodeStartRecord, INTERRUPTED, type JournalHeader } from './journal-records.ts';
import { ParquetFile } from './parquet.ts';
import { decodePng } from './png.ts';
import { type DatasetState, writeState } from './state.ts';
import { mergeStats } from './stats.ts';
import { dataColumns, huggingFaceMetadata, writeTasks } from './tables.ts';
import { VideoFile } from './video.ts';

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

/** Whether a recording is under way in `dir`, or died there. */
export const hasJournal = (dir: string): boolean => fs.existsSync(path.join(dir, format.JOURNAL_PATH));

/**
 * Turns the journal of `dir` into one data file, one file of episodes, and new metadata, then removes the journal. It
 * depends on the journal alone and only replaces whole files, so a kill at any moment is mended by running it again.
 */
export async function sealJournal(dir: string): Promise<SealResult> {
  const journal = path.join(dir, format.JOURNAL_PATH);
  let sealing: Sealing | undefined;
  let end = 0;
  try {
    for await (const record of readJournal(journal)) {
      if (record.kind === RecordKind.header) {
        sealing = new Sealing(dir, JSON.parse(record.payload.toString()) as JournalHeader);
      } else if (sealing === undefined) {
        throw new InvalidFileError(`Expected a header first in ${journal}, got a record of kind ${record.kind}`);
      } else {
        await sealing.take(record.kind, record.payload);
      }
      end = record.end;
    }
    const result = await sealing?.finish();
    const tornBytes = fs.statSync(journal).size - end;
    fs.rmSync(journal);
    syncFolder(path.dirname(journal));
    return { state: undefined, episodes: 0, frames: 0, interrupted: 0, ...result, tornBytes };
  } finally {
    await sealing?.discard();
  }
}

/** Images are decoded for their statistics only, from every eighth of an episode; LeRobot takes a sample too. */
const STATS_EVERY_FRAMES = 8;

/** The files that come of one journal. */
class Sealing {
  readonly #dir: string;
  readonly #header: JournalHeader;
  #data: ParquetFile | undefined;
  #episodesFile: EpisodesFile | undefined;
  #video: VideoFile | undefined;
  #open: EpisodeBuilder | undefined;
  readonly #tasks: string[];
  readonly #stats: FrameStats;
  #episodes = 0;
  #frames = 0;
  #interrupted = 0;

  constructor(dir: string, header: JournalHeader) {
    this.#dir = dir;
    this.#header = header;
    this.#tasks = [...header.state.tasks];
    this.#stats = new FrameStats(header.state.features);
  }

  async take(kind: number, payload: Buffer): Promise<void> {
    if (kind === RecordKind.episodeStart) {
      this.#endEpisode(INTERRUPTED);
      this.#startEpisode(JSON.parse(payload.toString()) as EpisodeStartRecord);
    } else if (kind === RecordKind.frame) {
      await this.#addFrame(payload);
    } else if (kind === RecordKind.episodeEnd) {
      this.#endEpisode(JSON.parse(payload.toString()) as EpisodeEndRecord);
    }
  }

  async finish(): Promise<Omit<SealResult, 'tornBytes'>> {
    this.#endEpisode(INTERRUPTED);
    const { state, dataFileMegabytes } = this.#header;
    const done = { episodes: this.#episodes, frames: this.#frames, interrupted: this.#interrupted };
    if (this.#data === undefined || this.#episodesFile === undefined) return { state, ...done };
    const marks = { ...state.marks };
    marks[format.dataPath(state.files)] = this.#data.commit();
    if (this.#video !== undefined) marks[format.videoPath(state.files)] = await this.#video.commit();
    marks[format.episodesPath(state.files)] = this.#episodesFile.commit();
    marks[format.TASKS_PATH] = writeTasks(this.#dir, this.#tasks);
    const next: DatasetState = {
      ...state,
      files: state.files + 1,
      episodes: state.episodes + this.#episodes,
      frames: state.frames + this.#frames,
      tasks: this.#tasks,
      stats: Object.fromEntries(
        Object.entries(this.#stats.result()).map(([key, stats]) => [key, mergeStats(state.stats[key], stats)]),
      ),
      marks,
    };
    return { state: writeState(this.#dir, next, dataFileMegabytes), ...done };
  }

  async discard(): Promise<void> {
    this.#data?.discard();
    this.#episodesFile?.discard();
    await this.#video?.discard();
  }

  #startEpisode(start: EpisodeStartRecord): void {
    const { state } = this.#header;
    let taskIndex = this.#tasks.indexOf(start.task);
    if (taskIndex < 0) taskIndex = this.#tasks.push(start.task) - 1;
    const place = { episode: state.episodes + this.#episodes, taskIndex, fromFrame: state.frames + this.#frames };
    this.#open = new EpisodeBuilder(start, place, state.features);
  }

  async #addFrame(payload: Buffer): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    const { features, files, fps } = this.#header.state;
    const size = (key: string): number => features[key]?.shape[0] ?? 0;
    const frame = decodeFrame(payload, {
      state: size(format.STATE_KEY),
      sensors: size(format.SENSORS_KEY),
      action: size(format.ACTION_KEY),
      expertAction: size(format.EXPERT_ACTION_KEY),
    });
    const { episode, taskIndex } = open;
    const place = { episode, taskIndex, frame: open.frames, index: open.fromFrame + open.frames };
    const values = rowValues(frame, place, fps);
    const camera = features[format.CAMERA_KEY];
    const isLookedAt = camera?.dtype === 'video' || place.frame % STATS_EVERY_FRAMES === 0;
    const pixels = camera !== undefined && isLookedAt ? await this.#takePicture(camera, frame) : undefined;
    this.#data ??= new ParquetFile(
      path.join(this.#dir, format.dataPath(files)),
      dataColumns(features),
      huggingFaceMetadata(features),
    );
    const pictureBytes = camera?.dtype === 'image' ? frame.png.length : 0;
    this.#data.add(dataRow(features, values, frame.png, place.frame), pictureBytes);
    open.add(values, frame.reward, pixels);
    this.#stats.add(values, pixels);
    this.#frames++;
  }

  async #takePicture(camera: format.Feature, frame: FrameRecord): Promise<Uint8Array> {
    const [height = 0, width = 0, depth] = camera.shape;
    const channels = depth === 1 ? 1 : 3;
    const pixels = decodePng(frame.png, { width, height, channels });
    if (camera.dtype !== 'video') return pixels;
    const { files, fps } = this.#header.state;
    const file = path.join(this.#dir, format.videoPath(files));
    this.#video ??= await VideoFile.create(file, { width, height, channels, fps });
    await this.#video.add(pixels);
    return pixels;
  }

  /** Closes the open episode, if any; one without a frame leaves no trace, as LeRobot knows no empty episodes. */
  #endEpisode(end: EpisodeEndRecord): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined || open.frames === 0) return;
    const { features, files, frames, fps } = this.#header.state;
    const row = open.finish(end, files, (open.fromFrame - frames) / fps);
    this.#episodesFile ??= new EpisodesFile(path.join(this.#dir, format.episodesPath(files)), features, fps);
    this.#episodesFile.add(row);
    this.#episodes++;
    if (end.outcome === INTERRUPTED.outcome) this.#interrupted++;
  }
}
