import type { Sensors } from '../../../torcs-client/sensors.ts';
import { CAR, GRAVITY } from './car.ts';
import type { Motion } from './motion.ts';

/** Grip that is assumed before a bend has been driven: that of a poor road. */
const FIRST_GRIP = 1.3;
const LEAST_GRIP = 0.7;
const MOST_GRIP = 2.1;
/** Share of the estimated limit that is planned with. */
const USED_SHARE = 0.95;
/** Share of a new sample in the estimate. */
const SAMPLE_SHARE = 0.01;
/** Length of the stretches of road that are trusted or distrusted together, m. */
const STRETCH_M = 16;
const LEAST_TRUST = 0.5;
/** A slide takes trust from the road this far back, m, where the car was too fast. */
const BLAME_BACK_M = 64;
/** What a slide leaves of the trust, and how long it counts as the same slide, s. */
const BLAME = 0.9;
const SAME_SLIDE_S = 1;
/** Slip angle of the rear axle that counts as a slide, rad. */
const SLIDE = 0.22;

/**
 * Grip of the road: greatest sideways acceleration over the acceleration that presses the car on the road.
 *
 * Estimated from bends far below the limit: the game's tyre (simuv2, wheel.cpp) brings a share F(s) of its greatest
 * force at slip s, so that measured sideways acceleration over F(measured slip) is the grip, whatever the surface.
 * Beside that one figure for the whole road, stretches on which the car slid or left the road are driven slower from
 * then on in the episode: bumps, kerbs and changes of surface show in no sensor beforehand.
 */
export class GripEstimator {
  #grip = FIRST_GRIP;
  readonly #trust = new Map<number, number>();
  #sinceSlideS = SAME_SLIDE_S;
  #previousYawRate = 0;

  /** Grip to plan with at a distance from the start line. */
  at(distanceM: number): number {
    return this.#grip * USED_SHARE * (this.#trust.get(Math.floor(distanceM / STRETCH_M)) ?? 1);
  }

  /** Estimated grip of the road as such. */
  get grip(): number {
    return this.#grip;
  }

  /** @param steer steering command that acts now, -1 to 1 */
  observe(sensors: Sensors, motion: Motion, steer: number, massKg: number, lapLengthM: number | undefined): void {
    const turning = (motion.yawRate - this.#previousYawRate) / motion.dt;
    this.#previousYawRate = motion.yawRate;
    this.#sinceSlideS += motion.dt;
    const off = Math.abs(sensors.trackPos) > 1;
    if ((off || Math.abs(motion.rearSlip) > SLIDE) && motion.speed > 10) {
      if (this.#sinceSlideS >= SAME_SLIDE_S) this.#blame(sensors.distFromStart, lapLengthM);
      this.#sinceSlideS = 0;
    }
    if (off || motion.forward < 10 || Math.abs(motion.acceleration) > 6 || Math.abs(turning) > 4) return;
    const front = steer * CAR.steerLockRad - Math.atan2(motion.left + motion.yawRate * CAR.frontAxleM, motion.forward);
    // Both axles have to lean the way the car turns; else it is in a transition.
    if (front * motion.yawRate <= 0 || motion.rearSlip * motion.yawRate >= 0) return;
    const slip = (Math.abs(front) + Math.abs(motion.rearSlip)) / 2;
    if (slip < 0.02 || slip > 0.15) return;
    const pressing = GRAVITY + (CAR.cornerDownforceFactor * motion.speed ** 2) / massKg;
    const sample = Math.abs(motion.forward * motion.yawRate) / (pressing * forceShare(slip));
    if (sample < 0.3 || sample > 3) return;
    this.#grip += SAMPLE_SHARE * (sample - this.#grip);
    this.#grip = Math.max(LEAST_GRIP, Math.min(MOST_GRIP, this.#grip));
  }

  #blame(distanceM: number, lapLengthM: number | undefined): void {
    for (let back = 0; back <= BLAME_BACK_M; back += STRETCH_M) {
      let at = distanceM - back;
      if (at < 0) at += lapLengthM ?? 0;
      const stretch = Math.floor(at / STRETCH_M);
      this.#trust.set(stretch, Math.max(LEAST_TRUST, (this.#trust.get(stretch) ?? 1) * BLAME));
    }
  }
}

/** Share of a tyre's greatest force at a slip, by the game's tyre formula with car1-trb1's constants. */
function forceShare(slip: number): number {
  const stiffness = 14.187763;
  const shape = 1.409666;
  const curvature = 0.7;
  const b = stiffness * slip;
  return Math.sin(shape * Math.atan(b * (1 - curvature) + curvature * Math.atan(b)));
}
