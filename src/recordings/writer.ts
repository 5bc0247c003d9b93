import path from 'node:path';
import type { Observation, StepInfo } from '../core/environment.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import { removeIfEmpty } from '../core/files.ts';
import { FolderLock } from '../core/lock.ts';
import type { EpisodeObserver, EpisodeStart, EpisodeSummary, Transition } from '../core/observer.ts';
import { DatasetJournal } from './dataset-journal.ts';
import { RecordingLockedError, RecordingStateError } from './errors.ts';
import { buildFeatures, SENSOR_COUNT, sensorsToVector } from './features.ts';
import * as format from './format.ts';
import { encodeFrame } from './frame-record.ts';
import { refuseOtherFeatures } from './mismatch.ts';
import { newestPicture } from './newest-picture.ts';
import {
  type CheckedRecordingOptions,
  checkRecordingOptions,
  defaultOpenFile,
  type RecordingOptions,
  type RecordingSources,
} from './options.ts';
import { encodePng } from './png.ts';
import { clearWorkFolder } from './repair.ts';
import { hasJournal, sealJournal } from './seal.ts';
import { type DatasetState, loadState } from './state.ts';

const NO_PICTURE = new Uint8Array(0);
const NO_ACTION = new Float32Array(0);

/**
 * Records episodes as a LeRobot v3.0 dataset (FORMAT.md). Each step goes to a journal at once, which is synced to the
 * disk within `syncIntervalMs` and at each episode's end; when it has grown to `dataFileMegabytes`, and at `close`, its
 * episodes become parquet files (and video). Memory does not grow with the dataset or the episode.
 *
 * When the process is killed, no step that was awaited is lost; when the machine dies, no step of an episode whose
 * `onEnd` was awaited, and of the open one at most those of the last `syncIntervalMs`, as far as the disk keeps what
 * fdatasync promises. {@link repairRecording} or the next writer brings the folder back.
 *
 * Row t holds the observation before the action, the action (and an expert's, where asked for), and reward and ends that came of it (`next.*`); the state
 * after an episode's last step is in the episode's metadata (`final_state`). SCR keys in `sensors.extra` are not kept.
 *
 * Errors of every method: {@link DiskFullError}, {@link WriteFailedError} (after which only `close` is allowed, and
 * what was acknowledged is safe), {@link RecordingStateError}, {@link InvalidArgumentError} for a wrong size.
 */
export class RecordingWriter implements EpisodeObserver {
  /** Episodes that the dataset held when it was opened. */
  readonly episodesBefore: number;
  readonly #options: CheckedRecordingOptions;
  readonly #sources: RecordingSources;
  readonly #lock: FolderLock;
  readonly #journal: DatasetJournal;
  readonly #sensors: Float32Array;
  #closed = false;
  /** What came with the newest observation of the open episode. */
  #info: StepInfo | undefined;
  #step = 0;
  #lastState: Float32Array | undefined;

  private constructor(
    options: CheckedRecordingOptions,
    sources: RecordingSources,
    lock: FolderLock,
    state: DatasetState,
  ) {
    this.episodesBefore = state.episodes;
    this.#options = options;
    this.#sources = sources;
    this.#lock = lock;
    this.#journal = new DatasetJournal({ ...options, openFile: sources.openFile ?? defaultOpenFile }, state);
    this.#sensors = new Float32Array(options.sensors ? SENSOR_COUNT : 0);
  }

  /**
   * Opens a folder for recording: a new one, or one with a dataset of equal features, which is repaired first if need be.
   *
   * @throws {@link InvalidArgumentError}, {@link RecordingLockedError}, {@link RecordingMismatchError},
   *   {@link InvalidFileError} when the dataset there is damaged
   */
  static async open(options: RecordingOptions, sources: RecordingSources = {}): Promise<RecordingWriter> {
    const checked = checkRecordingOptions(options);
    const { dir, fps, robotType } = checked;
    const lock = FolderLock.acquire(path.join(dir, format.LOCK_PATH), (held) => new RecordingLockedError(dir, held));
    try {
      if (hasJournal(dir)) await sealJournal(dir);
      const features = buildFeatures(checked);
      const state = await loadState(dir);
      if (state !== undefined) refuseOtherFeatures(dir, state, { fps, features });
      const empty = { files: 0, episodes: 0, frames: 0, tasks: [], stats: {}, marks: {} };
      return new RecordingWriter(checked, sources, lock, state ?? { ...empty, fps, robotType, features });
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async onReset(start: EpisodeStart): Promise<void> {
    this.#refuseUnlessUsable();
    this.#endOpenEpisode();
    const text = (name: 'track' | 'driver' | 'simulator'): string => {
      const value = start.info[name];
      return typeof value === 'string' ? value : this.#options[name];
    };
    this.#journal.startEpisode({
      task: `Drive the track ${text('track')} (${text('driver')} driver, ${text('simulator')} simulator)`,
      track: text('track'),
      driver: text('driver'),
      simulator: text('simulator'),
      seed: wholeNumber(start.info['seed']) ?? -1,
    });
    this.#info = start.info;
    this.#step = 0;
    this.#lastState = undefined;
  }

  async onStep(transition: Transition): Promise<void> {
    this.#refuseUnlessUsable();
    const info = this.#info;
    if (info === undefined) throw new RecordingStateError('Expected a reset before the first step, got none');
    const { observation, action, reward, terminated, truncated } = transition;
    requireLength('action', action.length, this.#options.actionNames.length);
    requireLength('observation.state', observation.state.length, this.#options.stateNames.length);
    if (this.#options.sensors) {
      if (observation.sensors === undefined) {
        throw new InvalidArgumentError('Expected `observation.sensors`, got none; set the option `sensors` to false');
      }
      sensorsToVector(observation.sensors, this.#sensors);
    }
    const expertAction = this.#expertAction(observation, info);
    const { tick, timeS } = this.#tick(info);
    const numbers = { state: observation.state, sensors: this.#sensors, action, expertAction };
    const frame = { ...numbers, reward, terminated, truncated };
    const png = this.#png(observation, info);
    this.#journal.addFrame(encodeFrame({ ...frame, tick, tickTimeS: timeS, png }));
    this.#info = transition.info;
    this.#step++;
    this.#lastState = transition.nextObservation.state;
  }

  async onEnd(summary: EpisodeSummary): Promise<void> {
    this.#refuseUnlessUsable();
    if (this.#info === undefined) return;
    const { terminated, truncated, returnSum, info } = summary;
    this.#endEpisode(terminated ? 'terminated' : truncated ? 'truncated' : 'stopped', returnSum, info);
    await this.#journal.settle();
  }

  /**
   * Ends an open episode as `stopped`, turns the journal into files, and gives the folder back. Safe to call twice.
   * When it throws (a full disk), the journal stays and {@link repairRecording} goes on from there.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (!this.#journal.hasFailed) this.#endOpenEpisode();
      await this.#journal.close();
      clearWorkFolder(this.#options.dir);
    } finally {
      this.#lock.release();
    }
    removeIfEmpty(path.join(this.#options.dir, format.WORK_FOLDER));
  }

  #refuseUnlessUsable(): void {
    if (this.#closed) throw new RecordingStateError('Expected an open recording, got a closed one; open another');
    this.#journal.throwFailure();
  }

  #endOpenEpisode(): void {
    if (this.#info !== undefined) this.#endEpisode('stopped', null, this.#info);
  }

  /** @param ended how the episode ended, unless its last info says why */
  #endEpisode(ended: string, returnSum: number | null, info: StepInfo): void {
    const reason = info['reason'];
    this.#info = undefined;
    this.#journal.endEpisode({
      outcome: typeof reason === 'string' && reason !== '' ? reason : ended,
      returnSum,
      lapTimesS: finiteNumbers(info['lapTimesS']),
      finalState: Array.from(this.#lastState ?? []),
    });
  }

  #expertAction(observation: Observation, info: StepInfo): Float32Array {
    if (!this.#options.expertAction) return NO_ACTION;
    const action = this.#sources.expertAction?.(observation, info);
    if (action === undefined) {
      throw new InvalidArgumentError(
        "Expected the expert's action for each observation, got none: give the source `expertAction`, or leave the option away",
      );
    }
    requireLength('expertAction', action.length, this.#options.actionNames.length);
    for (const [i, value] of action.entries()) {
      if (Number.isFinite(value)) continue;
      throw new InvalidArgumentError(
        `Expected \`${this.#options.actionNames[i]}\` of the expert's action to be finite, got ${value}`,
      );
    }
    return action;
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
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function finiteNumbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item): item is number => Number.isFinite(item)) : [];
}

function requireLength(name: string, length: number, expected: number): void {
  if (length === expected) return;
  throw new InvalidArgumentError(`Expected ${expected} numbers in \`${name}\`, as named at the start, got ${length}`);
}
