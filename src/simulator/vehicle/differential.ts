import { PHYSICS_STEP_S } from './constants.ts';
import type { Engine } from './engine.ts';
import type { Gearbox } from './gearbox.ts';
import type { CarSpecification } from './specification.ts';
import type { Wheel } from './wheel.ts';

/**
 * The driven axle's limited-slip differential: locked beyond a torque, below it a slip that shrinks as the torque
 * grows. Source: TORCS 1.3.7, src/modules/simu/simuv2/differential.cpp.
 */
export class LimitedSlipDifferential {
  readonly #slipBias: number;
  readonly #lockingTorque: number;
  readonly #lockingBrakeTorque: number;

  constructor(car: CarSpecification) {
    this.#slipBias = car.slipBias;
    this.#lockingTorque = car.lockingTorque;
    this.#lockingBrakeTorque = car.lockingBrakeTorque;
  }

  /** Turns both driven wheels for one step, and the engine with them. */
  update(right: Wheel, left: Wheel, engine: Engine, gearbox: Gearbox): void {
    const open = gearbox.transfer * 3;
    const torque = engine.torque * gearbox.ratio * Math.min(open, 1);
    const inertiaRight = gearbox.inertia + right.inertia / gearbox.efficiency;
    const inertiaLeft = gearbox.inertia + left.inertia / gearbox.efficiency;
    const turning = Math.abs(right.spin) + Math.abs(left.spin);
    if (turning !== 0 && (torque > this.#lockingTorque || torque < -this.#lockingBrakeTorque)) {
      this.#turnLocked(right, left, torque, inertiaRight + inertiaLeft, engine, gearbox);
      return;
    }
    let spinRight = right.spin;
    let spinLeft = left.spin;
    let torqueRight = torque / 2;
    let torqueLeft = torque / 2;
    if (turning !== 0) {
      const driving = torque >= 0;
      const locking = driving ? this.#lockingTorque : -this.#lockingBrakeTorque;
      const excess = Math.abs(spinRight - spinLeft) / turning - this.#slipBias * (1 - torque / locking);
      let bias = 0;
      if (excess > 0) {
        const change = (excess * turning) / 2;
        const rightFaster = spinRight > spinLeft;
        spinRight += rightFaster ? -change : change;
        spinLeft += rightFaster ? change : -change;
        bias = rightFaster === driving ? -excess : excess;
      }
      const spider = left.tyre.torque - right.tyre.torque;
      torqueRight = (torque * (1 + bias) + spider) / 2;
      torqueLeft = (torque * (1 - bias) - spider) / 2;
    }
    spinRight += (PHYSICS_STEP_S * (torqueRight - right.tyre.torque)) / inertiaRight;
    spinLeft += (PHYSICS_STEP_S * (torqueLeft - left.tyre.torque)) / inertiaLeft;
    spinRight = braked(spinRight, (PHYSICS_STEP_S * right.brakeTorque) / inertiaRight);
    spinLeft = braked(spinLeft, (PHYSICS_STEP_S * left.brakeTorque) / inertiaLeft);
    const mean = (spinRight + spinLeft) / 2;
    const limit = engine.updateSpeed(mean, gearbox);
    if (mean !== 0 && limit !== 0) {
      spinRight *= limit / mean;
      spinLeft *= limit / mean;
    }
    right.takeSpin(spinRight);
    left.takeSpin(spinLeft);
  }

  #turnLocked(right: Wheel, left: Wheel, torque: number, inertia: number, engine: Engine, gearbox: Gearbox): void {
    let spin = right.spin + (PHYSICS_STEP_S * (torque - right.tyre.torque - left.tyre.torque)) / inertia;
    spin = braked(spin, (PHYSICS_STEP_S * (right.brakeTorque + left.brakeTorque)) / inertia);
    const limit = engine.updateSpeed(spin, gearbox);
    if (limit !== 0) spin = limit;
    right.takeSpin(spin);
    left.takeSpin(spin);
  }
}

/** Turns a wheel that no engine drives (simuv2, wheel.cpp, SimUpdateFreeWheels). */
export function turnFreely(wheel: Wheel): void {
  const spin = wheel.spin - (PHYSICS_STEP_S * wheel.tyre.torque) / wheel.inertia;
  wheel.takeSpin(braked(spin, (PHYSICS_STEP_S * wheel.brakeTorque) / wheel.inertia));
}

/** A spin slowed by `change`, which never turns it the other way. */
function braked(spin: number, change: number): number {
  if (spin > 0) return change > spin ? 0 : spin - change;
  return change > -spin ? 0 : spin + change;
}
