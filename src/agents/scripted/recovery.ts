import type { Sensors } from '../../../torcs-client/sensors.ts';
import { CAR } from './car.ts';
import type { Motion } from './motion.ts';

/** Speed below which a car under throttle counts as held fast, m/s. */
const STUCK_SPEED = 1.5;
/** Ticks until that is believed. */
const STUCK_TICKS = 40;
/** Longest time in reverse, ticks. */
const REVERSE_TICKS = 120;
/** Driving off the road, m/s. */
const OFF_ROAD_SPEED = 14;

export interface Manoeuvre {
  readonly steer: number;
  /** Speed to have, m/s. */
  readonly speed: number;
  readonly reverse: boolean;
}

/**
 * Brings the car back when the plan does not hold: off the road, turned around, or stuck against a barrier.
 * The order of remedies: back away while a wall holds the car or it points the wrong way, then drive slowly to the road.
 */
export class Recovery {
  #stuckTicks = 0;
  #reverseTicks = 0;
  #attempts = 0;

  reset(): void {
    this.#stuckTicks = 0;
    this.#reverseTicks = 0;
    this.#attempts = 0;
  }

  /** The manoeuvre of this tick, or undefined when the car can race. */
  decide(sensors: Sensors, motion: Motion, halfWidthM: number): Manoeuvre | undefined {
    const turned = Math.abs(sensors.angle) > 1.2;
    const off = Math.abs(sensors.trackPos) > 1;
    if (this.#reverseTicks > 0) return this.#backAway(sensors, motion, halfWidthM);
    if (Math.abs(motion.forward) < STUCK_SPEED && sensors.curLapTime > 1) this.#stuckTicks++;
    else this.#stuckTicks = Math.max(0, this.#stuckTicks - 4);
    if (this.#stuckTicks > STUCK_TICKS || (turned && motion.forward < 4 && this.#nosePointsOut(sensors))) {
      this.#stuckTicks = 0;
      this.#reverseTicks = REVERSE_TICKS;
      this.#attempts++;
      return this.#backAway(sensors, motion, halfWidthM);
    }
    if (!turned && !off) {
      if (motion.forward > 15) this.#attempts = 0;
      return undefined;
    }
    return this.#driveBack(sensors, motion, halfWidthM);
  }

  /** Whether going forward leads away from the middle of the road. */
  #nosePointsOut(sensors: Sensors): boolean {
    return -Math.sin(sensors.angle) * sensors.trackPos > 0.1;
  }

  #backAway(sensors: Sensors, motion: Motion, halfWidthM: number): Manoeuvre {
    this.#reverseTicks--;
    const offset = sensors.trackPos * halfWidthM;
    const heading = -sensors.angle;
    // Backwards the nose swings against the wheels. Seek a heading that points back to the middle of the road.
    const wanted = Math.max(-0.5, Math.min(0.5, -0.1 * offset));
    let error = wanted - heading;
    if (error > Math.PI) error -= 2 * Math.PI;
    if (error < -Math.PI) error += 2 * Math.PI;
    const shortest = 20 + 25 * Math.min(3, this.#attempts);
    if (REVERSE_TICKS - this.#reverseTicks > shortest && Math.abs(error) < 0.4) this.#reverseTicks = 0;
    if (REVERSE_TICKS - this.#reverseTicks > 60 && motion.forward > -0.5) this.#reverseTicks = 0;
    return { steer: Math.max(-1, Math.min(1, -2 * error)), speed: 6, reverse: true };
  }

  #driveBack(sensors: Sensors, motion: Motion, halfWidthM: number): Manoeuvre {
    const offset = sensors.trackPos * halfWidthM;
    const beyond = Math.sign(offset) * Math.max(0, Math.abs(offset) - 0.7 * halfWidthM);
    const wanted = Math.max(-0.6, Math.min(0.6, -0.08 * beyond));
    let error = wanted + sensors.angle;
    if (error > Math.PI) error -= 2 * Math.PI;
    if (error < -Math.PI) error += 2 * Math.PI;
    const slide = Math.atan2(motion.left, Math.max(3, motion.forward));
    const steer = (1.0 * error + 0.5 * slide - 0.1 * motion.yawRate) / CAR.steerLockRad;
    const speed = Math.abs(error) > 0.8 ? 7 : OFF_ROAD_SPEED;
    return { steer: Math.max(-1, Math.min(1, steer)), speed, reverse: false };
  }
}
