import { PHYSICS_STEP_S } from './constants.ts';
import type { AxleSpecification } from './specification.ts';

/** Damper speeds beyond this are clipped, m/s (simuv2, susp.cpp). */
const MAX_DAMPER_SPEED = 10;

/**
 * Spring, damper and the moving mass of one wheel. Travel is measured at the spring: wheel travel times the bellcrank;
 * it grows as the wheel hangs lower. Source: TORCS 1.3.7, src/modules/simu/simuv2, susp.cpp and wheel.cpp.
 */
export class Suspension {
  readonly #bellcrank: number;
  readonly #spring: number;
  readonly #restTravel: number;
  readonly #restForce: number;
  readonly #course: number;
  readonly #packers: number;
  readonly #mass: number;
  readonly #slowBump: number;
  readonly #slowRebound: number;
  readonly #fastBump: number;
  readonly #fastRebound: number;
  readonly #threshold: number;
  readonly #bumpOffset: number;
  readonly #reboundOffset: number;

  travel = 0;
  /** Speed of compression, m/s. */
  speed = 0;
  /** Speed of the wheel relative to the body, m/s; positive is upwards. */
  wheelSpeed = 0;
  compressed = 0;
  extended = 0;
  /** Vertical force on the body, N. */
  force = 0;

  constructor(axle: AxleSpecification, staticLoad: number) {
    this.#bellcrank = axle.bellcrank;
    this.#spring = axle.spring;
    this.#restTravel = axle.bellcrank * axle.rideHeightM;
    this.#restForce = staticLoad / axle.bellcrank;
    this.#course = axle.courseM;
    this.#packers = axle.packersM;
    this.#mass = axle.wheelMassKg;
    this.#slowBump = axle.slowBump;
    this.#slowRebound = axle.slowRebound;
    this.#fastBump = axle.fastBump;
    this.#fastRebound = axle.fastRebound;
    this.#threshold = axle.damperThreshold;
    this.#bumpOffset = (axle.slowBump - axle.fastBump) * axle.damperThreshold;
    this.#reboundOffset = (axle.slowRebound - axle.fastRebound) * axle.damperThreshold;
  }

  /** Moves the wheel for one step; `gap` is how far the body is above the road at the wheel, m. */
  move(gap: number): void {
    let wheelTravel = this.travel / this.#bellcrank - this.wheelSpeed * PHYSICS_STEP_S;
    if (gap < wheelTravel) {
      wheelTravel = gap;
      this.wheelSpeed = 0;
    } else if (wheelTravel < this.#packers) {
      wheelTravel = this.#packers;
      this.wheelSpeed = 0;
    }
    this.compressed = 0;
    this.extended = 0;
    if (wheelTravel < this.#packers) {
      wheelTravel = this.#packers;
      this.compressed = 1;
    }
    let travel = wheelTravel * this.#bellcrank;
    if (travel > this.#course) {
      travel = this.#course;
      this.compressed = 0;
      this.extended = 1;
    }
    this.speed = (this.travel - travel) / PHYSICS_STEP_S;
    this.travel = travel;
  }

  /** Computes the vertical force; `axleForce` comes from the anti-roll bar, N. */
  press(axleForce: number): void {
    if (this.extended === 1 && this.wheelSpeed <= 0) {
      this.force = (this.wheelSpeed / PHYSICS_STEP_S) * this.#mass;
      this.wheelSpeed = 0;
      return;
    }
    const spring = Math.max(0, this.#restForce - this.#spring * (this.travel - this.#restTravel));
    const inner = spring + this.#damper();
    this.force = axleForce + (inner <= 0 ? 0 : inner * this.#bellcrank);
    this.wheelSpeed -= (PHYSICS_STEP_S * this.force) / this.#mass;
  }

  #damper(): number {
    const speed = Math.min(Math.abs(this.speed), MAX_DAMPER_SPEED);
    if (this.speed < 0) {
      return speed < this.#threshold ? -this.#slowRebound * speed : -(this.#fastRebound * speed + this.#reboundOffset);
    }
    return speed < this.#threshold ? this.#slowBump * speed : this.#fastBump * speed + this.#bumpOffset;
  }

  /** How far the body is lifted when the suspension is down on its packers, m. */
  get packers(): number {
    return this.#packers;
  }
}
