import type { Sensors } from '../../../torcs-client/sensors.ts';
import { CAR, TICK_S } from './car.ts';
import type { Motion } from './motion.ts';

/** Slip of a braked wheel, as a share of the speed, that anti-lock holds. */
const BRAKE_SLIP = 0.16;
/** Share of that, squared, that is left where a bend takes all grip. */
const LEAST_BRAKE_SHARE = 0.15;
/** Slip of the driven wheels that traction control holds. */
const DRIVE_SLIP = 0.12;
/** Share of that, squared, that is left where a bend takes all grip. */
const LEAST_DRIVE_SHARE = 0.1;
/** Added to the speed in slip ratios, m/s, so that they stay finite at a standstill; the driven wheels may spin at the start. */
const BRAKE_SLIP_FLOOR = 2.5;
const DRIVE_SLIP_FLOOR = 15;
/** How fast both give way and come back, per tick and unit of slip. */
const GIVE_WAY = 1.6;
const COME_BACK_BRAKE = 0.6;
const COME_BACK_THROTTLE = 0.8;
/** A pedal never goes below this while it is wanted, and stays this near to what is wanted. */
const LEAST_PEDAL = 0.05;
const PEDAL_HEADROOM = 0.1;
/** Throttle at the target speed, and more of it per m/s below. */
const HOLD_THROTTLE = 0.25;
const THROTTLE_GAIN = 0.6;
/** Deceleration asked for per m/s above the target, 1/s, beyond what the plan needs anyway, once it is this much, m/s. */
const BRAKE_GAIN = 6;
const BRAKE_TOLERANCE = 0.3;
/** The plan's own deceleration is asked for in full at this much above the target, m/s. */
const PLAN_RANGE = 0.5;
/** How much gentler pedals answer for each tick more that they hold. */
const HOLD_GENTLENESS = 0.4;
/** Slip angle of the rear axle from which pedals are eased, and the range in which they are let go, rad. */
const CALM_SLIP = 0.14;
const CALM_RANGE = 0.16;
/** Throttle in a slide: enough against the engine's drag. */
const CALM_THROTTLE = 0.15;

export interface Pedals {
  readonly accel: number;
  readonly brake: number;
}

export interface SpeedDemand {
  /** Speed to have now, m/s. */
  readonly target: number;
  /** Deceleration that the plan needs now, m/s². */
  readonly braking: number;
  /** Share of the grip that the bend uses, 0 to 1. */
  readonly lateralShare: number;
  readonly massKg: number;
  /** Time for which the pedals will act, s. Default: a tick. */
  readonly holdS?: number;
}

/** Foot on throttle and brake, with anti-lock and traction control by the wheels' spin. */
export class PedalBox {
  #brakeLimit = 1;
  #throttleLimit = 1;

  reset(): void {
    this.#brakeLimit = 1;
    this.#throttleLimit = 1;
  }

  /** Pedals of a car that races. */
  press(sensors: Sensors, motion: Motion, demand: SpeedDemand): Pedals {
    const { target, braking, lateralShare, massKg, holdS = TICK_S } = demand;
    // What holds for longer has to answer more gently, or it overshoots and pumps.
    const gentle = 1 + HOLD_GENTLENESS * (holdS / TICK_S - 1);
    const excess = motion.speed - target;
    let brake = 0;
    let accel = 0;
    if (excess > 0) {
      const drag = (CAR.dragFactor * motion.speed * motion.speed) / massKg;
      const planned = Math.max(0, braking - drag) * Math.min(1, excess / (PLAN_RANGE * gentle));
      const wanted = planned + (BRAKE_GAIN / gentle) * Math.max(0, excess - BRAKE_TOLERANCE * gentle);
      brake = Math.min(1, (wanted * massKg) / CAR.fullBrakeForceN);
    } else {
      accel = Math.min(1, HOLD_THROTTLE - (THROTTLE_GAIN / gentle) * excess);
    }
    // A rear axle that slides needs all its grip sideways: no brake, and just the throttle that frees it of the engine.
    const calm = Math.max(0, Math.min(1, 1 - (Math.abs(motion.rearSlip) - CALM_SLIP) / CALM_RANGE));
    if (calm < 1) {
      brake *= calm;
      accel = Math.max(Math.min(accel, CALM_THROTTLE + (1 - CALM_THROTTLE) * calm), CALM_THROTTLE * (1 - calm));
    }
    return {
      accel: this.#limitThrottle(sensors, motion, accel, lateralShare),
      brake: this.#limitBrake(sensors, motion, brake, lateralShare),
    };
  }

  /** Pedals of a car that manoeuvres slowly, forwards or in reverse. */
  creep(motion: Motion, speed: number, reverse: boolean): Pedals {
    const now = reverse ? -motion.forward : motion.forward;
    const most = Math.abs(now) < 2 ? 0.9 : 0.5;
    const accel = now < speed ? Math.min(most, 0.15 + 0.2 * (speed - now)) : 0;
    if (now > speed + 2) return { accel, brake: Math.min(0.3, 0.05 * (now - speed)) };
    // Still rolling the other way: stop first.
    return { accel, brake: now < -1 ? 0.3 : 0 };
  }

  #limitBrake(sensors: Sensors, motion: Motion, brake: number, lateralShare: number): number {
    if (brake <= 0 || motion.forward < 3) {
      this.#brakeLimit = 1;
      return brake;
    }
    let slip = 0;
    for (let wheel = 0; wheel < 4; wheel++) {
      const rolling = sensors.wheelSpinVel[wheel]! * CAR.wheelRadiusM[wheel]!;
      slip = Math.max(slip, (motion.forward - rolling) / (motion.forward + BRAKE_SLIP_FLOOR));
    }
    const room = BRAKE_SLIP * Math.sqrt(Math.max(LEAST_BRAKE_SHARE, 1 - lateralShare * lateralShare)) - slip;
    this.#brakeLimit = limit(this.#brakeLimit, brake, room * (room > 0 ? COME_BACK_BRAKE : GIVE_WAY));
    return Math.min(brake, this.#brakeLimit);
  }

  #limitThrottle(sensors: Sensors, motion: Motion, accel: number, lateralShare: number): number {
    if (accel <= 0) {
      this.#throttleLimit = Math.min(1, this.#throttleLimit + LEAST_PEDAL);
      return 0;
    }
    const right = sensors.wheelSpinVel[2]! * CAR.wheelRadiusM[2];
    const left = sensors.wheelSpinVel[3]! * CAR.wheelRadiusM[3];
    const speed = Math.abs(motion.forward);
    const slip = ((right + left) / 2 - speed) / (speed + DRIVE_SLIP_FLOOR);
    const room = DRIVE_SLIP * Math.sqrt(Math.max(LEAST_DRIVE_SHARE, 1 - lateralShare * lateralShare)) - slip;
    this.#throttleLimit = limit(this.#throttleLimit, accel, room * (room > 0 ? COME_BACK_THROTTLE : GIVE_WAY));
    return Math.min(accel, this.#throttleLimit);
  }
}

function limit(before: number, wanted: number, change: number): number {
  return Math.max(LEAST_PEDAL, Math.min(1, Math.min(before, wanted + PEDAL_HEADROOM) + change));
}
