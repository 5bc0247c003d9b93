import type { Observation } from '../../core/environment.ts';
import type { Policy } from '../../core/policy.ts';
import type { ActionScale } from '../networks/index.ts';
import type { ActingNetwork } from './acting.ts';

/** An agent's policy as it is at this moment, without noise, with a memory of its own: for evaluations during training. */
export class LivePolicy implements Policy {
  readonly name: string;
  readonly #acting: ActingNetwork;
  readonly #scale: ActionScale;

  constructor(name: string, acting: ActingNetwork, scale: ActionScale) {
    this.name = name;
    this.#acting = acting;
    this.#scale = scale;
  }

  reset(): void {
    this.#acting.reset();
  }

  /** Not while the agent learns. Errors: those of the agent's own `act`. */
  act(observation: Observation): Float32Array | Promise<Float32Array> {
    const action = this.#acting.act(observation);
    return action instanceof Promise ? action.then((unit) => this.#finish(unit)) : this.#finish(action);
  }

  async dispose(): Promise<void> {
    await this.#acting.dispose();
  }

  #finish(unit: Float32Array): Float32Array {
    this.#acting.remember(unit);
    return this.#scale.valuesToEnvironment(unit);
  }
}
