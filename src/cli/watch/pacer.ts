import type { Timers } from '../../../torcs-client/timers.ts';
import type { EpisodeObserver, EpisodeStart, StepInfo, Transition } from '../../core/index.ts';

/** So far behind its schedule a drive does not catch up, but goes on from where it is, ms. */
const LARGEST_LAG_MS = 250;
/** What a timer cannot wait for, ms. */
const SHORTEST_WAIT_MS = 0.5;

export interface PacerOptions {
  readonly timers: Timers;
  /** Simulated seconds a second of the wall clock; 0: as fast as it goes. */
  readonly speed: number;
  /** Simulated time that an observation came at, s. */
  readonly timeOf: (info: StepInfo) => number;
  /** Called when it pauses and when it goes on. */
  readonly onChange?: () => void;
  /** Called when a pause holds a step: what that step brought is to be shown. It is waited for. */
  readonly onHold?: () => Promise<void>;
}

/** Holds a drive to the pace that people want: an observer that lets each step wait until it is due. */
export class Pacer implements EpisodeObserver {
  readonly #options: PacerOptions;
  #speed: number;
  #paused = false;
  #released = false;
  #skips = 0;
  #stepsLeft = Number.POSITIVE_INFINITY;
  #anchorMs = 0;
  #anchorS: number | undefined;
  #wake: (() => void) | undefined;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#speed = options.speed;
  }

  get speed(): number {
    return this.#speed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  set speed(speed: number) {
    this.#speed = speed;
    this.#go();
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#stepsLeft = Number.POSITIVE_INFINITY;
    this.#go();
    this.#options.onChange?.();
  }

  resume(): void {
    this.#stepsLeft = Number.POSITIVE_INFINITY;
    this.#unpause();
  }

  /** So many steps, and pause. */
  step(steps: number): void {
    this.#stepsLeft = steps;
    this.#unpause();
  }

  /** Lets the step that waits now go on at once, also while it is paused: its episode is to end. */
  skip(): void {
    this.#skips++;
    this.#go();
  }

  /** From now on nothing waits: the drive is to end. */
  release(): void {
    this.#released = true;
    this.#go();
  }

  onReset(_start: EpisodeStart): void {
    this.#anchorS = undefined;
  }

  onStep({ info }: Transition): void | Promise<void> {
    if (--this.#stepsLeft <= 0) this.pause();
    if (this.#released || (this.#speed === 0 && !this.#paused)) return;
    return this.#wait(info);
  }

  async #wait(info: StepInfo): Promise<void> {
    const { timers, timeOf } = this.#options;
    const timeS = timeOf(info);
    const skips = this.#skips;
    while (!this.#released && this.#skips === skips) {
      if (this.#paused) {
        await this.#options.onHold?.();
        // Meanwhile it may have been told to go on.
        if (!this.#paused || this.#released || this.#skips !== skips) continue;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      if (this.#speed === 0) return;
      const nowMs = timers.now();
      if (this.#anchorS === undefined) this.#anchor(nowMs, timeS);
      const waitMs = this.#anchorMs + ((timeS - this.#anchorS!) * 1000) / this.#speed - nowMs;
      if (waitMs < -LARGEST_LAG_MS) this.#anchor(nowMs, timeS);
      if (waitMs < SHORTEST_WAIT_MS) return;
      await new Promise<void>((resolve) => {
        const cancel = timers.after(waitMs, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
    }
  }

  #anchor(nowMs: number, timeS: number): void {
    this.#anchorMs = nowMs;
    this.#anchorS = timeS;
  }

  #unpause(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#go();
    this.#options.onChange?.();
  }

  /** Lets whoever waits look again, on a schedule that begins anew. */
  #go(): void {
    this.#anchorS = undefined;
    this.#wake?.();
    this.#wake = undefined;
  }
}
