import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Observation, StepInfo } from '../core/environment.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import type { EpisodeObserver, EpisodeStart, EpisodeSummary, Transition } from '../core/observer.ts';
import { RecordingMismatchError, RecordingStateError } from './errors.ts';
import { buildFeatures, SENSOR_NAMES, sensorsToVector } from './features.ts';
import { syncFolder } from './files.ts';
import * as format from './format.ts';
import { encodeFrame } from './frame-record.ts';
import { Journal, RecordKind } from './journal.ts';
import { FolderLock } from './lock.ts';
import {
  type CheckedRecordingOptions,
  checkRecordingOptions,
  defaultOpenFile,
  type RecordingOptions,
  type RecordingSources,
} from './options.ts';
import { encodePng } from './png.ts';
import { clearWorkFolder } from './repair.ts';
import { type EpisodeEndRecord, type EpisodeStartRecord, type JournalHeader, sealJournal } from './seal.ts';
import { type DatasetState, loadState } from './state.ts';

const NO_PICTURE = new Uint8Array(0);

/**
 * Records episodes as a LeRobot v3.0 dataset. Each step goes to a journal at once, which is synced to the disk within
 * `syncIntervalMs` and at each episode's end; when it has grown to `dataFileMegabytes`, and at `close`, its episodes
 * become parquet files (and video). A kill at any moment loses no step of an ended episode; {@link repairRecording}
 * or the next writer brings the folder back. Memory does not grow with the dataset or the episode.
 *
 * Row t holds the observation before the action, the action, and reward and ends that came of it (`next.*`); the state
 * after an episode's last step is in the episode's metadata (`final_state`). SCR keys in `sensors.extra` are not kept.
 *
 * Errors of every method: {@link DiskFullError}, {@link RecordingIoError} (after which only `close` is allowed, and
 * what was acknowledged is safe), {@link RecordingStateError}, {@link InvalidArgumentError} for a wrong size.
 */
export class RecordingWriter implements EpisodeObserver {
  readonly #options: CheckedRecordingOptions;
  readonly #sources: RecordingSources;
  readonly #lock: FolderLock;
  #state: DatasetState;
  #journal: Journal | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #failure: unknown;
  #closed = false;
  #info: StepInfo | undefined;
  #step = 0;
  #sensors = new Float32Array(0);
  #lastState: Float32Array | undefined;

  private constructor(
    options: CheckedRecordingOptions,
    sources: RecordingSources,
    lock: FolderLock,
    state: DatasetState,
  ) {
    this.#options = options;
    this.#sources = sources;
    this.#lock = lock;
    this.#state = state;
    if (options.sensors) this.#sensors = new Float32Array(SENSOR_NAMES.length);
  }

  /**
   * Opens a folder for recording: a new one, or one with a dataset of equal features, which is repaired first if need be.
   *
   * @throws {@link InvalidArgumentError}, {@link RecordingLockedError}, {@link RecordingMismatchError},
   *   {@link InvalidFileError} when the dataset there is damaged
   */
  static async open(options: RecordingOptions, sources: RecordingSources = {}): Promise<RecordingWriter> {
    const checked = checkRecordingOptions(options);
    const lock = FolderLock.acquire(path.join(checked.dir, format.LOCK_PATH));
    try {
      if (fs.existsSync(path.join(checked.dir, format.JOURNAL_PATH))) await sealJournal(checked.dir);
      const features = buildFeatures(checked);
      const state = await loadState(checked.dir);
      if (state !== undefined) refuseOtherFeatures(checked, features, state);
      const empty = { files: 0, episodes: 0, frames: 0, tasks: [], stats: {}, marks: {} };
      const fresh = { ...empty, fps: checked.fps, robotType: checked.robotType, features };
      return new RecordingWriter(checked, sources, lock, state ?? fresh);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async onReset(start: EpisodeStart): Promise<void> {
    this.#refuseUnlessUsable();
    if (this.#info !== undefined) this.#appendEnd({ outcome: 'stopped', returnSum: Number.NaN });
    const text = (name: 'track' | 'driver' | 'simulator'): string => {
      const value = start.info[name];
      return typeof value === 'string' ? value : this.#options[name];
    };
    const record: EpisodeStartRecord = {
      task: `Drive the track ${text('track')} (${text('driver')} driver, ${text('simulator')} simulator)`,
      track: text('track'),
      driver: text('driver'),
      simulator: text('simulator'),
      seed: wholeNumber(start.info['seed']) ?? -1,
    };
    await this.#guard(() => this.#openJournal().appendJson(RecordKind.episodeStart, record));
    this.#info = start.info;
    this.#step = 0;
    this.#lastState = undefined;
  }

  async onStep(transition: Transition): Promise<void> {
    this.#refuseUnlessUsable();
    const info = this.#info;
    if (info === undefined) throw new RecordingStateError('Expected a reset before the first step, got none');
    const { observation, action } = transition;
    requireLength('action', action.length, this.#options.actionNames.length);
    requireLength('observation.state', observation.state.length, this.#options.stateNames.length);
    if (this.#options.sensors) {
      if (observation.sensors === undefined) {
        throw new InvalidArgumentError('Expected `observation.sensors`, got none; set the option `sensors` to false');
      }
      sensorsToVector(observation.sensors, this.#sensors);
    }
    const { tick, timeS } = this.#tick(info);
    const bytes = encodeFrame({
      state: observation.state,
      sensors: this.#sensors,
      action,
      reward: transition.reward,
      terminated: transition.terminated,
      truncated: transition.truncated,
      tick,
      tickTimeS: timeS,
      png: this.#png(observation, info),
    });
    await this.#guard(() => this.#openJournal().append(RecordKind.frame, bytes));
    this.#info = transition.info;
    this.#step++;
    this.#lastState = transition.nextObservation.state;
    this.#syncSoon();
  }

  async onEnd(summary: EpisodeSummary): Promise<void> {
    this.#refuseUnlessUsable();
    if (this.#info === undefined) return;
    const outcome = summary.terminated ? 'terminated' : summary.truncated ? 'truncated' : 'stopped';
    await this.#guard(async () => {
      this.#appendEnd({ outcome, returnSum: summary.returnSum });
      const journal = this.#openJournal();
      await this.#sync(journal);
      if (journal.length >= this.#options.dataFileMegabytes * 1e6) await this.#seal();
    });
  }

  /**
   * Ends an open episode as `stopped`, turns the journal into files, and gives the folder back. Safe to call twice.
   * When it throws (a full disk), the journal stays and {@link repairRecording} goes on from there.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#syncTimer);
    try {
      if (this.#failure === undefined && this.#info !== undefined) {
        this.#appendEnd({ outcome: 'stopped', returnSum: Number.NaN });
      }
      await this.#syncing;
      if (this.#journal !== undefined && this.#failure === undefined) await this.#sync(this.#journal);
      // Also the journal of a sealing that failed before, for want of space perhaps.
      if (fs.existsSync(path.join(this.#options.dir, format.JOURNAL_PATH))) await this.#seal();
      clearWorkFolder(this.#options.dir);
    } finally {
      this.#lock.release();
    }
    removeIfEmpty(path.join(this.#options.dir, format.WORK_FOLDER));
  }

  #refuseUnlessUsable(): void {
    if (this.#closed) throw new RecordingStateError('Expected an open recording, got a closed one; open another');
    if (this.#failure !== undefined) throw this.#failure;
  }

  #tick(info: StepInfo): { tick: number; timeS: number } {
    const given = this.#sources.tick?.(info);
    const timeS = info['tickTimeS'];
    return {
      tick: wholeNumber(given?.tick ?? info['tick']) ?? this.#step,
      timeS: given?.timeS ?? (typeof timeS === 'number' ? timeS : this.#step / this.#options.fps),
    };
  }

  #png(observation: Observation, info: StepInfo): Uint8Array {
    const camera = this.#options.camera;
    if (camera === undefined) return NO_PICTURE;
    const { width, height, channels } = camera;
    const picture = this.#sources.picture;
    const data = picture === undefined ? newestPicture(observation, camera) : picture(observation, info);
    if (data?.length !== width * height * channels) {
      throw new InvalidArgumentError(
        `Expected a picture of ${width}x${height}x${channels} bytes with each observation, got ${data?.length ?? 'none'}`,
      );
    }
    return encodePng(data, width, height, channels);
  }

  #openJournal(): Journal {
    if (this.#journal !== undefined) return this.#journal;
    const file = path.join(this.#options.dir, format.JOURNAL_PATH);
    const journal = new Journal(file, (this.#sources.openFile ?? defaultOpenFile)(file));
    this.#journal = journal;
    const header: JournalHeader = {
      version: 1,
      dataFileMegabytes: this.#options.dataFileMegabytes,
      state: this.#state,
    };
    journal.appendJson(RecordKind.header, header);
    syncFolder(path.dirname(file));
    return journal;
  }

  #appendEnd(end: { outcome: string; returnSum: number }): void {
    const record: EpisodeEndRecord = { ...end, finalState: Array.from(this.#lastState ?? []) };
    this.#openJournal().appendJson(RecordKind.episodeEnd, record);
    this.#info = undefined;
  }

  /** Remembers the first failure: the journal is whole up to there, and nothing may follow. */
  async #guard(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #syncSoon(): void {
    if (this.#syncTimer !== undefined) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      const journal = this.#journal;
      if (journal === undefined || journal.isSynced) return;
      this.#syncing = this.#guard(() => journal.sync()).catch(() => undefined); // The next call throws it.
    }, this.#options.syncIntervalMs).unref();
  }

  async #sync(journal: Journal): Promise<void> {
    await this.#syncing;
    await journal.sync();
  }

  async #seal(): Promise<void> {
    await this.#syncing;
    this.#journal?.close();
    this.#journal = undefined;
    const result = await sealJournal(this.#options.dir);
    this.#state = result.state ?? this.#state;
  }
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function requireLength(name: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new InvalidArgumentError(`Expected ${expected} numbers in \`${name}\`, as named at the start, got ${length}`);
}

/** The last `channels` channels of the stack: its newest picture. */
function newestPicture(
  observation: Observation,
  camera: { width: number; height: number; channels: number },
): Uint8Array | undefined {
  const pixels = observation.pixels;
  const count = camera.width * camera.height;
  if (pixels === undefined || pixels.length === count * camera.channels) return pixels;
  const depth = pixels.length / count;
  if (!Number.isInteger(depth) || depth % camera.channels !== 0) return pixels;
  const newest = new Uint8Array(count * camera.channels);
  for (let i = 0, to = 0; i < count; i++) {
    for (let c = depth - camera.channels; c < depth; c++) newest[to++] = pixels[i * depth + c] as number;
  }
  return newest;
}

function refuseOtherFeatures(options: CheckedRecordingOptions, features: format.Features, state: DatasetState): void {
  if (state.fps !== options.fps) {
    throw new RecordingMismatchError(
      `Expected ${state.fps} steps per second, as the dataset in ${options.dir} has, got ${options.fps}; choose another folder`,
    );
  }
  const keys = new Set([...Object.keys(features), ...Object.keys(state.features)]);
  for (const key of keys) {
    if (isDeepStrictEqual(features[key], state.features[key])) continue;
    const text = (feature: format.Feature | undefined): string =>
      feature === undefined ? 'none' : `${feature.dtype} of shape ${feature.shape.join('x')}`;
    throw new RecordingMismatchError(
      `Expected the feature ${key} as the dataset in ${options.dir} has it (${text(state.features[key])}), got ${text(features[key])} or other names; choose another folder`,
    );
  }
}

function removeIfEmpty(folder: string): void {
  if (fs.existsSync(folder) && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
