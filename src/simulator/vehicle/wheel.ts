import type { Piece } from '../query/piece.ts';
import { TrackPosition } from '../query/track-position.ts';
import { GRAVITY } from './constants.ts';
import type { AxleSpecification, CarSpecification } from './specification.ts';
import { Suspension } from './suspension.ts';
import { Tyre } from './tyre.ts';

/** One wheel: where it is, how it spins, and the forces that it hands to the body. Lengths relative to the centre of gravity. */
export class Wheel {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly inertia: number;
  readonly rollCenter: number;
  readonly toe: number;
  /** Brake torque per unit of pressure, m³. */
  readonly brakeCoefficient: number;
  readonly suspension: Suspension;
  readonly tyre: Tyre;
  readonly ground: TrackPosition;

  /** Height of the wheel's hub line over the road, m; the game calls it ride height. */
  gap = 0;
  roadZ = 0;
  /** Velocity of the hub in the body's frame, m/s. */
  hubSpeedX = 0;
  hubSpeedY = 0;
  /** Steering angle, rad, and its cosine and sine with the toe added. */
  steer = 0;
  cosSteer: number;
  sinSteer: number;
  spin = 0;
  previousRawSpin = 0;
  brakeTorque = 0;

  constructor(
    car: CarSpecification,
    axle: AxleSpecification,
    share: number,
    left: boolean,
    centerX: number,
    at: Piece,
  ) {
    const staticLoad = (car.massKg * GRAVITY * share) / 2;
    this.x = axle.x - centerX;
    this.y = left ? axle.halfTrackM : -axle.halfTrackM;
    this.radius = axle.rimDiameterM / 2 + axle.tyreWidthM * axle.tyreAspect;
    this.inertia = axle.wheelInertia + axle.axleInertia / 2;
    this.rollCenter = axle.rollCenterM;
    this.toe = axle.toeRad;
    this.brakeCoefficient = (axle.brakeDiscDiameterM / 2) * axle.brakePistonAreaM2 * axle.brakeMu;
    this.suspension = new Suspension(axle, staticLoad);
    this.tyre = new Tyre(axle, staticLoad);
    this.ground = new TrackPosition(at);
    this.cosSteer = Math.cos(axle.toeRad);
    this.sinSteer = Math.sin(axle.toeRad);
  }

  setSteer(angle: number): void {
    this.steer = angle;
    this.cosSteer = Math.cos(angle + this.toe);
    this.sinSteer = Math.sin(angle + this.toe);
  }

  /**
   * Takes over the spin that the drive train computed, smoothed with the one before (simuv2, wheel.cpp,
   * SimWheelUpdateRotation with robottools' RELAXATION2 at rate 50: the mean of the last two raw values).
   */
  takeSpin(raw: number): void {
    this.spin = this.previousRawSpin + 0.5 * (raw - this.previousRawSpin);
    this.previousRawSpin = raw;
  }
}
