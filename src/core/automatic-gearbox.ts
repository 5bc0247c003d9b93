import type { Sensors } from '../../torcs-client/sensors.ts';

/** Overall shape of car1-trb1's gearbox: the ratios of gears 1 to 6 (the game's cars/car1-trb1/car1-trb1.xml). */
const RATIOS = [3.0, 1.9, 1.4, 1.1, 0.9, 0.77] as const;
/** Ratio of the final drive and radius of the driven wheels, m. */
const FINAL_RATIO = 4.5;
const WHEEL_RADIUS_M = 0.3276;
/**
 * Engine speeds on the wire (rad/s × 10). The limiter is at 9583.95. Force at the wheels is greatest when each gear is
 * held nearly up to it: the torque curve at the limiter times a gear's ratio is still above the next gear's.
 */
const UPSHIFT = 9300;
/** A lower gear is taken when the engine would turn slower than this in it. */
const DOWNSHIFT_TARGET = 7600;
/** Ticks after a shift in which no other is asked for: the game's shift time is 0.15 s. */
const SHIFT_TICKS = 9;
/** Below this speed, m/s, in first gear the clutch slips, so that the engine turns where its torque is. */
const LAUNCH_SPEED = 17;
/**
 * A slipping clutch. The game passes min(1, 3·t) of the engine's torque through a clutch open to t = 1 - clutch, and ties
 * the engine's speed to the wheels' by t⁴ in each step of 2 ms. At t = 0.28 most of the torque passes while the engine
 * still gains speed from idle up to where its torque is greatest; at t = 0.38 it would stay at idle.
 */
const LAUNCH_CLUTCH = 0.72;
/** A clutch pressed this little during a shift makes the game leave throttle and clutch to the driver. */
const SHIFT_CLUTCH = 0.03;

export interface GearAndClutch {
  readonly gear: number;
  readonly clutch: number;
}

/**
 * Gear lever and clutch of car1-trb1, from the sensors alone: shifts by engine speed, slips the clutch at the start.
 * Constants of clutch and shift are those of the game's transmission model (simuv2, transmission.cpp and engine.cpp).
 */
export class AutomaticGearbox {
  #ticksSinceShift = SHIFT_TICKS;

  reset(): void {
    this.#ticksSinceShift = SHIFT_TICKS;
  }

  /**
   * @param sensors this tick's
   * @param accel throttle commanded in this tick, 0 to 1
   * @param reverse drive backwards
   */
  shift(sensors: Sensors, accel: number, reverse = false): GearAndClutch {
    this.#ticksSinceShift++;
    const gear = this.#gear(sensors, reverse);
    if (gear !== sensors.gear) this.#ticksSinceShift = 0;
    return { gear, clutch: this.#clutch(sensors, gear, accel) };
  }

  #gear(sensors: Sensors, reverse: boolean): number {
    const gear = sensors.gear;
    if (reverse) return -1;
    if (gear < 1) return 1;
    if (this.#ticksSinceShift < SHIFT_TICKS) return gear;
    // A spinning wheel must not shift up: the car's own speed has to fit the higher gear.
    const road = sensors.speedX / 3.6;
    if (gear < 6 && sensors.rpm > UPSHIFT && wireSpeed(gear, road) > 0.75 * UPSHIFT) return gear + 1;
    if (gear > 1 && wireSpeed(gear - 1, Math.max(0, road)) < DOWNSHIFT_TARGET) return gear - 1;
    return gear;
  }

  #clutch(sensors: Sensors, gear: number, accel: number): number {
    const speed = Math.abs(sensors.speedX) / 3.6;
    if (Math.abs(gear) === 1 && accel > 0.3 && speed < LAUNCH_SPEED) {
      return LAUNCH_CLUTCH * Math.min(1, (LAUNCH_SPEED - speed) / 4);
    }
    return this.#ticksSinceShift < SHIFT_TICKS ? SHIFT_CLUTCH : 0;
  }
}

/** Engine speed on the wire (rad/s × 10) in a gear at a speed over the ground, m/s, without slip. */
function wireSpeed(gear: number, speed: number): number {
  return (speed / WHEEL_RADIUS_M) * RATIOS[gear - 1]! * FINAL_RATIO * 10;
}
