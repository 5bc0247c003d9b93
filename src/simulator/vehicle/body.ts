import type { Piece } from '../query/piece.ts';
import { heightAt } from '../query/road-height.ts';
import type { Aerodynamics } from './aerodynamics.ts';
import { GRAVITY, PHYSICS_STEP_S } from './constants.ts';
import type { CarSpecification } from './specification.ts';
import type { Wheel } from './wheel.ts';

/** Fastest turning, rad/s, and steepest roll and pitch, rad (simuv2, car.cpp). */
const MAX_YAW_RATE = 9;
const MAX_TILT = 1.04;
/** Below this speed there is no rolling resistance, m/s. */
const STANDSTILL = 1e-5;

/**
 * The rigid body: position, attitude and motion of the centre of gravity. World axes unless said otherwise; metres,
 * radians, seconds. Source: TORCS 1.3.7, src/modules/simu/simuv2/car.cpp.
 */
export class Body {
  readonly #dryMass: number;
  readonly #height: number;
  readonly #wheelbase: number;
  readonly #trackWidth: number;
  readonly #frontAxleX: number;
  readonly #rearAxleX: number;
  /** Inverse moments of inertia, 1/(kg m²). */
  readonly inverseRoll: number;
  readonly inversePitch: number;
  readonly inverseYaw: number;

  x = 0;
  y = 0;
  z = 0;
  roll = 0;
  pitch = 0;
  yaw = 0;
  velocityX = 0;
  velocityY = 0;
  velocityZ = 0;
  rollRate = 0;
  pitchRate = 0;
  yawRate = 0;
  /** Velocity in the body's frame (turned by the yaw only, as of the last step's start), m/s. */
  speedX = 0;
  speedY = 0;
  speedZ = 0;
  speed = 0;
  /** Turning as of the last step, before collisions, rad/s. */
  frameYawRate = 0;
  /** Cosine and sine of the yaw at the last step's start: the game uses them until the next forces. */
  cosYaw = 0;
  sinYaw = 0;
  sinPitch = 0;

  constructor(car: CarSpecification, wheels: readonly Wheel[]) {
    const { lengthM, widthM, heightM, massKg, massRepartition } = car;
    const spread = massRepartition * massRepartition;
    this.#dryMass = massKg;
    this.#height = car.centerOfGravityHeightM;
    this.inverseRoll = 12 / (massKg * (widthM * widthM + heightM * heightM));
    this.inversePitch = 12 / (massKg * (lengthM * lengthM + heightM * heightM));
    this.inverseYaw = 12 / (massKg * (widthM * widthM + spread * lengthM * lengthM));
    this.#frontAxleX = wheels[0]!.x;
    this.#rearAxleX = wheels[2]!.x;
    this.#wheelbase = this.#frontAxleX - this.#rearAxleX;
    this.#trackWidth = wheels[0]!.y + wheels[2]!.y;
  }

  /**
   * Puts the body at rest. In the first step the game's cosine and sine of the yaw are still 0, so all four wheels stand
   * under the centre of gravity: that decides how a car drops onto a banked grid.
   */
  place(x: number, y: number, z: number, yaw: number): void {
    this.x = x;
    this.y = y;
    this.z = z;
    this.yaw = yaw;
  }

  /**
   * Moves the hubs with the body: what is under them, how high they are over it, and their velocities in the body's
   * frame. `from` is the piece under the centre of gravity.
   */
  placeWheels(wheels: readonly Wheel[], from: Piece): void {
    const { cosYaw, sinYaw, speedX, speedY, frameYawRate } = this;
    const sinRoll = Math.sin(this.roll);
    const bottom = this.z - this.#height;
    for (let i = 0; i < wheels.length; i++) {
      const wheel = wheels[i]!;
      const ground = wheel.ground;
      ground.locate(from, this.x + wheel.x * cosYaw - wheel.y * sinYaw, this.y + wheel.x * sinYaw + wheel.y * cosYaw);
      ground.toStrip();
      wheel.roadZ = heightAt(ground);
      wheel.gap = bottom - wheel.x * this.sinPitch + wheel.y * sinRoll - wheel.roadZ;
      wheel.hubSpeedX = speedX - frameYawRate * wheel.y;
      wheel.hubSpeedY = speedY + frameYawRate * wheel.x;
    }
  }

  /** Adds up the forces of wheels, air and weight, and from them the velocities after this step. */
  accelerate(wheels: readonly Wheel[], air: Aerodynamics, fuelKg: number): void {
    const mass = this.#dryMass + fuelKg;
    const weight = mass * GRAVITY;
    const roadFrontRight = wheels[0]!.roadZ;
    const roadFrontLeft = wheels[1]!.roadZ;
    const roadRearRight = wheels[2]!.roadZ;
    const roadRearLeft = wheels[3]!.roadZ;
    const downhill = (roadRearRight + roadRearLeft - roadFrontRight - roadFrontLeft) / (2 * this.#wheelbase);
    const sideways = (roadFrontLeft + roadRearLeft - roadFrontRight - roadRearRight) / (2 * this.#trackWidth);
    let forceX = weight * downhill + air.forceX;
    let forceY = weight * sideways;
    let forceZ = -weight + air.frontWingZ + air.rearWingZ + air.frontGroundEffect + air.rearGroundEffect;
    let rollMoment = 0;
    let pitchMoment =
      -(air.frontWingZ * air.frontWing.x + air.frontWingX * air.frontWing.z) -
      (air.rearWingZ * air.rearWing.x + air.rearWingX * air.rearWing.z) -
      air.frontGroundEffect * this.#frontAxleX -
      air.rearGroundEffect * this.#rearAxleX;
    let yawMoment = 0;
    let rolling = 0;
    for (let i = 0; i < wheels.length; i++) {
      const wheel = wheels[i]!;
      const wheelX = wheel.tyre.forceX;
      const wheelY = wheel.tyre.forceY;
      const wheelZ = wheel.suspension.force;
      forceX += wheelX;
      forceY += wheelY;
      forceZ += wheelZ;
      rollMoment += wheelZ * wheel.y + wheelY * wheel.rollCenter;
      pitchMoment -= wheelZ * wheel.x + wheelX * (this.#height + wheel.gap);
      yawMoment += wheelY * wheel.x - wheelX * wheel.y;
      rolling += wheel.tyre.rollingResistance;
    }
    this.#turn(rollMoment, pitchMoment, yawMoment, rolling);
    this.#push(forceX, forceY, forceZ, rolling, mass);
  }

  #turn(rollMoment: number, pitchMoment: number, yawMoment: number, rolling: number): void {
    const scrub = (rolling * this.#wheelbase) / 2;
    const stopping = scrub * this.inverseYaw > Math.abs(this.yawRate);
    const braking = stopping ? this.yawRate / this.inverseYaw : this.yawRate < 0 ? -scrub : scrub;
    this.rollRate += rollMoment * this.inverseRoll * PHYSICS_STEP_S;
    this.pitchRate += pitchMoment * this.inversePitch * PHYSICS_STEP_S;
    const yawRate = this.yawRate + (yawMoment - braking) * this.inverseYaw * PHYSICS_STEP_S;
    this.yawRate = yawRate > MAX_YAW_RATE ? MAX_YAW_RATE : Math.max(yawRate, -MAX_YAW_RATE);
  }

  #push(forceX: number, forceY: number, forceZ: number, rolling: number, mass: number): void {
    const cos = Math.cos(this.yaw);
    const sin = Math.sin(this.yaw);
    this.cosYaw = cos;
    this.sinYaw = sin;
    const speed = Math.sqrt(this.velocityX * this.velocityX + this.velocityY * this.velocityY);
    let resistance = 0;
    if (speed > STANDSTILL) {
      resistance = rolling / speed;
      if ((resistance * PHYSICS_STEP_S) / mass > speed) resistance = (speed * mass) / PHYSICS_STEP_S;
    }
    const perMass = PHYSICS_STEP_S / mass;
    const resistanceX = resistance * this.velocityX;
    const resistanceY = resistance * this.velocityY;
    this.velocityX += (forceX * cos - forceY * sin - resistanceX) * perMass;
    this.velocityY += (forceX * sin + forceY * cos - resistanceY) * perMass;
    this.velocityZ += forceZ * perMass;
    this.frameYawRate = this.yawRate;
    this.speedX = this.velocityX * cos + this.velocityY * sin;
    this.speedY = this.velocityY * cos - this.velocityX * sin;
    this.speedZ = this.velocityZ;
  }

  /** Moves the body by its velocities for one step. */
  move(): void {
    this.x += this.velocityX * PHYSICS_STEP_S;
    this.y += this.velocityY * PHYSICS_STEP_S;
    this.z += this.velocityZ * PHYSICS_STEP_S;
    this.roll = tilted(this.roll + this.rollRate * PHYSICS_STEP_S);
    this.pitch = tilted(this.pitch + this.pitchRate * PHYSICS_STEP_S);
    this.sinPitch = Math.sin(this.pitch);
    this.yaw = normalizeAngle(this.yaw + this.yawRate * PHYSICS_STEP_S);
  }

  /** Ends the step: the speed that the air feels in the next one. */
  settle(): void {
    this.speed = Math.sqrt(this.speedX * this.speedX + this.speedY * this.speedY + this.speedZ * this.speedZ);
  }
}

function tilted(angle: number): number {
  return angle > MAX_TILT ? MAX_TILT : Math.max(angle, -MAX_TILT);
}

/** An angle brought into [-π, π]. */
export function normalizeAngle(angle: number): number {
  let normal = angle;
  while (normal > Math.PI) normal -= 2 * Math.PI;
  while (normal < -Math.PI) normal += 2 * Math.PI;
  return normal;
}
