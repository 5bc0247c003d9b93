import type { Sensors } from '../../../torcs-client/sensors.ts';

/**
 * Time and laps of an episode from the sensors alone.
 *
 * The game starts a lap's clock anew at each crossing of the line but the first, so that the first lap of a race from
 * the grid includes the way to the line, as in the game's own results. An episode that starts elsewhere would count up
 * to a whole lap too much that way: there the first lap is timed from the first crossing.
 */
export class LapTimer {
  readonly #fromGrid: boolean;
  #previous: Sensors;
  #completedS = 0;
  #firstCrossingS: number | undefined;
  readonly #lapTimes: number[] = [];

  /** @param first sensors of the start; @param fromGrid whether the car starts just behind the line */
  constructor(first: Sensors, fromGrid: boolean) {
    this.#previous = first;
    this.#fromGrid = fromGrid;
  }

  observe(sensors: Sensors): void {
    const before = this.#previous;
    this.#previous = sensors;
    if (sensors.curLapTime < before.curLapTime) {
      const crossing = this.#completedS + sensors.lastLapTime;
      const skipped = this.#fromGrid || this.#lapTimes.length > 0 ? 0 : (this.#firstCrossingS ?? 0);
      this.#lapTimes.push(sensors.lastLapTime - skipped);
      this.#completedS = crossing;
    } else if (this.#firstCrossingS === undefined && before.distFromStart - sensors.distFromStart > 100) {
      this.#firstCrossingS = this.timeS;
    }
  }

  /** Simulated seconds since the start. */
  get timeS(): number {
    return this.#completedS + Math.max(0, this.#previous.curLapTime);
  }

  /** Times of the completed laps, s; a fresh array. */
  get lapTimesS(): readonly number[] {
    return [...this.#lapTimes];
  }

  get laps(): number {
    return this.#lapTimes.length;
  }
}
