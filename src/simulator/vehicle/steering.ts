import { PHYSICS_STEP_S } from './constants.ts';
import type { CarSpecification } from './specification.ts';
import type { Wheel } from './wheel.ts';

/** The rack: follows the command at a limited speed and turns the front wheels (simuv2, steer.cpp). */
export class Steering {
  readonly #lock: number;
  readonly #maxChange: number;
  readonly #wheelbase: number;
  readonly #track: number;
  angle = 0;

  /** @param wheelbase distance of the axles, m; `track` the game's signed mean track width, m, negative */
  constructor(car: CarSpecification, wheelbase: number, track: number) {
    this.#lock = car.steerLockRad;
    this.#maxChange = car.steerSpeed * PHYSICS_STEP_S;
    this.#wheelbase = wheelbase;
    this.#track = track;
  }

  update(command: number, frontRight: Wheel, frontLeft: Wheel): void {
    let angle = command * this.#lock;
    const change = angle - this.angle;
    if (change > this.#maxChange) angle = this.angle + this.#maxChange;
    else if (change < -this.#maxChange) angle = this.angle - this.#maxChange;
    if (angle === this.angle) return;
    this.angle = angle;
    const tangent = Math.abs(Math.tan(angle));
    const outer = Math.atan2(this.#wheelbase * tangent, this.#wheelbase - tangent * this.#track);
    frontRight.setSteer(angle > 0 ? outer : angle);
    frontLeft.setSteer(angle > 0 ? angle : -outer);
  }
}
