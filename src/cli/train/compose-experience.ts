import path from 'node:path';
import type { LearningAgent } from '../../agents/index.ts';
import type { Engine, Environment } from '../../core/index.ts';
import { InvalidArgumentError } from '../../core/index.ts';
import type { RingReplayBuffer } from '../../replay/index.ts';
import { type EnvironmentGroup, InProcessGroup, type TransitionSource, WorkerGroup } from '../../training/index.ts';
import type { Cleanup } from '../cleanup.ts';
import { describeEnvironment, makeEnvironment } from '../compose/environment.ts';
import type { DrivingSettings } from '../compose/environment-settings.ts';
import { type Dataset, openDataset } from '../dataset/index.ts';
import { ActionStatistics } from './action-statistics.ts';
import { composeAgent, composeReplay, type Spaces } from './compose-agent.ts';
import { DaggerSource } from './dagger-source.ts';
import type { DatasetSettings } from './dataset-settings.ts';
import { addDataset, DatasetSource } from './dataset-source.ts';
import type { RunSettings } from './run-settings.ts';

/** Folder of a run in which its rounds of DAgger lie. */
const DAGGER_FOLDER = 'dagger';

export interface ExperienceOptions {
  readonly settings: RunSettings;
  /** The run's. */
  readonly folder: string;
  readonly engine: Engine;
  readonly cleanup: Cleanup;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** An agent and what it learns from. */
export interface Experience {
  readonly agent: LearningAgent;
  readonly replay: RingReplayBuffer;
  readonly experience: EnvironmentGroup | TransitionSource;
  readonly spaces: Spaces;
}

/** Environments, recordings, or both. */
export async function composeExperience(options: ExperienceOptions): Promise<Experience> {
  const { dataset } = options.settings;
  if (dataset === null || dataset.use === 'demonstrations') return composeOnline(options);
  return composeOffline(options, dataset);
}

async function composeOnline({ settings, engine, cleanup, log }: ExperienceOptions): Promise<Experience> {
  const group = await composeGroup(settings);
  cleanup.add(() => group.close());
  const { dataset } = settings;
  const recorded = dataset === null ? undefined : await open(settings, dataset, log);
  const frames = recorded === undefined ? {} : { frames: recorded.frames };
  const agent = await composeAgent({ settings, engine, spaces: group, ...frames });
  cleanup.add(() => agent.dispose());
  const common = { settings, spaces: group } as const;
  let demonstrations: { buffer: RingReplayBuffer; share: number } | undefined;
  if (recorded !== undefined && dataset !== null) {
    const buffer = composeReplay({ ...common, sources: 1, capacity: recorded.transitions });
    await addDataset(buffer, recorded);
    demonstrations = { buffer, share: dataset.share! };
  }
  const replay = composeReplay({
    ...common,
    sources: group.count,
    ...(demonstrations === undefined ? {} : { demonstrations }),
  });
  return { agent, replay, experience: group, spaces: group };
}

async function composeGroup({ environment, workers, training }: RunSettings): Promise<EnvironmentGroup> {
  const settings = Array.from({ length: training.environments }, () => environment);
  if (workers) return WorkerGroup.start(settings.map(describeEnvironment));
  const made: Environment[] = [];
  try {
    for (const one of settings) made.push(await makeEnvironment(one));
    return new InProcessGroup(made);
  } catch (error) {
    for (const environment of made) await environment.close();
    throw error;
  }
}

async function composeOffline(options: ExperienceOptions, dataset: DatasetSettings): Promise<Experience> {
  const { settings, engine, cleanup, log } = options;
  const recorded = await open(settings, dataset, log);
  const { observationSpace, actionSpace, frames, transitions } = recorded;
  const spaces: Spaces = { observationSpace, actionSpace };
  const { bufferSize, batchSize } = settings.agent;
  const more = dataset.dagger === null ? 0 : dataset.dagger.rounds * dataset.dagger.frames;
  const replay = composeReplay({
    settings,
    spaces,
    sources: 1,
    capacity: transitions > bufferSize ? bufferSize : transitions + more,
  });
  const actions = new ActionStatistics(actionSpace);
  log(`reading ${frames} recorded frames`);
  const source = await DatasetSource.open({
    dataset: recorded,
    replay,
    batchSize,
    seed: settings.training.seed,
    onAction: (action) => actions.add(action),
  });
  cleanup.add(() => source.close());
  const agent = await composeAgent({ settings, engine, spaces, frames, actions });
  cleanup.add(() => agent.dispose());
  const experience =
    dataset.dagger === null ? source : composeDagger(options, dataset, { inner: source, agent, replay });
  return { agent, replay, experience, spaces };
}

function composeDagger(
  { settings, folder, log, signal }: ExperienceOptions,
  { dagger }: DatasetSettings,
  parts: { readonly inner: TransitionSource; readonly agent: LearningAgent; readonly replay: RingReplayBuffer },
): DaggerSource {
  const environment = drivingOf(settings);
  return new DaggerSource({
    inner: parts.inner,
    replay: parts.replay,
    folder: path.join(folder, DAGGER_FOLDER),
    settings: dagger!,
    environment,
    tracks: environment.options.tracks!,
    totalUpdates: settings.training.totalTimesteps,
    seed: settings.training.seed,
    createPolicy: () => parts.agent.createPolicy(),
    log,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function open(
  settings: RunSettings,
  { folders, use }: DatasetSettings,
  log: (line: string) => void,
): Promise<Dataset> {
  const labels = use === 'clone' ? 'expert' : 'executed';
  const dataset = await openDataset({ folders, environment: drivingOf(settings), labels });
  for (const note of dataset.notes) log(note);
  return dataset;
}

function drivingOf({ environment }: RunSettings): DrivingSettings {
  if (environment.name === 'driving') return environment;
  throw new InvalidArgumentError(`Expected a run that drives to learn from recordings, got ${environment.name}`);
}
