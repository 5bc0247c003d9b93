import { type Schedule, scheduleAt } from '../../core/schedule.ts';
import type { ActionNoise, NoiseParts, NoiseState } from './noise.ts';

/** Independent normal numbers with mean 0. */
export class GaussianNoise implements ActionNoise {
  readonly #parts: NoiseParts;
  readonly #sigma: Schedule;

  /** @param sigma standard deviation */
  constructor(parts: NoiseParts, sigma: Schedule) {
    this.#parts = parts;
    this.#sigma = sigma;
  }

  sample(step: number): Float64Array {
    const { size, random } = this.#parts;
    const sigma = scheduleAt(this.#sigma, step);
    return Float64Array.from({ length: size }, () => sigma * random.normal());
  }

  reset(): void {}

  get state(): NoiseState {
    return { random: this.#parts.random.state, values: [] };
  }

  set state(state: NoiseState) {
    this.#parts.random.state = state.random;
  }
}
