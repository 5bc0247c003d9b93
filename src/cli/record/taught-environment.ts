import type { Environment, ResetOptions, ResetResult, StepResult } from '../../core/index.ts';
import type { Expert } from '../compose/expert.ts';

/**
 * An environment for episodes that are recorded: it tells the recorder seed and driver, and cuts the episode where the
 * expert has nothing more to say (`expert-lost`).
 */
export class TaughtEnvironment implements Environment {
  readonly #environment: Environment;
  readonly #expert: Expert;
  readonly #driver: string;

  constructor(environment: Environment, expert: Expert, driver: string) {
    this.#environment = environment;
    this.#expert = expert;
    this.#driver = driver;
  }

  get observationSpace() {
    return this.#environment.observationSpace;
  }

  get actionSpace() {
    return this.#environment.actionSpace;
  }

  async reset(options: ResetOptions = {}): Promise<ResetResult> {
    const { observation, info } = await this.#environment.reset(options);
    return { observation, info: { ...info, seed: options.seed, driver: this.#driver } };
  }

  async step(action: Float32Array): Promise<StepResult> {
    const result = await this.#environment.step(action);
    if (result.terminated || result.truncated || !this.#expert.isLost) return result;
    return { ...result, truncated: true, info: { ...result.info, reason: 'expert-lost' } };
  }

  close(): Promise<void> {
    return this.#environment.close();
  }
}
