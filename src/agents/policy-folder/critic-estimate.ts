import * as tf from '@tensorflow/tfjs-core';
import type { Engine, EngineFunction, ParameterStore } from '../../core/engine.ts';
import type { Observation } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { POLICY_NAMES } from '../ddpg/acting.ts';
import { createCritic, GROUPS } from '../ddpg/networks.ts';
import { memoryName, observationInputs, writeObservation } from '../ddpg/observation-inputs.ts';
import { ActionScale, type CriticNetwork } from '../networks/index.ts';
import type { LearnedPolicy } from './learned-policy.ts';

/** Name of the input that holds the action to be judged, and of the output. */
const ACTION = 'judged';
const VALUE = 'value';

/**
 * What a saved policy's critics expect of an action: the rewards that follow, in the environment's own scale, each step's
 * worth `gamma` of the one before. Of several critics the least is told, as the targets that they learned from take it
 * (Fujimoto et al. 2018, algorithm 1).
 */
export class CriticEstimate {
  readonly #policy: LearnedPolicy;
  readonly #critic: CriticNetwork;
  readonly #scale: ActionScale;
  readonly #store: ParameterStore;
  readonly #function: EngineFunction;

  private constructor(
    policy: LearnedPolicy,
    critic: CriticNetwork,
    scale: ActionScale,
    store: ParameterStore,
    compiled: EngineFunction,
  ) {
    this.#policy = policy;
    this.#critic = critic;
    this.#scale = scale;
    this.#store = store;
    this.#function = compiled;
  }

  /** @throws InvalidArgumentError for a policy that was saved without its critics, such as a clone */
  static async create(policy: LearnedPolicy, engine: Engine): Promise<CriticEstimate> {
    if (policy.critics === undefined) {
      throw new InvalidArgumentError(`Expected a policy that was saved with its critics, got ${policy.name} without`);
    }
    const critic = createCritic(policy.settings, policy);
    const { encoder } = critic;
    const scale = new ActionScale(policy.actionSpace);
    const store = engine.createParameters({ [GROUPS.critic]: policy.critics });
    try {
      const compiled = await engine.createFunction(store, {
        reads: [GROUPS.critic],
        inputs: {
          ...observationInputs(encoder, policy.observationSpace, scale.size),
          [ACTION]: { shape: [1, scale.size], dtype: 'float32' },
        },
        compute(groups, inputs) {
          const weights = groups[GROUPS.critic]!;
          const remembered = encoder.memorySizes.map((_, i) => inputs[memoryName(i)]!);
          const observed = { ...inputs, convolved: new Map() };
          const { features, memory } = encoder.encode(weights, observed, { steps: 1, memory: remembered });
          const values = critic.values(weights, features, scale.toUnit(inputs[ACTION]!));
          return {
            [VALUE]: values.reduce((a, b) => tf.minimum(a, b)),
            ...Object.fromEntries(memory.map((tensor, i) => [memoryName(i), tensor])),
          };
        },
      });
      const estimate = new CriticEstimate(policy, critic, scale, store, compiled);
      estimate.reset();
      return estimate;
    } catch (error) {
      store.dispose();
      throw error;
    }
  }

  /** An episode starts: forgets everything. */
  reset(): void {
    for (const name of [...this.#memories(), POLICY_NAMES.previousAction]) this.#function.inputs[name]?.fill(0);
  }

  /**
   * @param action of the environment's action space; every step of an episode has to be asked for, in order, where the
   *   critics have a memory
   * @throws InvalidArgumentError when the observation does not have the space's shape
   * @throws NotFiniteError naming the entry of the observation that is not finite
   */
  async value(observation: Observation, action: Float32Array): Promise<number> {
    const { inputs, outputs } = this.#function;
    writeObservation(observation, inputs, this.#policy.observationSpace);
    inputs[ACTION]!.set(action);
    await this.#function.run();
    for (const name of this.#memories()) inputs[name]!.set(outputs[name]!);
    inputs[POLICY_NAMES.previousAction]?.set(this.#scale.valuesToUnit(action));
    return outputs[VALUE]![0]!;
  }

  async dispose(): Promise<void> {
    await this.#function.dispose();
    this.#store.dispose();
  }

  #memories(): readonly string[] {
    return this.#critic.encoder.memorySizes.map((_, i) => memoryName(i));
  }
}
