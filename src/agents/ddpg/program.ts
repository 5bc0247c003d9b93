import type { InputSpecification, LearnerProgram, ParameterGroup, UpdatePhase } from '../../core/engine.ts';
import type { Random } from '../../core/random.ts';
import { type Schedule, scheduleAt } from '../../core/schedule.ts';
import { initializeGroup } from '../networks/index.ts';
import type { BatchReader } from './batch-reader.ts';
import { actorLoss, criticLoss, type LossParts, smoothsTarget, TARGET_NOISE } from './losses.ts';
import { type AgentSpaces, type DdpgNetworks, GROUPS } from './networks.ts';
import { isRecurrent } from './options.ts';
import { SequenceReader } from './sequence-reader.ts';
import type { AgentSettings } from './settings.ts';
import { TransitionReader } from './transition-reader.ts';

/** Weights of all networks; targets start as copies of what they follow. */
export function createGroups(networks: DdpgNetworks, random: Random): Readonly<Record<string, ParameterGroup>> {
  const actor = initializeGroup(networks.actorParameters, random.stream('actor'));
  const critic = initializeGroup(networks.critic.parameters, random.stream('critic'));
  return {
    [GROUPS.actor]: actor,
    [GROUPS.critic]: critic,
    [GROUPS.actorTarget]: actor,
    [GROUPS.criticTarget]: critic,
  };
}

/** What the agent's batches look like, and how losses read them. */
export function createReader(settings: AgentSettings, networks: DdpgNetworks, spaces: AgentSpaces): BatchReader {
  const { actor, critic, scale } = networks;
  const reads = {
    state: actor.encoder.reads.state || critic.encoder.reads.state,
    pixels: actor.encoder.reads.pixels || critic.encoder.reads.pixels,
    previousAction: actor.encoder.reads.previousAction || critic.encoder.reads.previousAction,
  };
  const { state, pixels } = spaces.observationSpace;
  const shape = {
    size: settings.batchSize,
    action: scale.size,
    ...(reads.state ? { state: state.shape[0]! } : {}),
    ...(reads.pixels ? { pixels: pixels!.shape as [number, number, number] } : {}),
  };
  if (!isRecurrent(settings)) return new TransitionReader(shape, reads);
  const { sequenceLength } = settings;
  return new SequenceReader({ shape: { ...shape, sequenceLength }, scale, actorNeeds: reads });
}

/** The two phases of an update and the targets that follow. */
export function createProgram(parts: LossParts): LearnerProgram {
  const { reader, settings, networks } = parts;
  const noise: Record<string, InputSpecification> = smoothsTarget(settings)
    ? { [TARGET_NOISE]: { shape: [reader.rows, networks.scale.size], dtype: 'float32' } }
    : {};
  const inputs = { ...reader.inputs, ...noise };
  // Sequences count the steps that their masks leave, of the whole batch.
  const rowwise = reader.kind === 'transitions';
  const clipped = settings.maxGradNorm === null ? {} : { maxGradientNorm: settings.maxGradNorm };
  const critic: UpdatePhase = {
    trains: GROUPS.critic,
    reads: [GROUPS.actorTarget, GROUPS.criticTarget],
    inputs: Object.keys(inputs),
    optimizer: {
      learningRate: firstOf(settings.criticLearningRate),
      weightDecay: settings.weightDecay,
      ...clipped,
    },
    rowwise,
    loss: criticLoss(parts),
  };
  const actor: UpdatePhase = {
    trains: GROUPS.actor,
    reads: [GROUPS.critic],
    inputs: settings.behaviourCloningAlpha === null ? reader.actorInputs : withAction(reader.actorInputs),
    optimizer: { learningRate: firstOf(settings.actorLearningRate), ...clipped },
    // The mean |Q| of TD3+BC is one of the whole batch.
    rowwise: rowwise && settings.behaviourCloningAlpha === null,
    loss: actorLoss(parts),
  };
  return {
    inputs,
    phases: { critic, actor },
    targets: {
      [GROUPS.actorTarget]: { follows: GROUPS.actor, tau: settings.tau },
      [GROUPS.criticTarget]: { follows: GROUPS.critic, tau: settings.tau },
    },
  };
}

function withAction(names: readonly string[]): readonly string[] {
  return names.includes('action') ? names : [...names, 'action'];
}

function firstOf(schedule: Schedule): number {
  return scheduleAt(schedule, 0);
}
