import type { Sensors } from '../../../torcs-client/sensors.ts';

import { CAR, TICK_S } from './car.ts';

/** The car's motion as reckoned from its sensors. Metres, seconds, radians, left positive. */
export interface Motion {
  /** Time since the last tick, s. */
  readonly dt: number;
  /** Speed over the ground, m/s. */
  readonly speed: number;
  /** Speeds along and across the car, m/s. */
  readonly forward: number;
  readonly left: number;
  /** Direction of motion relative to the centre line's tangent, rad. */
  readonly course: number;
  /** Turning speed of the body, rad/s. */
  readonly yawRate: number;
  /** Slip angle of the rear axle, rad: how far the car slides sideways. */
  readonly rearSlip: number;
  /** Change of speed, smoothed, m/s². */
  readonly acceleration: number;
}

/** Reckons speeds and the turning speed, which no sensor gives, from one tick to the next. */
export class Odometer {
  #time = Number.NaN;
  #angle = 0;
  #forward = 0;
  #acceleration = 0;
  #yawRate = 0;

  /**
   * @param roadCurvature curvature of the centre line beside the car, 1/m
   * @param offset m left of the centre line
   */
  observe(sensors: Sensors, roadCurvature: number, offset: number): Motion {
    let dt = sensors.curLapTime - this.#time;
    const started = Number.isNaN(this.#time);
    if (!(dt > 0.005 && dt < 0.06)) dt = TICK_S;
    const forward = sensors.speedX / 3.6;
    const left = sensors.speedY / 3.6;
    const heading = -sensors.angle;
    // A car at rest sways: it drives backwards only from walking pace on.
    const course = heading + Math.atan2(left, Math.max(1, Math.abs(forward)) * (forward < -1 ? -1 : 1));
    const along = (forward * Math.cos(heading) - left * Math.sin(heading)) / Math.max(0.3, 1 - roadCurvature * offset);
    if (!started) {
      let turned = -(sensors.angle - this.#angle);
      if (turned > Math.PI) turned -= 2 * Math.PI;
      if (turned < -Math.PI) turned += 2 * Math.PI;
      this.#yawRate += 0.5 * (turned / dt + roadCurvature * along - this.#yawRate);
      this.#acceleration += 0.3 * ((forward - this.#forward) / dt - this.#acceleration);
    }
    this.#time = sensors.curLapTime;
    this.#angle = sensors.angle;
    this.#forward = forward;
    const speed = Math.hypot(forward, left);
    const rearSlip = Math.atan2(
      left - this.#yawRate * (CAR.wheelbaseM - CAR.frontAxleM),
      Math.max(3, Math.abs(forward)),
    );
    return { dt, speed, forward, left, course, yawRate: this.#yawRate, rearSlip, acceleration: this.#acceleration };
  }
}
