import { POLICY_NAMES } from '../../agents/ddpg/acting.ts';
import { LearnedPolicy } from '../../agents/index.ts';
import { type Engine, type EngineFunction, type Observation, type Policy, UsageError } from '../../core/index.ts';
import { occlusionMap, type SeenPixels } from '../../video/index.ts';

/**
 * What moves the steering of a policy that sees: it is asked again and again, with parts of its newest picture hidden. It
 * has a network and a memory of its own, so that the policy that drives is not touched.
 */
export class SteeringSaliency {
  readonly #network: EngineFunction;
  readonly #policy: LearnedPolicy;
  readonly #steer: number;
  /** Inputs that last from step to step, as they were at the observation, and as they will be at the next. */
  readonly #lasting: readonly string[];
  #before = new Map<string, Float32Array>();
  #after = new Map<string, Float32Array>();

  private constructor(policy: LearnedPolicy, network: EngineFunction) {
    this.#policy = policy;
    this.#network = network;
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
    const { inputs, outputs } = this.#network;
    this.#before = this.#after;
    inputs[POLICY_NAMES.state]?.set(state);
    if (this.#lasting.length === 0 || pixels === undefined) return;
    this.#recall();
    this.#show(pixels);
    await this.#network.run();
    this.#after = new Map(
      this.#lasting.map((name) => [
        name,
        name === POLICY_NAMES.previousAction ? this.#unitAction() : Float32Array.from(outputs[name]!),
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

  /** Observations have their channels last, networks first. */
  #show(pixels: Uint8Array): void {
    const into = this.#network.inputs[POLICY_NAMES.pixels]!;
    const channels = this.#policy.observationSpace.pixels!.shape[2]!;
    const plane = pixels.length / channels;
    for (let channel = 0; channel < channels; channel++) {
      for (let i = 0, from = channel; i < plane; i++, from += channels) into[channel * plane + i] = pixels[from]!;
    }
  }

  /** The action that was answered, from -1 to 1. */
  #unitAction(): Float32Array {
    const { low, high } = this.#policy.actionSpace;
    const bound = (of: number | readonly number[], i: number) => (typeof of === 'number' ? of : of[i]!);
    return this.#network.outputs[POLICY_NAMES.action]!.map(
      (value, i) => (2 * (value - bound(low, i))) / (bound(high, i) - bound(low, i)) - 1,
    );
  }
}
