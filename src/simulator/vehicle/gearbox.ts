import type { Command } from './command.ts';
import { PHYSICS_STEP_S } from './constants.ts';
import type { CarSpecification } from './specification.ts';

/** A clutch pedal pressed less than this leaves the shift's clutch work to the gearbox (simuv2, transmission.cpp). */
const PEDAL_FREE = 0.99;
/** Gas while the gearbox works the clutch itself. */
const SHIFTING_GAS = 0.1;

/** Gears and clutch (simuv2, transmission.cpp). */
export class Gearbox {
  readonly #ratios: Float64Array;
  /** Inertia that each gear adds to a driven wheel, kg m². */
  readonly #gearInertias: Float64Array;
  readonly #efficiencies: Float64Array;
  readonly #highest: number;
  readonly #shiftTime: number;

  gear = 0;
  /** Engine turns per turn of the driven wheels. */
  ratio = 0;
  /** Inertia of the gear at each driven wheel, kg m², and the efficiency that divides the wheel's own. */
  inertia = 0;
  efficiency = 1;
  /** 1 the engine is tied to the wheels, 0 it is free. */
  transfer = 1;
  releasing = 1;
  releaseTime = 0;

  constructor(car: CarSpecification) {
    this.#ratios = Float64Array.from(car.gears, (gear) => gear.ratio * car.finalRatio);
    this.#gearInertias = Float64Array.from(
      car.gears,
      (gear) => (gear.inertia * (gear.ratio * car.finalRatio) ** 2) / 2,
    );
    this.#efficiencies = Float64Array.from(car.gears, (gear) => gear.efficiency);
    this.#highest = car.gears.length - 2;
    this.#shiftTime = car.shiftTimeS;
  }

  /** Shifts, or goes on with a shift: cuts the gas in `command` while the clutch is open. */
  update(command: Command): void {
    this.transfer = 1 - command.clutch;
    if (this.releasing === 1) {
      this.releaseTime -= PHYSICS_STEP_S;
      if (this.releaseTime <= 0) {
        this.releasing = 0;
      } else if (this.transfer > PEDAL_FREE) {
        this.transfer = 0;
        if (command.accel > SHIFTING_GAS) command.accel = SHIFTING_GAS;
      }
    } else if (command.gear !== this.gear && command.gear >= -1 && command.gear <= this.#highest) {
      this.gear = command.gear;
      this.releasing = 1;
      this.releaseTime = this.gear === 0 ? 0 : this.#shiftTime;
      this.#engage();
    }
  }

  #engage(): void {
    const index = this.gear + 1;
    this.ratio = this.#ratios[index]!;
    this.inertia = this.#gearInertias[index]!;
    this.efficiency = this.#efficiencies[index]!;
  }

  /** Parts the engine from the wheels for good: the tank is empty. */
  open(): void {
    this.releasing = 0;
    this.transfer = 0;
  }
}
