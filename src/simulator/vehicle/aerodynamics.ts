import type { CarSpecification, WingSpecification } from './specification.ts';
import type { Wheel } from './wheel.ts';

/** Air density times a half, with simuv2's own factor for the body and for the wings (aero.cpp). */
const DRAG_DENSITY = 0.645;
const WING_DENSITY = 1.23;
/** A wing's lift over its drag (aero.cpp). */
const WING_LIFT = 4;
/** Damage at which the drag has doubled. */
const DAMAGE_DOUBLING_DRAG = 10_000;
/** Speed above which the flow's direction counts for the ground effect, m/s. */
const FLOW_SPEED = 1;

/** What the air needs of the body; the units are the body's. */
export interface Airborne {
  readonly speedX: number;
  readonly speedZ: number;
  readonly speed: number;
  readonly sinPitch: number;
}

/** Drag, ground effect and wings. Source: TORCS 1.3.7, src/modules/simu/simuv2/aero.cpp. Newtons, in the body's frame. */
export class Aerodynamics {
  readonly #dragArea: number;
  readonly #frontLift: number;
  readonly #rearLift: number;
  readonly frontWing: Wing;
  readonly rearWing: Wing;
  /** What another car's slipstream feels of this one. */
  readonly wake: number;

  /** All forces along the car. */
  forceX = 0;
  /** Lift of the ground effect at the axles, negative downwards. */
  frontGroundEffect = 0;
  rearGroundEffect = 0;
  frontWingX = 0;
  frontWingZ = 0;
  rearWingX = 0;
  rearWingZ = 0;

  constructor(car: CarSpecification, centerX: number) {
    this.#dragArea = DRAG_DENSITY * car.dragCoefficient * car.frontAreaM2;
    this.#frontLift = car.frontLift;
    this.#rearLift = car.rearLift;
    this.frontWing = new Wing(car.frontWing, centerX);
    this.rearWing = new Wing(car.rearWing, centerX);
    this.wake = this.#dragArea + WING_DENSITY * car.rearWing.areaM2 * Math.sin(car.rearWing.angleRad);
  }

  /** @param draft factor on the speed of the air, 1 alone on the road, less in a slipstream */
  update(body: Airborne, wheels: readonly Wheel[], damage: number, draft: number): void {
    const speedX = body.speedX;
    const pressure = speedX * speedX;
    const roughness = 1 + damage / DAMAGE_DOUBLING_DRAG;
    const drag = (speedX < 0 ? 1 : -1) * this.#dragArea * pressure * roughness * draft * draft;

    let frontal = body.speed > FLOW_SPEED ? speedX / body.speed : 1;
    if (frontal < 0) frontal = 0;
    const gaps = 1.5 * (wheels[0]!.gap + wheels[1]!.gap + wheels[2]!.gap + wheels[3]!.gap);
    const square = gaps * gaps;
    const suction = 2 * Math.exp(-3 * square * square) * pressure * frontal;
    this.frontGroundEffect = -this.#frontLift * suction;
    this.rearGroundEffect = -this.#rearLift * suction;

    if (speedX <= 0) {
      this.frontWingX = this.frontWingZ = this.rearWingX = this.rearWingZ = 0;
      this.forceX = drag;
      return;
    }
    // Sine and cosine of the angle of attack before the wing's own angle: climb of the velocity plus the pitch.
    const flow = Math.sqrt(body.speedZ * body.speedZ + pressure);
    const climbSin = body.speedZ / flow;
    const climbCos = speedX / flow;
    const pitchCos = Math.sqrt(1 - body.sinPitch * body.sinPitch);
    const sin = climbSin * pitchCos + climbCos * body.sinPitch;
    const cos = climbCos * pitchCos - climbSin * body.sinPitch;
    const front =
      this.frontWing.coefficient * pressure * (sin * this.frontWing.cosAngle + cos * this.frontWing.sinAngle);
    const rear = this.rearWing.coefficient * pressure * (sin * this.rearWing.cosAngle + cos * this.rearWing.sinAngle);
    this.frontWingX = front * roughness;
    this.frontWingZ = front * WING_LIFT;
    this.rearWingX = rear * roughness;
    this.rearWingZ = rear * WING_LIFT;
    this.forceX = drag + this.frontWingX + this.rearWingX;
  }
}

/** Where a wing is, relative to the centre of gravity, and how it pulls. */
export class Wing {
  readonly x: number;
  readonly z: number;
  readonly coefficient: number;
  readonly sinAngle: number;
  readonly cosAngle: number;

  constructor(wing: WingSpecification, centerX: number) {
    this.x = wing.x - centerX;
    this.z = wing.z;
    this.coefficient = -WING_DENSITY * wing.areaM2;
    this.sinAngle = Math.sin(wing.angleRad);
    this.cosAngle = Math.cos(wing.angleRad);
  }
}
