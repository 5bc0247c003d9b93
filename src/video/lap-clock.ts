/** One reading of a drive. */
export interface LapReading {
  readonly timeS: number;
  /** Distance from the start line, m, in [0, lap length). */
  readonly distFromStartM: number;
  /** The game's clock of the lap, s: started anew when a lap is complete. */
  readonly curLapTimeS: number;
  /** Times of the completed laps, s. */
  readonly lapTimesS: readonly number[];
}

/** What a film shows of laps and sectors. */
export interface LapTimes {
  /** Number of the lap under way, from 1. */
  readonly lap: number;
  /** Time of the lap under way, s; undefined before it is timed: on the way to the line of a start elsewhere. */
  readonly lapTimeS: number | undefined;
  /** The sector under way, 0 to 2, and its time so far, s; undefined when the drive did not pass its beginning. */
  readonly running: { readonly sector: number; readonly timeS: number } | undefined;
  /** Times of the three sectors of the lap under way, or of the one before where that one has not got there; s. */
  readonly sectorsS: readonly (number | undefined)[];
  /** Shortest so far, s. */
  readonly bestSectorsS: readonly (number | undefined)[];
  readonly lastLapS: number | undefined;
  readonly bestLapS: number | undefined;
}

const SECTORS = 3;

/** Times laps and their three sectors, each a third of the lap's length. */
export class LapClock {
  readonly #lengthM: number;
  readonly #sectors: (number | undefined)[] = [undefined, undefined, undefined];
  readonly #best: (number | undefined)[] = [undefined, undefined, undefined];
  /** When the lap, and the sector under way, began; undefined: not at its beginning. */
  #lapStartS: number | undefined;
  #sectorStartS: number | undefined;
  #sector = 0;
  #previous: LapReading | undefined;

  /**
   * @param lengthM of a lap, m
   * @param fromGrid whether the drive starts on the grid, just behind the line: its first lap is timed from the start,
   *   as in the game's own results
   */
  constructor(lengthM: number, fromGrid: boolean) {
    this.#lengthM = lengthM;
    this.#lapStartS = fromGrid ? 0 : undefined;
  }

  observe(reading: LapReading): LapTimes {
    const previous = this.#previous;
    this.#previous = reading;
    const sector = this.#sectorAt(reading.distFromStartM);
    if (previous === undefined) this.#sector = sector;
    else {
      // The game's own clock goes before what follows from the distances.
      const isComplete = reading.lapTimesS.length > previous.lapTimesS.length;
      if (isComplete) this.#lapStartS = reading.timeS - reading.curLapTimeS;
      if (sector !== this.#sector) this.#enter(sector, previous, reading, isComplete);
    }
    const { lapTimesS, timeS } = reading;
    return {
      lap: lapTimesS.length + 1,
      lapTimeS: this.#lapStartS === undefined ? undefined : timeS - this.#lapStartS,
      running:
        this.#sectorStartS === undefined ? undefined : { sector: this.#sector, timeS: timeS - this.#sectorStartS },
      sectorsS: [...this.#sectors],
      bestSectorsS: [...this.#best],
      lastLapS: lapTimesS.at(-1),
      bestLapS: lapTimesS.length === 0 ? undefined : Math.min(...lapTimesS),
    };
  }

  #enter(sector: number, previous: LapReading, reading: LapReading, isComplete: boolean): void {
    const left = this.#sector;
    this.#sector = sector;
    if (sector !== (left + 1) % SECTORS) {
      // Backwards: what is under way is no sector any more.
      this.#sectorStartS = undefined;
      return;
    }
    const crossingS = (isComplete ? this.#lapStartS : undefined) ?? this.#crossing(sector, previous, reading);
    if (this.#sectorStartS !== undefined) {
      const timeS = crossingS - this.#sectorStartS;
      this.#sectors[left] = timeS;
      this.#best[left] = Math.min(timeS, this.#best[left] ?? Number.POSITIVE_INFINITY);
    }
    this.#sectorStartS = crossingS;
    if (sector === 0) {
      this.#lapStartS ??= crossingS;
      // The first crossing after a start on the grid opens the first sector of a lap that has run since the start.
      if (reading.lapTimesS.length === 0) this.#sectorStartS = this.#lapStartS;
    } else if (sector === 1) {
      for (let later = 1; later < SECTORS; later++) this.#sectors[later] = undefined;
    }
  }

  /** When the beginning of a sector was passed between two readings, as if the speed had been constant. */
  #crossing(sector: number, previous: LapReading, reading: LapReading): number {
    const length = this.#lengthM;
    const covered = (reading.distFromStartM - previous.distFromStartM + length) % length;
    const after = (reading.distFromStartM - (length * sector) / SECTORS + length) % length;
    const share = covered === 0 ? 0 : after / covered;
    return reading.timeS - share * (reading.timeS - previous.timeS);
  }

  #sectorAt(distFromStartM: number): number {
    return Math.min(SECTORS - 1, Math.max(0, Math.floor((distFromStartM / this.#lengthM) * SECTORS)));
  }
}
