import type { GroupedTensors, Tensors } from '../../core/engine.ts';
import type { Box, ObservationSpace } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import type { HiddenLayers } from '../networks/dense.ts';
import type { EncoderParts } from '../networks/feed-forward-encoder.ts';
import {
  ActionScale,
  ActorNetwork,
  CONVOLUTION_NAME,
  CriticNetwork,
  createEncoder,
  type ParameterDeclaration,
} from '../networks/index.ts';
import { stateNormalization } from '../networks/state-normalization.ts';
import type { AgentSettings } from './settings.ts';

export interface AgentSpaces {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
}

/** A group of weights and the target network that follows it. */
export const GROUPS = {
  actor: 'actor',
  critic: 'critic',
  actorTarget: 'actorTarget',
  criticTarget: 'criticTarget',
} as const;

/**
 * The networks that an agent's settings describe; they hold no weights.
 *
 * @throws InvalidArgumentError when settings and spaces do not fit
 */
export class DdpgNetworks {
  readonly actor: ActorNetwork;
  readonly critic: CriticNetwork;
  readonly scale: ActionScale;
  /** What the actor's own group holds: without convolutions that the critic shares with it. */
  readonly actorParameters: readonly ParameterDeclaration[];
  readonly #shared: readonly string[];
  /** Where the policy's weights are: the actor's own, or its target's. */
  readonly #policy: { readonly actor: string; readonly critic: string };

  constructor(settings: AgentSettings, spaces: AgentSpaces) {
    this.scale = new ActionScale(spaces.actionSpace);
    this.actor = createActor(settings, spaces);
    this.critic = createCritic(settings, spaces);
    const isShared = ({ name }: ParameterDeclaration) => settings.shareEncoder && name.startsWith(CONVOLUTION_NAME);
    this.#policy = settings.averagedPolicy
      ? { actor: GROUPS.actorTarget, critic: GROUPS.criticTarget }
      : { actor: GROUPS.actor, critic: GROUPS.critic };
    this.#shared = this.actor.parameters.filter(isShared).map(({ name }) => name);
    this.actorParameters = this.actor.parameters.filter((parameter) => !isShared(parameter));
  }

  /** Groups that a policy's forward pass reads. */
  get policyGroups(): readonly string[] {
    const { actor, critic } = this.#policy;
    return this.#shared.length === 0 ? [actor] : [actor, critic];
  }

  /** The actor's whole weights, or its target's. */
  actorWeights(groups: GroupedTensors, target = false): Tensors {
    const own = groups[target ? GROUPS.actorTarget : GROUPS.actor]!;
    if (this.#shared.length === 0) return own;
    const critic = groups[target ? GROUPS.criticTarget : GROUPS.critic]!;
    return { ...own, ...Object.fromEntries(this.#shared.map((name) => [name, critic[name]!])) };
  }

  /** The policy's whole weights. @param read gives a group of {@link policyGroups} by its name: tensors, or numbers */
  policyWeights<T>(read: (group: string) => Readonly<Record<string, T>>): Readonly<Record<string, T>> {
    const own = read(this.#policy.actor);
    if (this.#shared.length === 0) return own;
    const critic = read(this.#policy.critic);
    return { ...own, ...Object.fromEntries(this.#shared.map((name) => [name, critic[name]!])) };
  }
}

/** The actor alone, as a saved policy needs it. @throws InvalidArgumentError when settings and spaces do not fit */
export function createActor(settings: AgentSettings, { observationSpace, actionSpace }: AgentSpaces): ActorNetwork {
  const actionSize = new ActionScale(actionSpace).size;
  const parts = encoderParts(settings, observationSpace);
  return new ActorNetwork(createEncoder(settings.actorEncoder, parts, actionSize), {
    ...headOf(settings, parts, actionSize),
    sizes: settings.netArch.pi,
  });
}

/** All critics alone, as a saved policy's estimate needs them. Errors: as {@link createActor} */
export function createCritic(settings: AgentSettings, { observationSpace, actionSpace }: AgentSpaces): CriticNetwork {
  const actionSize = new ActionScale(actionSpace).size;
  const parts = encoderParts(settings, observationSpace);
  return new CriticNetwork(createEncoder(settings.criticEncoder, parts, actionSize), {
    ...headOf(settings, parts, actionSize),
    sizes: settings.netArch.qf,
    count: settings.nCritics,
    actionLayer: settings.actionLayer,
  });
}

/** What the dense layers of actor and critic have in common. */
function headOf({ finalWeightRange }: AgentSettings, { hidden }: EncoderParts, actionSize: number) {
  return { hidden, finalRange: finalWeightRange ?? undefined, actionSize };
}

function encoderParts(settings: AgentSettings, { state, pixels }: ObservationSpace): EncoderParts {
  if (state.shape.length !== 1 || !(state.shape[0]! >= 1)) {
    throw new InvalidArgumentError(
      `Expected an observation space whose state is a vector of at least one entry, got [${state.shape}]`,
    );
  }
  if (pixels !== undefined && (pixels.shape.length !== 3 || pixels.dtype !== 'uint8')) {
    throw new InvalidArgumentError(
      `Expected pixels of height × width × channels bytes, got [${pixels.shape}] of ${pixels.dtype}`,
    );
  }
  const { activation, layerNorm, initialWeights, stateNormalization: normalization } = settings;
  const hidden: HiddenLayers = { activation, layerNorm, initialWeights };
  return {
    hidden,
    stateSize: state.shape[0]!,
    ...(state.names === undefined ? {} : { stateNames: state.names }),
    normalizeState: stateNormalization(normalization, state),
    ...(pixels === undefined ? {} : { pictureShape: pixels.shape as [number, number, number] }),
  };
}
