import { type Schedule, scheduleAt } from '../../core/schedule.ts';
import { type ActionNoise, type NoiseParts, type NoiseState, type Strength, strengthOfEach } from './noise.ts';

/** Independent normal numbers with mean 0. */
export class GaussianNoise implements ActionNoise {
  readonly #parts: NoiseParts;
  readonly #sigma: readonly Schedule[];

  /** @param sigma standard deviation */
  constructor(parts: NoiseParts, sigma: Strength) {
    this.#parts = parts;
    this.#sigma = strengthOfEach(sigma, parts.size);
  }

  sample(step: number): Float64Array {
    return Float64Array.from(this.#sigma, (sigma) => scheduleAt(sigma, step) * this.#parts.random.normal());
  }

  reset(): void {}

  get state(): NoiseState {
    return { random: this.#parts.random.state, values: [] };
  }

  set state(state: NoiseState) {
    this.#parts.random.state = state.random;
  }
}
