import { POLICY_NAMES } from '../../agents/ddpg/acting.ts';
import { writeObservation } from '../../agents/ddpg/observation-inputs.ts';
import { LearnedPolicy } from '../../agents/index.ts';
import { ActionScale } from '../../agents/networks/index.ts';
import { type Engine, type EngineFunction, type Observation, type Policy, UsageError } from '../../core/index.ts';
import { occlusionMap, type SeenPixels } from '../../video/index.ts';

/**
 * What moves the steering of a policy that sees: it is asked again and again, with parts of its newest picture hidden. It
 * has a network and a memory of its own, so that the policy that drives is not touched.
 */
export class SteeringSaliency {
  readonly #network: EngineFunction;
  readonly #policy: LearnedPolicy;
  readonly #scale: ActionScale;
  readonly #steer: number;
  /** Inputs that last from step to step, as they were at the observation, and as they will be at the next. */
  readonly #lasting: readonly string[];
  #before = new Map<string, Float32Array>();
  #after = new Map<string, Float32Array>();
  #state: Float32Array = new Float32Array();

  private constructor(policy: LearnedPolicy, network: EngineFunction) {
    this.#policy = policy;
    this.#network = network;
    this.#scale = new ActionScale(policy.actionSpace);
    this.#steer = Math.max(0, policy.actionSpace.names?.indexOf('steer') ?? 0);
    this.#lasting = Object.keys(network.inputs).filter((name) => !['state', 'pixels'].includes(name));
    for (const name of this.#lasting) this.#after.set(name, new Float32Array(network.inputs[name]!.length));
  }

  /** @throws UsageError for a policy that sees no pictures */
  static async create(policy: Policy, engine: Engine): Promise<SteeringSaliency> {
    if (!(policy instanceof LearnedPolicy) || policy.specification.inputs['pixels'] === undefined) {
      throw new UsageError(`Expected a policy that sees pictures with --saliency, got ${policy.name}`);
    }
    const store = engine.createParameters(policy.groups);
    return new SteeringSaliency(policy, await engine.createFunction(store, policy.specification));
  }

  /** Takes the next observation in; each has to be given, in order. */
  async observe({ state, pixels }: Observation): Promise<void> {
    const { outputs } = this.#network;
    this.#before = this.#after;
    this.#state = state;
    if (this.#lasting.length === 0 || pixels === undefined) return;
    this.#recall();
    this.#show(pixels);
    await this.#network.run();
    this.#after = new Map(
      this.#lasting.map((name) => [
        name,
        name === POLICY_NAMES.previousAction
          ? this.#scale.valuesToUnit(outputs[POLICY_NAMES.action]!)
          : Float32Array.from(outputs[name]!),
      ]),
    );
  }

  /** Of what was observed last. */
  map(seen: SeenPixels): Promise<Float32Array> {
    return occlusionMap(seen, async (data) => {
      this.#recall();
      this.#show(data);
      await this.#network.run();
      return this.#network.outputs[POLICY_NAMES.action]![this.#steer]!;
    });
  }

  async dispose(): Promise<void> {
    await this.#network.dispose();
  }

  #recall(): void {
    for (const [name, values] of this.#before) this.#network.inputs[name]!.set(values);
  }

  #show(pixels: Uint8Array): void {
    writeObservation({ state: this.#state, pixels }, this.#network.inputs, this.#policy.observationSpace);
  }
}
