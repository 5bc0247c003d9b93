import path from 'node:path';
import {
  type CreateDdpgAgentOptions,
  createCloneAgent,
  createDdpgAgent,
  type LearningAgent,
  readsPixels,
} from '../../agents/index.ts';
import type { Box, Engine, ObservationSpace } from '../../core/index.ts';
import { createReplayBuffer, type RingReplayBuffer } from '../../replay/index.ts';
import { programVersion } from '../version.ts';
import type { ActionStatistics } from './action-statistics.ts';
import { drivingMirror } from './driving-mirror.ts';
import type { RunSettings } from './run-settings.ts';

/** What an agent is made for: an environment's spaces, or a dataset's. */
export interface Spaces {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
}

export interface ComposeAgentOptions {
  readonly settings: RunSettings;
  readonly engine: Engine;
  readonly spaces: Spaces;
  /** Of the actions of recordings that are all that is learnt from. */
  readonly actions?: ActionStatistics;
  /** Recorded frames that are learnt from, for the policy's provenance. */
  readonly frames?: number;
}

export async function composeAgent({
  settings,
  engine,
  spaces,
  actions,
  frames,
}: ComposeAgentOptions): Promise<LearningAgent> {
  const { environment, request, training, dataset } = settings;
  const common = {
    engine,
    observationSpace: spaces.observationSpace,
    actionSpace: spaces.actionSpace,
    options: settings.agent,
    seed: training.seed,
    name: `${environment.name}-${request.algorithm}`,
    provenance: () => ({
      program: `torcs-pilot ${programVersion()}`,
      // Through JSON, as it is read back.
      environment: JSON.parse(JSON.stringify(environment)),
      ...request,
      // Names alone: where they lie is the machine's own business.
      ...(dataset === null
        ? {}
        : {
            dataset: {
              ...dataset,
              folders: dataset.folders.map((folder) => path.basename(folder)),
              ...(dataset.dagger?.expert == null
                ? {}
                : { dagger: { ...dataset.dagger, expert: path.basename(dataset.dagger.expert) } }),
              frames: frames ?? null,
            },
          }),
      training: { ...training },
      engine: engine.description,
      updates: agent.updates,
    }),
  };
  const agent: LearningAgent = await composeLearner(common, { actions, clones: dataset?.use === 'clone' });
  return agent;
}

async function composeLearner(
  common: CreateDdpgAgentOptions,
  { actions, clones }: { readonly actions: ActionStatistics | undefined; readonly clones: boolean },
): Promise<LearningAgent> {
  if (actions === undefined) return createDdpgAgent(common);
  const mirror = drivingMirror(common.observationSpace, common.actionSpace);
  const parts = { ...common, deviations: actions.deviations, ...(mirror === undefined ? {} : { mirror }) };
  return clones ? createCloneAgent({ ...parts, balance: actions.balance }) : createDdpgAgent(parts);
}

export interface ComposeReplayOptions {
  readonly settings: RunSettings;
  readonly spaces: Spaces;
  /** Environments that fill it. */
  readonly sources: number;
  /** Default: the agent's `bufferSize`. */
  readonly capacity?: number;
  /** Others that a share of each batch comes from. */
  readonly demonstrations?: { readonly buffer: RingReplayBuffer; readonly share: number };
}

/** A buffer of what the agent's networks read. */
export function composeReplay(options: ComposeReplayOptions): RingReplayBuffer {
  const { settings, spaces, sources, capacity = settings.agent.bufferSize, demonstrations } = options;
  const { observationSpace, actionSpace } = spaces;
  const { agent, environment, replay } = settings;
  const { gamma, nSteps, burnIn, actorEncoder, criticEncoder } = agent;
  const [height, width, depth] = observationSpace.pixels?.shape ?? [];
  const stack = environment.pixels?.stack ?? 1;
  const seesPixels = [actorEncoder, criticEncoder].some((encoder) => readsPixels(encoder));
  const isSequential = [actorEncoder, criticEncoder].some(({ kind }) => kind === 'recurrent');
  return createReplayBuffer({
    capacity,
    state: observationSpace.state.shape[0]!,
    action: actionSpace.shape[0]!,
    gamma,
    nSteps,
    sources,
    ...(seesPixels ? { pixels: { height: height!, width: width!, channels: depth! / stack, stack } } : {}),
    ...(isSequential ? { burnIn } : {}),
    ...(replay.prioritized === null ? {} : { prioritized: replay.prioritized }),
    ...(demonstrations === undefined ? {} : { demonstrations }),
  });
}
