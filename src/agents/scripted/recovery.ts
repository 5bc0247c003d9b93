import type { Sensors } from '../../../torcs-client/sensors.ts';
import { CAR } from './car.ts';
import type { Motion } from './motion.ts';

/** The car counts as turned around beyond the first angle, and as straight again within the second, rad. */
const TURNED = 1.2;
const STRAIGHT = 0.6;
/** Slower than this under power counts as held fast, m/s, once it lasted that many ticks. */
const STALL_SPEED = 1.2;
const STALL_TICKS = 35;
/** A manoeuvre in one direction lasts at least and at most so many ticks. */
const LEAST_TICKS = 30;
const MOST_TICKS = 160;
/** How far beyond the edge of the road a turning car goes before it changes direction, m. */
const ROOM_BEYOND_EDGE = 1;
/** Faster than this, m/s, the plan is followed up to so far beside the road, m. */
const PLAN_SPEED = 12;
const PLAN_BEYOND_EDGE = 3;
/** Speeds of a turn on the spot, and of the way back to the road, m/s. */
const TURN_SPEED = 6;
const OFF_ROAD_SPEED = 14;

export interface Manoeuvre {
  readonly steer: number;
  /** Speed to have, m/s. */
  readonly speed: number;
  readonly reverse: boolean;
}

/**
 * Brings the car back when the plan does not hold. Off the road but pointing along it, the car drives slowly back. Turned
 * around, it turns on the spot, forwards and backwards in turn, as a driver does in a narrow street. Held fast, by a
 * barrier mostly, it backs away from what holds it.
 */
export class Recovery {
  #turning = false;
  #reverse = false;
  #ticks = 0;
  #stallTicks = 0;

  reset(): void {
    this.#turning = false;
    this.#reverse = false;
    this.#ticks = 0;
    this.#stallTicks = 0;
  }

  /** The manoeuvre of this tick, or undefined when the car can race. */
  decide(sensors: Sensors, motion: Motion, halfWidthM: number): Manoeuvre | undefined {
    this.#ticks++;
    const slow = Math.abs(motion.forward) < STALL_SPEED && sensors.curLapTime > 1;
    this.#stallTicks = slow ? this.#stallTicks + 1 : Math.max(0, this.#stallTicks - 2);
    const stalled = this.#stallTicks > STALL_TICKS;
    const size = Math.abs(sensors.angle);
    if (size > TURNED) this.#turning = true;
    else if (size < STRAIGHT) this.#turning = false;
    if (this.#reverse) {
      if (this.#isReverseDone(sensors, halfWidthM, stalled)) this.#change(false);
      else return this.#backAway(sensors, halfWidthM);
    } else if (stalled || (this.#turning && motion.forward < TURN_SPEED && this.#leaves(sensors, halfWidthM, 1))) {
      this.#change(true);
      return this.#backAway(sensors, halfWidthM);
    }
    if (this.#turning) return { steer: Math.sign(sensors.angle), speed: TURN_SPEED, reverse: false };
    // Just beside the road and fast, the plan still holds; slow or far out, the way back comes first.
    const beyond = (Math.abs(sensors.trackPos) - 1) * halfWidthM;
    return beyond > (motion.forward > PLAN_SPEED ? PLAN_BEYOND_EDGE : 0)
      ? this.#driveBack(sensors, motion, halfWidthM)
      : undefined;
  }

  #change(reverse: boolean): void {
    this.#reverse = reverse;
    this.#ticks = 0;
    this.#stallTicks = 0;
  }

  /** Whether a car that goes on in a direction, 1 forwards or -1 backwards, gets too far off the road. */
  #leaves(sensors: Sensors, halfWidthM: number, direction: number): boolean {
    const outward = -Math.sin(sensors.angle) * Math.sign(sensors.trackPos) * direction > 0.15;
    return outward && (Math.abs(sensors.trackPos) - 1) * halfWidthM > ROOM_BEYOND_EDGE;
  }

  #isReverseDone(sensors: Sensors, halfWidthM: number, stalled: boolean): boolean {
    if (stalled || this.#ticks > MOST_TICKS) return true;
    if (this.#ticks < LEAST_TICKS) return false;
    if (this.#leaves(sensors, halfWidthM, -1)) return true;
    const heading = -sensors.angle;
    const pointsIn = heading * sensors.trackPos < 0 || Math.abs(sensors.trackPos) < 0.5;
    return Math.abs(heading) < STRAIGHT / 2 && pointsIn && this.#ticks > 2 * LEAST_TICKS;
  }

  /** Backwards the nose swings against the wheels: towards a heading that points along and a little into the road. */
  #backAway(sensors: Sensors, halfWidthM: number): Manoeuvre {
    const wanted = Math.max(-0.4, Math.min(0.4, -0.08 * sensors.trackPos * halfWidthM));
    const error = wrap(wanted + sensors.angle);
    return { steer: Math.max(-1, Math.min(1, -2.5 * error)), speed: TURN_SPEED, reverse: true };
  }

  #driveBack(sensors: Sensors, motion: Motion, halfWidthM: number): Manoeuvre {
    const beyond = Math.sign(sensors.trackPos) * Math.max(0, Math.abs(sensors.trackPos) - 0.7) * halfWidthM;
    const wanted = Math.max(-0.6, Math.min(0.6, -0.08 * beyond));
    const error = wrap(wanted + sensors.angle);
    const slide = Math.atan2(motion.left, Math.max(3, motion.forward));
    const steer = (error + 0.5 * slide - 0.1 * motion.yawRate) / CAR.steerLockRad;
    const speed = Math.abs(error) > 0.8 ? 7 : OFF_ROAD_SPEED;
    return { steer: Math.max(-1, Math.min(1, steer)), speed, reverse: false };
  }
}

function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}
