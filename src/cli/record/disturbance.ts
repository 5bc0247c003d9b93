import type { Random } from '../../core/index.ts';
import type { ActionKind } from '../../environments/index.ts';

/** Wheelbase, m, and greatest steering angle, rad, of car1-trb1 (the game's cars/car1-trb1/car1-trb1.xml). */
const WHEELBASE_M = 2.64;
const STEER_LOCK_RAD = 0.366519;
/** Lengths of bursts and of the pauses between them, s: from … to, each length as likely. */
const BURST_S = [0.5, 1.5] as const;
const PAUSE_S = [1, 3.5] as const;
/** The same of surges of the pedals: long enough that the speed becomes another. */
const SURGE_S = [1, 3] as const;
const SURGE_PAUSE_S = [3, 8] as const;
/** Time in which the disturbance forgets where it was, s. */
const CORRELATION_S = 0.6;
/** Slower than this, m/s, steering is not disturbed more. */
const LEAST_SPEED = 10;
/** Share of a whole pedal per m/s² of sideways acceleration. */
const PEDAL_SHARE = 0.05;

export interface DisturbanceOptions {
  readonly actions: ActionKind;
  /** Standard deviation within a burst, as the sideways acceleration that the steering makes, m/s²; 0: none. */
  readonly sigma: number;
  /**
   * Strength of the surges, as a share of the whole pedal, 0 to 1; 0: none. For seconds the car is accelerated, or braked,
   * by half of it to all of it: so that the data tell what is to be done at another speed than the driver's.
   */
  readonly surge?: number;
  /** Time between two decisions, s. */
  readonly stepS: number;
}

/** Stretches of time in which something is on, and the pauses between them; all lengths are drawn. */
class Bursts {
  readonly #burstS: readonly [number, number];
  readonly #pauseS: readonly [number, number];
  #leftS = 0;
  isOn = false;

  constructor(burstS: readonly [number, number], pauseS: readonly [number, number]) {
    this.#burstS = burstS;
    this.#pauseS = pauseS;
  }

  reset(random: Random): void {
    this.isOn = false;
    this.#leftS = random.between(...this.#pauseS);
  }

  /** @returns whether a burst or a pause has begun */
  advance(stepS: number, random: Random): boolean {
    this.#leftS -= stepS;
    if (this.#leftS > 0) return false;
    this.isOn = !this.isOn;
    this.#leftS = random.between(...(this.isOn ? this.#burstS : this.#pauseS));
    return true;
  }
}

/**
 * What pushes a driver off its way now and then, so that the ways back are in the data too (Laskey et al., "DART: Noise
 * Injection for Robust Imitation Learning", CoRL 2017). The disturbance comes in bursts, as a learner's mistakes do: one
 * that alternates at each step would shake the car and lead it nowhere. Within a burst it wanders (an
 * Ornstein-Uhlenbeck process of unit variance, begun anywhere).
 *
 * It is measured by the acceleration sideways, not by the steering: a tenth of the lock is nothing at walking pace, and a
 * crash on a straight.
 *
 * Surges of the pedals come and go beside it, by random numbers of their own. A driver who holds his speed shows nobody how:
 * whoever copied him on level roads let the car run away downhill.
 */
export class Disturbance {
  readonly #options: DisturbanceOptions;
  #random: Random;
  #surgeRandom: Random;
  readonly #bursts = new Bursts(BURST_S, PAUSE_S);
  readonly #surges = new Bursts(SURGE_S, SURGE_PAUSE_S);
  #steer = 0;
  #pedal = 0;
  #surge = 0;

  constructor(options: DisturbanceOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.#surgeRandom = random.stream('surges');
  }

  /** Whether a burst is on. */
  get isOn(): boolean {
    return this.#bursts.isOn || this.#surges.isOn;
  }

  /** An episode starts; it begins with a pause. */
  reset(random: Random): void {
    this.#random = random;
    this.#surgeRandom = random.stream('surges');
    this.#bursts.reset(random);
    this.#surges.reset(this.#surgeRandom);
  }

  /**
   * The action as it is executed, a fresh array within the action space's bounds. To be called once a decision.
   *
   * @param speedKmh the car's
   */
  disturb(action: Float32Array, speedKmh: number): Float32Array {
    this.#advance();
    const { actions, sigma, surge = 0 } = this.#options;
    const disturbed = action.slice();
    let pedal = this.#surges.isOn ? this.#surge * surge : 0;
    if (this.#bursts.isOn) {
      const speed = Math.max(LEAST_SPEED, Math.abs(speedKmh) / 3.6);
      // A bicycle's steering angle for a sideways acceleration: wheelbase × acceleration / speed².
      const steer = ((this.#steer * sigma) / (speed * speed)) * (WHEELBASE_M / STEER_LOCK_RAD);
      disturbed[0] = clip(disturbed[0]! + steer, -1, 1);
      pedal += this.#pedal * sigma * PEDAL_SHARE;
    }
    if (pedal === 0) return disturbed;
    if (actions === 'steer-pedal') {
      disturbed[1] = clip(disturbed[1]! + pedal, -1, 1);
      return disturbed;
    }
    const net = clip(disturbed[1]! - disturbed[2]! + pedal, -1, 1);
    disturbed[1] = Math.max(0, net);
    disturbed[2] = Math.max(0, -net);
    return disturbed;
  }

  #advance(): void {
    const { stepS, surge = 0 } = this.#options;
    if (surge > 0 && this.#surges.advance(stepS, this.#surgeRandom)) {
      const direction = this.#surgeRandom.uniform() < 0.5 ? -1 : 1;
      this.#surge = direction * this.#surgeRandom.between(0.5, 1);
    }
    if (this.#bursts.advance(stepS, this.#random)) {
      this.#steer = this.#random.normal();
      this.#pedal = this.#random.normal();
      return;
    }
    if (!this.#bursts.isOn) return;
    const kept = Math.exp(-stepS / CORRELATION_S);
    const fresh = Math.sqrt(1 - kept * kept);
    this.#steer = kept * this.#steer + fresh * this.#random.normal();
    this.#pedal = kept * this.#pedal + fresh * this.#random.normal();
  }
}

function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
