import { LapClock, type LapTimes } from './lap-clock.ts';
import type { FilmMoment } from './moment.ts';
import { lapTimeText } from './overlay/format.ts';
import type { Overlay, OverlayState } from './overlay/overlay.ts';
import type { Picture } from './raster/picture.ts';

/** One drive of a film, and how it is shown. */
export interface PaneOptions {
  readonly moments: AsyncIterable<FilmMoment>;
  /** Left out: the bare picture. */
  readonly overlay?: Overlay | undefined;
  /** Of a lap, m. */
  readonly lapLengthM: number;
  readonly fromGrid: boolean;
  /** Called with every moment of the drive, shown or not. */
  readonly onMoment?: (moment: FilmMoment) => void;
}

/** How long a lap's time is announced, s of simulated time. */
const ANNOUNCED_S = 3;

/** Goes through a drive, and draws it. */
export class Pane {
  readonly #options: PaneOptions;
  readonly #iterator: AsyncIterator<FilmMoment>;
  readonly #laps: LapClock;
  /** The camera's picture of the moment, without anything over it. */
  readonly #camera: Uint8Array;
  #moment: FilmMoment | undefined;
  #lapTimes: LapTimes | undefined;
  #lapDoneS = Number.NEGATIVE_INFINITY;
  #isRendered = false;
  #saliency: Float32Array | undefined;
  #moments = 0;
  #isOver = false;

  constructor(options: PaneOptions, width: number, height: number) {
    this.#options = options;
    this.#iterator = options.moments[Symbol.asyncIterator]();
    this.#laps = new LapClock(options.lapLengthM, options.fromGrid);
    this.#camera = new Uint8Array(width * height * 3);
  }

  /** The moment that is shown. */
  get moment(): FilmMoment | undefined {
    return this.#moment;
  }

  /** Moments so far. */
  get moments(): number {
    return this.#moments;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /**
   * Goes on to the first moment at or after a time, or to the last one.
   *
   * @returns whether another moment is shown now
   */
  async advance(timeS: number): Promise<boolean> {
    let isNew = false;
    // Sums of steps of 2 ms are not exact: a hair before the time counts as it.
    while (!this.isOver && (this.#moment === undefined || this.#moment.timeS < timeS - 1e-6)) {
      const next = await this.#iterator.next();
      if (next.done === true) {
        this.#isOver = true;
        break;
      }
      this.#take(next.value);
      isNew = true;
    }
    return isNew;
  }

  /** Draws the moment into a picture of the pane's size. */
  async draw(picture: Picture, more: Pick<OverlayState, 'gapS' | 'other'> = {}): Promise<void> {
    const moment = this.#moment;
    const lapTimes = this.#lapTimes;
    if (moment === undefined || lapTimes === undefined) return;
    if (!this.#isRendered) {
      await moment.render(this.#camera);
      this.#saliency = await moment.saliency?.();
      this.#isRendered = true;
    }
    picture.data.set(this.#camera);
    const isFresh = moment.timeS - this.#lapDoneS < ANNOUNCED_S;
    const announcement = isFresh ? `LAP ${lapTimes.lap - 1}  ${lapTimeText(lapTimes.lastLapS, 3)}` : undefined;
    this.#options.overlay?.draw(picture, moment, { ...more, lapTimes, announcement, saliency: this.#saliency });
  }

  /** Ends the drive, also in the middle of it. */
  async close(): Promise<void> {
    await this.#iterator.return?.();
  }

  #take(moment: FilmMoment): void {
    const { sensors, timeS, lapTimesS } = moment;
    const lapsBefore = this.#moment?.lapTimesS.length ?? 0;
    this.#moments++;
    this.#moment = moment;
    this.#isRendered = false;
    this.#isOver = moment.outcome !== undefined;
    const { distFromStart: distFromStartM, curLapTime: curLapTimeS } = sensors;
    this.#lapTimes = this.#laps.observe({ timeS, distFromStartM, curLapTimeS, lapTimesS });
    if (lapTimesS.length > lapsBefore) this.#lapDoneS = timeS;
    this.#options.onMoment?.(moment);
  }
}
