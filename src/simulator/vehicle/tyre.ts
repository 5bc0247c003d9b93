import type { CompiledStrip } from '../query/piece.ts';
import { SKILL_SKID_FACTOR } from './constants.ts';
import type { AxleSpecification } from './specification.ts';

/** Slips below this give no force. */
const NO_SLIP = 1e-6;
/** Hub speeds below this have no direction, m/s. */
const STANDSTILL = 1e-6;
/** Slips above this give no more force. */
const MAX_SLIP = 1.5;
/** How camber adds to the grip: 1 + 0.05 sin(-18 camber). */
const CAMBER_GAIN = 0.05;
const CAMBER_STRETCH = 18;

/** What the tyre needs of its wheel; the units are the wheel's. */
export interface TyreMount {
  readonly radius: number;
  readonly hubSpeedX: number;
  readonly hubSpeedY: number;
  readonly cosSteer: number;
  readonly sinSteer: number;
  readonly spin: number;
  readonly suspension: { readonly force: number };
  readonly ground: { readonly strip: CompiledStrip };
}

/**
 * Friction between one tyre and the ground: Pacejka's formula over the combined slip, falling with load. Source: TORCS
 * 1.3.7, src/modules/simu/simuv2/wheel.cpp, SimWheelUpdateForce.
 */
export class Tyre {
  readonly #shape: number;
  readonly #stiffness: number;
  readonly #elasticity: number;
  readonly #mu: number;
  readonly #loadFactorMin: number;
  readonly #loadFactorRange: number;
  readonly #loadSlope: number;
  readonly #camberFactor: number;

  /** Forces in the body's frame, N. */
  forceX = 0;
  forceY = 0;
  /** Torque with which the road turns the wheel back, N·m. */
  torque = 0;
  rollingResistance = 0;
  previousAlong = 0;
  previousAcross = 0;
  /** Combined slip and the pressing force, N, of the last step. */
  slip = 0;
  load = 0;

  constructor(axle: AxleSpecification, staticLoad: number) {
    this.#shape = 2 - (Math.asin(axle.tyreDynamicFriction) * 2) / Math.PI;
    this.#stiffness = axle.tyreStiffness / this.#shape;
    this.#elasticity = axle.tyreElasticity;
    this.#mu = axle.tyreMu;
    this.#loadFactorMin = axle.loadFactorMin;
    this.#loadFactorRange = axle.loadFactorMax - axle.loadFactorMin;
    // 1.2: the operating load is a fifth above the static one (simuv2, wheel.cpp, SimWheelConfig).
    this.#loadSlope = Math.log((1 - axle.loadFactorMin) / this.#loadFactorRange) / (1.2 * staticLoad);
    this.#camberFactor = 1 + CAMBER_GAIN * Math.sin(-axle.camberRad * CAMBER_STRETCH);
  }

  update(wheel: TyreMount): void {
    const load = Math.max(wheel.suspension.force, 0);
    const { hubSpeedX, hubSpeedY, cosSteer, sinSteer } = wheel;
    const speed = Math.sqrt(hubSpeedX * hubSpeedX + hubSpeedY * hubSpeedY);
    const rim = wheel.spin * wheel.radius;
    let slipAlong: number;
    let slipAcross: number;
    if (speed < STANDSTILL) {
      slipAlong = rim;
      slipAcross = 0;
    } else {
      const rolling = hubSpeedX * cosSteer + hubSpeedY * sinSteer;
      // The game divides by |rolling|; a wheel that slides exactly sideways would give infinity there.
      slipAlong = (rolling - rim) / Math.max(Math.abs(rolling), Number.MIN_VALUE * 2 ** 60);
      slipAcross = (hubSpeedY * cosSteer - hubSpeedX * sinSteer) / speed;
    }
    const slip = Math.sqrt(slipAlong * slipAlong + slipAcross * slipAcross);
    const material = wheel.ground.strip.material;
    let along = 0;
    let across = 0;
    if (slip > NO_SLIP) {
      const mu = this.#mu * (this.#loadFactorMin + this.#loadFactorRange * Math.exp(this.#loadSlope * load));
      const force = this.#curve(slip) * load * mu * material.friction * this.#camberFactor;
      along = (-force * slipAlong) / slip;
      across = (-force * slipAcross) / slip;
    }
    const smoothAlong = this.previousAlong + 0.5 * (along - this.previousAlong);
    const smoothAcross = this.previousAcross + 0.5 * (across - this.previousAcross);
    this.previousAlong = along;
    this.previousAcross = across;
    this.forceX = smoothAlong * cosSteer - smoothAcross * sinSteer;
    this.forceY = smoothAlong * sinSteer + smoothAcross * cosSteer;
    this.torque = smoothAlong * wheel.radius;
    this.rollingResistance = load * material.rollingResistance;
    this.slip = slip;
    this.load = load;
  }

  /** Force over load and grip at a combined slip. */
  #curve(slip: number): number {
    const s = Math.min(slip, MAX_SLIP);
    const stiff = this.#stiffness * s;
    const bent = stiff * (1 - this.#elasticity) + this.#elasticity * Math.atan(stiff);
    return Math.sin(this.#shape * Math.atan(bent)) * (1 + s * SKILL_SKID_FACTOR);
  }
}
