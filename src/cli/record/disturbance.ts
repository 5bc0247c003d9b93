import type { Random } from '../../core/index.ts';
import type { ActionKind } from '../../environments/index.ts';

/** Wheelbase, m, and greatest steering angle, rad, of car1-trb1 (the game's cars/car1-trb1/car1-trb1.xml). */
const WHEELBASE_M = 2.64;
const STEER_LOCK_RAD = 0.366519;
/** Lengths of bursts and of the pauses between them, s: from … to, each length as likely. */
const BURST_S = [0.5, 1.5] as const;
const PAUSE_S = [1, 3.5] as const;
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
  /** Time between two decisions, s. */
  readonly stepS: number;
}

/**
 * What pushes a driver off its way now and then, so that the ways back are in the data too (Laskey et al., "DART: Noise
 * Injection for Robust Imitation Learning", CoRL 2017). The disturbance comes in bursts, as a learner's mistakes do: one
 * that alternates at each step would shake the car and lead it nowhere. Within a burst it wanders (an
 * Ornstein-Uhlenbeck process of unit variance, begun anywhere).
 *
 * It is measured by the acceleration sideways, not by the steering: a tenth of the lock is nothing at walking pace, and a
 * crash on a straight.
 */
export class Disturbance {
  readonly #options: DisturbanceOptions;
  #random: Random;
  #leftS = 0;
  #isOn = false;
  #steer = 0;
  #pedal = 0;

  constructor(options: DisturbanceOptions, random: Random) {
    this.#options = options;
    this.#random = random;
  }

  /** Whether a burst is on. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** An episode starts; it begins with a pause. */
  reset(random: Random): void {
    this.#random = random;
    this.#isOn = false;
    this.#leftS = random.between(...PAUSE_S);
  }

  /**
   * The action as it is executed, a fresh array within the action space's bounds. To be called once a decision.
   *
   * @param speedKmh the car's
   */
  disturb(action: Float32Array, speedKmh: number): Float32Array {
    this.#advance();
    const { actions, sigma } = this.#options;
    const disturbed = action.slice();
    if (!this.#isOn || sigma === 0) return disturbed;
    const speed = Math.max(LEAST_SPEED, Math.abs(speedKmh) / 3.6);
    // A bicycle's steering angle for a sideways acceleration: wheelbase × acceleration / speed².
    const steer = ((this.#steer * sigma) / (speed * speed)) * (WHEELBASE_M / STEER_LOCK_RAD);
    disturbed[0] = clip(disturbed[0]! + steer, -1, 1);
    const pedal = this.#pedal * sigma * PEDAL_SHARE;
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
    const { stepS } = this.#options;
    this.#leftS -= stepS;
    if (this.#leftS <= 0) {
      this.#isOn = !this.#isOn;
      const [shortest, longest] = this.#isOn ? BURST_S : PAUSE_S;
      this.#leftS = this.#random.between(shortest, longest);
      this.#steer = this.#random.normal();
      this.#pedal = this.#random.normal();
      return;
    }
    if (!this.#isOn) return;
    const kept = Math.exp(-stepS / CORRELATION_S);
    const fresh = Math.sqrt(1 - kept * kept);
    this.#steer = kept * this.#steer + fresh * this.#random.normal();
    this.#pedal = kept * this.#pedal + fresh * this.#random.normal();
  }
}

function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
