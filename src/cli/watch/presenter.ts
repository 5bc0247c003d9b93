import type { Clock, EpisodeObserver, EpisodeStart, Observation, StepInfo, Transition } from '../../core/index.ts';
import type { Dashboard, MapTopic, SessionTopic } from '../../dashboard/index.ts';
import type { DrivingInfo } from '../../environments/index.ts';
import type { LiveStatus } from './live-status.ts';
import type { PictureBudget } from './picture-budget.ts';
import { type EyesShape, eyesPicture, type PictureSource } from './picture-source.ts';
import type { Telemetry } from './telemetry.ts';

/** Rows of telemetry a second of the wall clock at most, and how long they are collected, ms. */
const ROW_INTERVAL_MS = 19;
const ROWS_FLUSH_MS = 60;
const MOST_COLLECTED = 8;

/** The part of a dashboard that is written to. */
export type Stage = Pick<Dashboard, 'publish' | 'wantsPicture' | 'showPicture' | 'addRows'>;

export interface PresenterParts {
  readonly stage: Stage;
  readonly session: Omit<SessionTopic, 'type' | 'channels'>;
  readonly telemetry: Telemetry;
  readonly status: LiveStatus;
  readonly clock: Clock;
  readonly budget: PictureBudget;
  readonly eyes: EyesShape | undefined;
  readonly source: PictureSource | undefined;
  /** Simulated time of an observation, s; undefined: the first column counts steps. */
  readonly timeOf: ((info: StepInfo) => number) | undefined;
  /** Steps a second, where more than this presenter sees are taken. */
  readonly stepsPerS?: () => number;
  /** What is known of a track. */
  readonly mapOf: (track: string) => MapTopic['track'];
}

/** What there is to show of a moment, and what led to it. */
interface Instant {
  readonly observation: Observation;
  readonly info: StepInfo;
  readonly action: Float32Array | undefined;
  readonly reward: number;
}

/**
 * Shows what happens: an observer that looks at each step for a microsecond, writes down some rows a second, and takes a
 * picture only when somebody looks, the ones before have been taken, and the budget allows it.
 */
export class Presenter implements EpisodeObserver {
  readonly #parts: PresenterParts;
  readonly #width: number;
  readonly #rows: Float32Array;
  #collected = 0;
  #nextRowMs = 0;
  #flushedMs = 0;
  /** First column at the end of the episodes before. */
  #before = 0;
  #last = 0;
  #steps = 0;
  #track: string | undefined;
  #latest: Instant | undefined;
  /** Whether the latest instant has its row. */
  #isWritten = true;

  constructor(parts: PresenterParts) {
    this.#parts = parts;
    const { channels } = parts.telemetry;
    this.#width = channels.length;
    this.#rows = new Float32Array(this.#width * MOST_COLLECTED);
    parts.stage.publish({ type: 'session', ...parts.session, channels });
  }

  async onReset({ observation, info, episode }: EpisodeStart): Promise<void> {
    const { status, clock } = this.#parts;
    this.#before = this.#last;
    this.#steps = 0;
    const track = typeof info['track'] === 'string' ? info['track'] : '';
    if (track !== this.#track) {
      this.#track = track;
      this.#parts.stage.publish({ type: 'map', track: this.#parts.mapOf(track) });
    }
    status.update({ track, episode, laps: [] });
    const nowMs = clock.now();
    this.#latest = { observation, info, action: undefined, reward: 0 };
    this.#addRow(nowMs, this.#latest);
    if (this.#isPictureDue(nowMs)) await this.#show(nowMs);
  }

  onStep({ nextObservation, info, action, reward }: Transition): void | Promise<void> {
    const { status, clock } = this.#parts;
    const nowMs = clock.now();
    this.#steps++;
    this.#latest = { observation: nextObservation, info, action, reward };
    this.#isWritten = false;
    status.step(nowMs, () => ({
      laps: [...((info as DrivingInfo).lapTimesS ?? [])],
      ...(this.#parts.stepsPerS === undefined ? {} : { stepsPerS: this.#parts.stepsPerS() }),
    }));
    if (nowMs >= this.#nextRowMs) this.#addRow(nowMs, this.#latest);
    if (this.#isPictureDue(nowMs)) return this.#show(nowMs);
  }

  onEnd(): void {
    this.flush();
  }

  /** Shows what was collected, and the latest instant in any case: before a pause, and at the end. */
  flush(): void {
    if (this.#latest !== undefined && !this.#isWritten) this.#addRow(this.#parts.clock.now(), this.#latest);
    this.#send();
  }

  #send(): void {
    if (this.#collected === 0) return;
    this.#parts.stage.addRows(this.#rows.slice(0, this.#collected * this.#width));
    this.#collected = 0;
    this.#flushedMs = this.#parts.clock.now();
  }

  /** Shows the instant again: the view has changed, or time stands still. Not while a step is under way. */
  async refresh(): Promise<void> {
    this.flush();
    if (this.#latest !== undefined && this.#parts.stage.wantsPicture) await this.#show(this.#parts.clock.now());
  }

  #isPictureDue(nowMs: number): boolean {
    const { budget, stage } = this.#parts;
    return budget.isDue(nowMs) && stage.wantsPicture;
  }

  async #show(nowMs: number): Promise<void> {
    const { stage, source, eyes, clock, budget } = this.#parts;
    const { observation, info } = this.#latest!;
    const picture = await source?.take(info);
    if (picture !== undefined) stage.showPicture(picture);
    const seen = eyesPicture(observation, eyes);
    if (seen !== undefined) stage.showPicture(seen);
    budget.spend(nowMs, clock.now() - nowMs);
  }

  #addRow(nowMs: number, { observation, info, action, reward }: Instant): void {
    const { telemetry, timeOf } = this.#parts;
    this.#last = this.#before + (timeOf === undefined ? this.#steps : timeOf(info));
    const at = this.#collected * this.#width;
    const row = this.#rows.subarray(at, at + this.#width);
    row[0] = this.#last;
    telemetry.write(observation, action, reward, row);
    this.#collected++;
    this.#isWritten = true;
    this.#nextRowMs = nowMs + ROW_INTERVAL_MS;
    if (this.#collected === MOST_COLLECTED || nowMs - this.#flushedMs >= ROWS_FLUSH_MS) this.#send();
  }
}
