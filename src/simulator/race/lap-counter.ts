import type { Car } from '../vehicle/car.ts';

/** Time that a lap may take: this, and a second for each ten metres (TORCS 1.3.7, raceengine.cpp, ReRaceRules). */
const LAP_LIMIT_S = 84.5;
const LAP_LIMIT_SPEED = 10;

/** Counts one car's laps and times. Source: TORCS 1.3.7, src/libs/raceengineclient/raceengine.cpp, ReManage. */
export class LapCounter {
  readonly #trackLength: number;
  /** Crossings of the line. */
  laps = 0;
  remaining: number;
  /** How many crossings are owed after driving backwards over the line. */
  owed = 0;
  lapStart = 0;
  currentLapTime = 0;
  lastLapTime = 0;
  bestLapTime = 0;
  /** Distance for the ranking: laps and the distance from the line, m. */
  distance = 0;
  previousPieceIndex: number;

  constructor(trackLength: number, laps: number, car: Car) {
    this.#trackLength = trackLength;
    this.remaining = laps;
    this.previousPieceIndex = car.position.piece.index;
  }

  /**
   * After each step. Returns true when the car just finished.
   * @param leaderFinished whether another car has finished: then the next crossing is the last
   */
  update(car: Car, previousZone: 'start' | 'last' | 'middle', time: number, leaderFinished: boolean): boolean {
    const { piece } = car.position;
    let finishes = false;
    if (piece.index !== this.previousPieceIndex) {
      const zone = piece.segment.zone;
      if (previousZone === 'last' && zone === 'start') {
        if (this.owed > 0) this.owed--;
        else finishes = this.#cross(car, time, leaderFinished);
      } else if (previousZone === 'start' && zone === 'last') {
        this.owed++;
      }
      this.previousPieceIndex = piece.index;
    }
    if (this.currentLapTime > LAP_LIMIT_S + this.#trackLength / LAP_LIMIT_SPEED) car.eliminated = 1;
    this.currentLapTime = time - this.lapStart;
    this.distance = (this.laps - (this.owed + 1)) * this.#trackLength + car.position.distanceFromStart;
    return finishes;
  }

  #cross(car: Car, time: number, leaderFinished: boolean): boolean {
    if (car.finished === 1) return false;
    this.laps++;
    this.remaining--;
    if (this.laps > 1) {
      this.lastLapTime = time - this.lapStart;
      if (this.bestLapTime === 0 || this.lastLapTime < this.bestLapTime) this.bestLapTime = this.lastLapTime;
      this.lapStart = time;
    }
    if (this.remaining >= 0 && !leaderFinished) return false;
    car.finished = 1;
    return true;
  }
}
