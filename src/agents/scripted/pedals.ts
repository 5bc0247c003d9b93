import type { Sensors } from '../../../torcs-client/sensors.ts';
import { CAR } from './car.ts';
import type { Motion } from './motion.ts';

/** Slip of a braked wheel, as a share of the speed, that anti-lock holds. */
const BRAKE_SLIP = 0.16;
/** Share of that, squared, that is left where a bend takes all grip. */
const LEAST_BRAKE_SHARE = 0.15;
/** Slip of the driven wheels that traction control holds. */
const DRIVE_SLIP = 0.12;
/** Added to the speed in slip ratios, m/s, so that they stay finite at a standstill. */
const SLIP_FLOOR = 2.5;
/** The same for the driven wheels, which may spin at the start. */
const DRIVE_SLIP_FLOOR = 15;

/** Slip angle of the rear axle from which pedals are eased, and the range in which they are let go, rad. */
const CALM_SLIP = 0.14;
const CALM_RANGE = 0.16;

export interface Pedals {
  readonly accel: number;
  readonly brake: number;
}

/** Foot on throttle and brake, with anti-lock and traction control by the wheels' spin. */
export class PedalBox {
  #brakeLimit = 1;
  #throttleLimit = 1;

  reset(): void {
    this.#brakeLimit = 1;
    this.#throttleLimit = 1;
  }

  /**
   * @param target speed to have now, m/s
   * @param braking deceleration that the plan needs now, m/s²
   * @param lateralShare share of the grip that the bend uses, 0 to 1
   */
  press(
    sensors: Sensors,
    motion: Motion,
    target: number,
    braking: number,
    lateralShare: number,
    massKg: number,
  ): Pedals {
    const excess = motion.speed - target;
    let brake = 0;
    let accel = 0;
    if (excess > 0) {
      const drag = (CAR.dragFactor * motion.speed * motion.speed) / massKg;
      const wanted = Math.max(0, braking - drag) * Math.min(1, excess / 0.5) + 6 * Math.max(0, excess - 0.3);
      brake = Math.min(1, (wanted * massKg) / CAR.fullBrakeForceN);
    } else {
      accel = Math.min(1, 0.25 + -excess * 0.6);
    }
    // A rear axle that slides needs all its grip sideways: neither brake nor much throttle, which also eases the engine's drag.
    const calm = Math.max(0, Math.min(1, 1 - (Math.abs(motion.rearSlip) - CALM_SLIP) / CALM_RANGE));
    if (calm < 1) {
      brake *= calm;
      accel = Math.max(Math.min(accel, 0.15 + 0.85 * calm), 0.15 * (1 - calm));
    }
    return {
      accel: this.#limitThrottle(sensors, motion, accel, lateralShare),
      brake: this.#limitBrake(sensors, motion, brake, lateralShare),
    };
  }

  #limitBrake(sensors: Sensors, motion: Motion, brake: number, lateralShare: number): number {
    if (brake <= 0 || motion.forward < 3) {
      this.#brakeLimit = 1;
      return brake;
    }
    let slip = 0;
    for (let wheel = 0; wheel < 4; wheel++) {
      const rolling = sensors.wheelSpinVel[wheel]! * CAR.wheelRadiusM[wheel]!;
      slip = Math.max(slip, (motion.forward - rolling) / (motion.forward + SLIP_FLOOR));
    }
    const room = BRAKE_SLIP * Math.sqrt(Math.max(LEAST_BRAKE_SHARE, 1 - lateralShare * lateralShare)) - slip;
    this.#brakeLimit = Math.max(
      0.05,
      Math.min(1, Math.min(this.#brakeLimit, brake + 0.1) + (room > 0 ? 0.6 : 1.6) * room),
    );
    return Math.min(brake, this.#brakeLimit);
  }

  #limitThrottle(sensors: Sensors, motion: Motion, accel: number, lateralShare: number): number {
    if (accel <= 0) {
      this.#throttleLimit = Math.min(1, this.#throttleLimit + 0.05);
      return 0;
    }
    const rolling =
      0.5 * (sensors.wheelSpinVel[2]! * CAR.wheelRadiusM[2]! + sensors.wheelSpinVel[3]! * CAR.wheelRadiusM[3]!);
    const slip = (rolling - Math.abs(motion.forward)) / (Math.abs(motion.forward) + DRIVE_SLIP_FLOOR);
    const allowed = DRIVE_SLIP * Math.sqrt(Math.max(0.1, 1 - lateralShare * lateralShare));
    const room = allowed - slip;
    this.#throttleLimit = Math.max(
      0.05,
      Math.min(1, Math.min(this.#throttleLimit, accel + 0.1) + (room > 0 ? 0.8 : 1.6) * room),
    );
    return Math.min(accel, this.#throttleLimit);
  }
}
