import type {
  Engine,
  EngineFunction,
  FunctionSpecification,
  GroupedTensors,
  ParameterStore,
  Tensors,
} from '../../core/engine.ts';
import type { Observation, ObservationSpace } from '../../core/environment.ts';
import { NotFiniteError } from '../../core/errors.ts';
import type { ActionScale, ActorNetwork } from '../networks/index.ts';
import { memoryName, observationInputs, writeObservation } from './observation-inputs.ts';

export interface ActingParts {
  readonly engine: Engine;
  readonly store: ParameterStore;
  readonly actor: ActorNetwork;
  readonly scale: ActionScale;
  readonly observationSpace: ObservationSpace;
  /** Groups that hold the actor's weights, and how to find them there. */
  readonly reads: readonly string[];
  readonly weights: (groups: GroupedTensors) => Tensors;
}

/** What an acting network carries from step to step, for checkpoints. */
export interface ActingState {
  readonly memory: readonly (readonly number[])[];
  readonly previousAction: readonly number[];
}

/** Names of the inputs and outputs of a policy's forward pass, beside `memory0`, … both in and out. */
export const POLICY_NAMES = {
  state: 'state',
  pixels: 'pixels',
  previousAction: 'previousAction',
  action: 'action',
} as const;

/**
 * A policy's forward pass on one observation.
 *
 * @param scaled whether the action comes in the environment's units, instead of -1 to 1
 */
export function actingSpecification(
  parts: Omit<ActingParts, 'engine' | 'store'>,
  scaled: boolean,
): FunctionSpecification {
  const { actor, scale, observationSpace, reads, weights } = parts;
  const { encoder } = actor;
  return {
    reads,
    inputs: observationInputs(encoder, observationSpace, scale.size),
    compute(groups, inputs) {
      const own = weights(groups);
      const observed = { ...inputs, convolved: new Map() };
      const remembered = encoder.memorySizes.map((_, i) => inputs[memoryName(i)]!);
      const { features, memory } = encoder.encode(own, observed, { steps: 1, memory: remembered });
      const action = actor.action(own, features);
      return {
        action: scaled ? scale.toEnvironment(action) : action,
        ...Object.fromEntries(memory.map((tensor, i) => [memoryName(i), tensor])),
      };
    },
  };
}

/** Computes actions (-1 to 1) of single observations, remembering what the encoder remembers. */
export class ActingNetwork {
  readonly #parts: ActingParts;
  readonly #function: EngineFunction;
  readonly #memories: readonly string[];
  /** Inputs that last from step to step: the memories, and the action before where it is read. */
  readonly #lasting: readonly string[];
  /** What is remembered of each source; that of `#source` lies in the function's own inputs meanwhile. */
  readonly #kept: Float32Array[][] = [];
  #source = 0;

  private constructor(parts: ActingParts, compiled: EngineFunction) {
    this.#parts = parts;
    this.#function = compiled;
    this.#memories = parts.actor.encoder.memorySizes.map((_, i) => memoryName(i));
    const { previousAction } = parts.actor.encoder.reads;
    this.#lasting = [...this.#memories, ...(previousAction ? [POLICY_NAMES.previousAction] : [])];
  }

  static async create(parts: ActingParts): Promise<ActingNetwork> {
    const specification = actingSpecification(parts, false);
    const network = new ActingNetwork(parts, await parts.engine.createFunction(parts.store, specification));
    network.reset();
    return network;
  }

  /**
   * The action, valid until the next call; without waiting where the engine answers in place.
   *
   * @param source which of several environments the observation comes from, from 0: each has a memory of its own
   * @throws InvalidArgumentError when the observation does not have the space's shape
   * @throws NotFiniteError when an entry of the observation, or the action, is not finite
   */
  act(observation: Observation, source = 0): Float32Array | Promise<Float32Array> {
    this.#turnTo(source);
    writeObservation(observation, this.#function.inputs, this.#parts.observationSpace);
    const running = this.#function.run();
    return running === undefined ? this.#answer() : running.then(() => this.#answer());
  }

  /** Tells which action the last observation's source took in the end (-1 to 1), for encoders that read the action before. */
  remember(action: Float32Array): void {
    this.#function.inputs['previousAction']?.set(action);
  }

  /** An episode of that source starts: forgets everything of it. */
  reset(source = 0): void {
    this.#turnTo(source);
    for (const name of this.#lasting) this.#function.inputs[name]!.fill(0);
  }

  /** Of each source that there was. */
  get state(): readonly ActingState[] {
    this.#keep();
    return this.#kept.map((values) => ({
      memory: this.#memories.map((_, i) => [...values[i]!]),
      previousAction: [...(values[this.#memories.length] ?? [])],
    }));
  }

  /** Sizes have to be those of this network's own state. */
  set state(states: readonly ActingState[]) {
    this.#kept.length = 0;
    for (const { memory, previousAction } of states) {
      const values = this.#lasting.length > memory.length ? [...memory, previousAction] : memory;
      this.#kept.push(values.map((numbers) => Float32Array.from(numbers)));
    }
    this.#source = 0;
    this.#recall();
  }

  async dispose(): Promise<void> {
    await this.#function.dispose();
  }

  #turnTo(source: number): void {
    if (source === this.#source) return;
    this.#keep();
    this.#source = source;
    for (let i = this.#kept.length; i <= source; i++) this.#kept.push(this.#blank());
    this.#recall();
  }

  #keep(): void {
    this.#kept[this.#source] = this.#lasting.map((name) => Float32Array.from(this.#function.inputs[name]!));
  }

  #recall(): void {
    const values = this.#kept[this.#source] ?? this.#blank();
    this.#lasting.forEach((name, i) => {
      this.#function.inputs[name]!.set(values[i]!);
    });
  }

  #blank(): Float32Array[] {
    return this.#lasting.map((name) => new Float32Array(this.#function.inputs[name]!.length));
  }

  #answer(): Float32Array {
    const { inputs, outputs } = this.#function;
    const action = outputs['action']!;
    if (!action.every(Number.isFinite)) {
      throw new NotFiniteError(`Expected a finite action, got [${action}]: the policy's weights are damaged`);
    }
    for (const name of this.#memories) inputs[name]!.set(outputs[name]!);
    return action;
  }
}
