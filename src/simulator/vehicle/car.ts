import type { Piece } from '../query/piece.ts';
import { TrackPosition } from '../query/track-position.ts';
import { Aerodynamics } from './aerodynamics.ts';
import { BarrierContact } from './barrier-contact.ts';
import { Body } from './body.ts';
import type { Collider } from './collider.ts';
import { Command } from './command.ts';
import { DAMAGE_LIMIT } from './constants.ts';
import { LimitedSlipDifferential, turnFreely } from './differential.ts';
import { Engine } from './engine.ts';
import { Gearbox } from './gearbox.ts';
import { hitGround } from './ground-contact.ts';
import type { CarSpecification } from './specification.ts';
import { Steering } from './steering.ts';
import { Wheel } from './wheel.ts';

/** What the rules of the race do to a car. */
export interface CarRules {
  /** Whether hits damage the car. */
  readonly damage: boolean;
  /** Whether driving consumes fuel. */
  readonly fuel: boolean;
}

/** Gas and speed that are left to a car that has finished (simuv2, simu.cpp, ctrlCheck). */
const FINISHED_GAS = 0.2;
const FINISHED_SPEED = 30;
const FINISHED_BRAKE = 0.05;
/** Controls of a car that rolls out. */
const ROLL_OUT_BRAKE = 0.1;
const ROLL_OUT_STEER = 0.1;
/** A car that rolls out is taken off the track when it is this slow, m/s. */
const ROLLED_OUT_SPEED = 1;

/**
 * A car: its parts and the order in which one physics step runs through them (TORCS 1.3.7,
 * src/modules/simu/simuv2/simu.cpp, SimUpdate). Flags are 0 or 1, so that all state is numbers.
 */
export class Car implements Collider {
  readonly specification: CarSpecification;
  readonly rules: CarRules;
  readonly command = new Command();
  readonly body: Body;
  /** Front right, front left, rear right, rear left. */
  readonly wheels: readonly [Wheel, Wheel, Wheel, Wheel];
  readonly steering: Steering;
  readonly engine: Engine;
  readonly gearbox: Gearbox;
  readonly differential: LimitedSlipDifferential;
  readonly air: Aerodynamics;
  /** Where the centre of gravity is on the track. */
  readonly position: TrackPosition;
  /** For questions within a step. */
  readonly probe: TrackPosition;
  readonly #barriers: BarrierContact;

  damage = 0;
  /** Was pushed off something in this step already. */
  blocked = 0;
  finished = 0;
  /** Out of the lap's time limit. */
  eliminated = 0;
  /** Wrecked, out of fuel or eliminated: the engine is off and the car rolls out. */
  broken = 0;
  /** Taken off the track: no longer simulated nor seen. */
  removed = 0;

  constructor(specification: CarSpecification, rules: CarRules, at: Piece) {
    const { front, rear, frontShare } = specification;
    this.specification = specification;
    this.rules = rules;
    const centerX = front.x * frontShare + rear.x * (1 - frontShare);
    this.wheels = [
      new Wheel(specification, front, frontShare, false, centerX, at),
      new Wheel(specification, front, frontShare, true, centerX, at),
      new Wheel(specification, rear, 1 - frontShare, false, centerX, at),
      new Wheel(specification, rear, 1 - frontShare, true, centerX, at),
    ];
    this.body = new Body(specification, this.wheels);
    // The game's signed track width: the right wheels' places less the left ones', halved.
    this.steering = new Steering(specification, front.x - rear.x, -(front.halfTrackM + rear.halfTrackM));
    this.engine = new Engine(specification, rules.fuel);
    this.gearbox = new Gearbox(specification);
    this.differential = new LimitedSlipDifferential(specification);
    this.air = new Aerodynamics(specification, centerX);
    this.position = new TrackPosition(at);
    this.probe = new TrackPosition(at);
    this.#barriers = new BarrierContact(this);
  }

  /** Puts the car at rest somewhere, its position located from `piece`. */
  place(piece: Piece, x: number, y: number, z: number, yaw: number): void {
    this.body.place(x, y, z, yaw);
    this.position.locate(piece, x, y);
  }

  /** A step before the start: only the engine runs. */
  stepOnGrid(): void {
    this.command.gear = 0;
    this.#operate();
    this.engine.updateSpeed(0, this.gearbox);
  }

  /** @param draft factor on the speed of the air that a slipstream gives, 1 without */
  step(draft: number): void {
    this.blocked = 0;
    if (this.removed === 1) return;
    if (this.damage > DAMAGE_LIMIT || this.engine.fuel === 0 || this.eliminated === 1) {
      this.broken = 1;
      this.engine.speed = 0;
      this.gearbox.gear = 0;
      if (Math.abs(this.body.speedX) <= ROLLED_OUT_SPEED) {
        this.removed = 1;
        return;
      }
    }
    this.#operate();
    const [frontRight, frontLeft, rearRight, rearLeft] = this.wheels;
    const { body, specification } = this;
    // The air still feels the gaps of the step before.
    this.air.update(body, this.wheels, this.damage, draft);
    body.placeWheels(this.wheels, this.position.piece);
    const pressure = this.command.brake * specification.brakePressure;
    const frontPressure = pressure * specification.brakeFrontShare;
    const rearPressure = pressure * (1 - specification.brakeFrontShare);
    this.#press(frontRight, frontLeft, frontPressure, specification.front.antiRollSpring);
    this.#press(rearRight, rearLeft, rearPressure, specification.rear.antiRollSpring);
    this.differential.update(rearRight, rearLeft, this.engine, this.gearbox);
    turnFreely(frontRight);
    turnFreely(frontLeft);
    body.accelerate(this.wheels, this.air, this.engine.fuel);
    const { x, y } = body;
    body.move();
    this.position.locate(this.position.piece, body.x, body.y);
    hitGround(this);
    this.#barriers.update(x, y);
    body.settle();
  }

  /** Damage counts in whole points, and not after the finish. */
  addDamage(points: number): void {
    if (this.finished === 0 && this.rules.damage) this.damage += Math.trunc(points);
  }

  /** Steering, gearbox and engine as the driver commands them. */
  #operate(): void {
    const { command } = this;
    if (this.broken === 1 || this.eliminated === 1) {
      command.accel = 0;
      command.brake = ROLL_OUT_BRAKE;
      command.gear = 0;
      command.steer = this.position.toMiddle > 0 ? ROLL_OUT_STEER : -ROLL_OUT_STEER;
    } else if (this.finished === 1) {
      command.accel = Math.min(command.accel, FINISHED_GAS);
      if (this.body.speedX > FINISHED_SPEED) command.brake = Math.max(command.brake, FINISHED_BRAKE);
    }
    this.steering.update(command.steer, this.wheels[0], this.wheels[1]);
    this.gearbox.update(command);
    this.engine.updateTorque(command, this.broken === 1 || this.eliminated === 1);
  }

  /** Suspensions and tyres of one axle. */
  #press(right: Wheel, left: Wheel, brakePressure: number, antiRollSpring: number): void {
    right.brakeTorque = right.brakeCoefficient * brakePressure;
    left.brakeTorque = left.brakeCoefficient * brakePressure;
    right.suspension.move(right.gap);
    left.suspension.move(left.gap);
    const bar = antiRollSpring * (left.suspension.travel - right.suspension.travel);
    right.suspension.press(bar);
    left.suspension.press(-bar);
    right.tyre.update(right);
    left.tyre.update(left);
  }
}
