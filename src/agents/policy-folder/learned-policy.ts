import type {
  Engine,
  FunctionSpecification,
  GroupedTensors,
  ParameterGroup,
  ParameterStore,
} from '../../core/engine.ts';
import type { Box, Observation, ObservationSpace } from '../../core/environment.ts';
import type { Policy } from '../../core/policy.ts';
import { ActingNetwork, type ActingParts, actingSpecification } from '../ddpg/acting.ts';
import { createActor, createCritic, GROUPS } from '../ddpg/networks.ts';
import type { AgentSettings } from '../ddpg/settings.ts';
import { ActionScale } from '../networks/index.ts';
import type { Provenance } from './policy-file.ts';
import { type PolicyContent, readPolicyFolder } from './read-policy.ts';
import { CRITIC_PREFIX } from './write-policy.ts';

/** A policy that was trained and saved. It acts without noise, also when asked to explore. */
export class LearnedPolicy implements Policy {
  readonly name: string;
  readonly settings: AgentSettings;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly provenance: Provenance;
  /** The weights, in the one group that `specification` reads. */
  readonly groups: Readonly<Record<string, ParameterGroup>>;
  /** The weights of the critics, where they were saved too: what a `CriticEstimate` is made of. */
  readonly critics: ParameterGroup | undefined;
  /** The forward pass of one observation, its action in the environment's units: what an export writes. */
  readonly specification: FunctionSpecification;
  readonly #store: ParameterStore;
  readonly #acting: ActingNetwork;
  readonly #scale: ActionScale;

  private constructor(content: PolicyContent, parts: ActingParts, acting: ActingNetwork) {
    this.name = content.name;
    this.settings = content.settings;
    this.observationSpace = content.observationSpace;
    this.actionSpace = content.actionSpace;
    this.provenance = content.provenance;
    this.groups = parts.store.groups;
    this.critics = criticsOf(content);
    this.specification = actingSpecification(parts, true);
    this.#store = parts.store;
    this.#acting = acting;
    this.#scale = parts.scale;
  }

  static async create(content: PolicyContent, engine: Engine): Promise<LearnedPolicy> {
    const actor = createActor(content.settings, content);
    const weights = actor.parameters.map(({ name, shape }) => [name, { shape, initial: content.weights.get(name)! }]);
    const store = engine.createParameters({ [GROUPS.actor]: Object.fromEntries(weights) });
    try {
      const parts: ActingParts = {
        engine,
        store,
        actor,
        scale: new ActionScale(content.actionSpace),
        observationSpace: content.observationSpace,
        reads: [GROUPS.actor],
        weights: (groups: GroupedTensors) => groups[GROUPS.actor]!,
      };
      return new LearnedPolicy(content, parts, await ActingNetwork.create(parts));
    } catch (error) {
      store.dispose();
      throw error;
    }
  }

  reset(): void {
    this.#acting.reset();
  }

  act(observation: Observation): Float32Array | Promise<Float32Array> {
    const action = this.#acting.act(observation);
    return action instanceof Promise ? action.then((unit) => this.#finish(unit)) : this.#finish(action);
  }

  async dispose(): Promise<void> {
    await this.#acting.dispose();
    this.#store.dispose();
  }

  #finish(unit: Float32Array): Float32Array {
    this.#acting.remember(unit);
    return this.#scale.valuesToEnvironment(unit);
  }
}

function criticsOf(content: PolicyContent): ParameterGroup | undefined {
  if (!content.hasCritic) return undefined;
  const { parameters } = createCritic(content.settings, content);
  const weights = parameters.map(({ name, shape }) => {
    return [name, { shape, initial: content.weights.get(CRITIC_PREFIX + name)! }];
  });
  return Object.fromEntries(weights);
}

/**
 * Loads a policy folder that `Agent.save` wrote, or a stranger. The policy acts to the last bit as it did before it was
 * saved, on the same engine.
 *
 * @throws InvalidFileError naming the file and what is wrong with it; nothing of it was used then
 */
export async function loadPolicy(folder: string, { engine }: { readonly engine: Engine }): Promise<LearnedPolicy> {
  return LearnedPolicy.create(readPolicyFolder(folder), engine);
}
