import type { Command } from './command.ts';
import { PHYSICS_STEP_S } from './constants.ts';
import type { Gearbox } from './gearbox.ts';
import type { CarSpecification } from './specification.ts';

/** Scale of the consumption factor (simuv2, engine.cpp). */
const CONSUMPTION_SCALE = 1e-7;

/** The engine and its tank (simuv2, engine.cpp). Speeds in rad/s, torques in N·m, fuel in litres. */
export class Engine {
  readonly #speeds: Float64Array;
  readonly #slopes: Float64Array;
  readonly #offsets: Float64Array;
  readonly #limiter: number;
  readonly #maxSpeed: number;
  readonly #tickover: number;
  readonly #inertia: number;
  readonly #brake: number;
  readonly #consumption: number;

  speed: number;
  torque = 0;
  fuel: number;

  /** @param consumesFuel false for races without consumption (the race files' "fuel consumption factor" 0) */
  constructor(car: CarSpecification, consumesFuel: boolean) {
    const pieces = car.torqueCurve.length - 1;
    this.#speeds = new Float64Array(pieces);
    this.#slopes = new Float64Array(pieces);
    this.#offsets = new Float64Array(pieces);
    for (let i = 0; i < pieces; i++) {
      const [lowSpeed, lowTorque] = car.torqueCurve[i]!;
      const [highSpeed, highTorque] = car.torqueCurve[i + 1]!;
      this.#speeds[i] = highSpeed;
      this.#slopes[i] = (highTorque - lowTorque) / (highSpeed - lowSpeed);
      this.#offsets[i] = lowTorque - this.#slopes[i]! * lowSpeed;
    }
    this.#limiter = car.limiter;
    this.#maxSpeed = car.maxEngineSpeed;
    this.#tickover = car.tickover;
    this.#inertia = car.engineInertia;
    this.#brake = car.engineBrake;
    this.#consumption = consumesFuel ? car.fuelConsumption * CONSUMPTION_SCALE * PHYSICS_STEP_S : 0;
    this.speed = car.tickover;
    this.fuel = car.initialFuelL;
  }

  /** Torque at this step's speed and gas; burns fuel. A dead engine stands still. */
  updateTorque(command: Command, dead: boolean): void {
    if (this.fuel <= 0 || dead) {
      this.speed = 0;
      this.torque = 0;
      return;
    }
    if (this.speed > this.#limiter) {
      this.speed = this.#limiter;
      this.torque = 0;
      return;
    }
    let i = 0;
    while (i < this.#speeds.length - 1 && this.speed >= this.#speeds[i]!) i++;
    const full = this.speed * this.#slopes[i]! + this.#offsets[i]!;
    const drag = (this.#brake * (this.speed - this.#tickover)) / (this.#maxSpeed - this.#tickover);
    this.torque = full * (command.accel * (1 + drag) - drag);
    // The game's tank is a 32-bit number: with 94 l in it, what an idling engine burns in 2 ms rounds away.
    const left = Math.fround(this.fuel - Math.abs(this.torque) * this.speed * this.#consumption);
    this.fuel = Math.max(left, 0);
  }

  /**
   * Speed after this step, with the driven wheels turning at `wheelSpin` on average. Returns the spin to which the
   * wheels are held when the engine cannot turn faster, else 0.
   */
  updateSpeed(wheelSpin: number, gearbox: Gearbox): number {
    if (this.fuel <= 0) {
      this.speed = 0;
      gearbox.open();
      return 0;
    }
    const free = this.speed + (this.torque / this.#inertia) * PHYSICS_STEP_S;
    const transfer = gearbox.transfer;
    if (transfer <= 0.01 || gearbox.gear === 0) {
      this.speed = free;
      return 0;
    }
    const square = transfer * transfer;
    const coupling = square * square;
    this.speed = wheelSpin * gearbox.ratio * coupling + free * (1 - coupling);
    if (this.speed < this.#tickover) {
      this.speed = this.#tickover;
    } else if (this.speed > this.#maxSpeed) {
      this.speed = this.#maxSpeed;
      return this.#maxSpeed / gearbox.ratio;
    }
    return 0;
  }
}
