import type { Sensors } from '../../../torcs-client/sensors.ts';
import type { LapTimer } from './lap-timer.ts';
import type { CheckedDrivingOptions } from './options.ts';

/** Why an episode terminated: nothing of worth follows. */
export type TerminationReason = 'damage' | 'off-track' | 'backwards' | 'no-progress' | 'race-over';
/** Why an episode was cut: driving on would have had a value. `not-finite`: the simulator lost its car to NaN. */
export type TruncationReason = 'time-limit' | 'laps-done' | 'not-finite';
export type EndReason = TerminationReason | TruncationReason;

/** Says when an episode ends, and why. Termination goes before truncation. */
export class EndJudge {
  readonly #options: CheckedDrivingOptions;
  #referenceS = 0;
  #referenceM: number;

  /** @param first sensors of the start */
  constructor(options: CheckedDrivingOptions, first: Sensors) {
    this.#options = options;
    this.#referenceM = first.distRaced;
  }

  judge(sensors: Sensors, timer: LapTimer, raceOver: boolean): EndReason | undefined {
    return this.#termination(sensors, timer, raceOver) ?? this.#truncation(timer);
  }

  #termination(sensors: Sensors, timer: LapTimer, raceOver: boolean): TerminationReason | undefined {
    const { damageLimit, offTrackLimit, backwards, laps } = this.#options;
    if (damageLimit !== null && sensors.damage > damageLimit) return 'damage';
    if (offTrackLimit !== null && Math.abs(sensors.trackPos) > offTrackLimit) return 'off-track';
    if (backwards && Math.cos(sensors.angle) < 0) return 'backwards';
    if (this.#standsStill(sensors, timer.timeS)) return 'no-progress';
    if (raceOver && !(laps !== null && timer.laps >= laps)) return 'race-over';
    return undefined;
  }

  #truncation(timer: LapTimer): TruncationReason | undefined {
    const { laps, timeLimitS } = this.#options;
    if (laps !== null && timer.laps >= laps) return 'laps-done';
    if (timeLimitS !== null && timer.timeS >= timeLimitS) return 'time-limit';
    return undefined;
  }

  #standsStill(sensors: Sensors, timeS: number): boolean {
    const rule = this.#options.noProgress;
    if (rule === null) return false;
    if (sensors.distRaced - this.#referenceM >= rule.distanceM) {
      this.#referenceM = sensors.distRaced;
      this.#referenceS = timeS;
    }
    return timeS - this.#referenceS > rule.windowS;
  }
}

export function isTermination(reason: EndReason): reason is TerminationReason {
  return reason !== 'time-limit' && reason !== 'laps-done' && reason !== 'not-finite';
}

/**
 * Whether a tick's sensors are numbers. The real game's physics may divide by nothing in a car that stands on its brake: all
 * that moves is NaN from then on, until the race is begun anew.
 */
export function isSound({
  distRaced,
  angle,
  trackPos,
  speedX,
  speedY,
  speedZ,
  z,
  rpm,
  wheelSpinVel,
}: Sensors): boolean {
  const sum = distRaced + angle + trackPos + speedX + speedY + speedZ + z + rpm;
  return Number.isFinite(wheelSpinVel.reduce((total, spin) => total + spin, sum));
}
