import { type Schedule, scheduleAt } from '../../core/schedule.ts';
import { type ActionNoise, type NoiseParts, type NoiseState, type Strength, strengthOfEach } from './noise.ts';

export interface OrnsteinUhlenbeckOptions {
  /** Rate at which it is drawn back to 0, per unit of time. */
  readonly theta: number;
  /** Strength of the random push, per square root of a unit of time. */
  readonly sigma: Strength;
  /** Time that one step takes. */
  readonly dt: number;
}

/**
 * Noise that wanders: x ← x - θ x dt + σ √dt N(0, 1) (Uhlenbeck and Ornstein 1930; Lillicrap et al. 2015, section 3).
 * It starts at 0 in each episode.
 */
export class OrnsteinUhlenbeckNoise implements ActionNoise {
  readonly #parts: NoiseParts;
  readonly #options: OrnsteinUhlenbeckOptions;
  readonly #sigma: readonly Schedule[];
  readonly #values: Float64Array;

  constructor(parts: NoiseParts, options: OrnsteinUhlenbeckOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#sigma = strengthOfEach(options.sigma, parts.size);
    this.#values = new Float64Array(parts.size);
  }

  sample(step: number): Float64Array {
    const { theta, dt } = this.#options;
    for (let i = 0; i < this.#values.length; i++) {
      const push = scheduleAt(this.#sigma[i]!, step) * Math.sqrt(dt);
      this.#values[i]! += -theta * this.#values[i]! * dt + push * this.#parts.random.normal();
    }
    return this.#values.slice();
  }

  reset(): void {
    this.#values.fill(0);
  }

  get state(): NoiseState {
    return { random: this.#parts.random.state, values: [...this.#values] };
  }

  set state({ random, values }: NoiseState) {
    this.#parts.random.state = random;
    this.#values.set(values);
  }
}
