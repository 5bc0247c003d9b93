import { availableParallelism } from 'node:os';
import { createDdpgAgent, type LearningAgent } from '../../agents/ddpg/index.ts';
import { type BackendName, createEngine } from '../../backend/index.ts';
import { type Clock, type Engine, type Environment, type Policy, systemClock } from '../../core/index.ts';
import { createReplayBuffer, type RingReplayBuffer } from '../../replay/index.ts';
import {
  ConsoleLogger,
  type EnvironmentGroup,
  InProcessGroup,
  type TrainingResult,
  train,
  WorkerGroup,
} from '../../training/index.ts';
import { Cleanup } from '../cleanup.ts';
import { describeEnvironment, makeEnvironment } from '../compose/environment.ts';
import { composeEvaluationEnvironment } from '../evaluate/protocol.ts';
import { programVersion } from '../version.ts';
import type { WatchChoice } from '../watch/watch-flags.ts';
import type { WatchedTraining } from '../watch/watch-training.ts';
import type { RequestedSettings } from './resolve.ts';
import type { RunSettings } from './run-settings.ts';

export interface TrainRunOptions {
  readonly folder: string;
  readonly resume: boolean;
  readonly settings: RequestedSettings;
  /** Takes text as it is, for people. */
  readonly write: (text: string) => void;
  /** Whether a person looks at it. */
  readonly interactive: boolean;
  /** Serve the live page meanwhile. */
  readonly watch?: WatchChoice | undefined;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

export interface TrainRunResult extends TrainingResult {
  /** The engine's name, and what it runs on. */
  readonly backend: string;
  readonly engine: string;
}

/** Builds everything that the settings describe, trains, and takes everything down again, whatever happens. */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const { folder, resume, write, interactive, signal, clock = systemClock } = options;
  const cleanup = new Cleanup();
  try {
    const threads = options.settings.engine.threads ?? availableParallelism();
    const engine = await createEngine(options.settings.engine.backend, { threads });
    cleanup.add(() => engine.dispose());
    const settings: RunSettings = { ...options.settings, engine: { backend: backendOf(engine), threads } };
    const environments = await composeGroup(settings);
    cleanup.add(() => environments.close());
    const agent = await composeAgent(settings, engine, environments);
    cleanup.add(() => agent.dispose());
    const evaluated = await composeEvaluation(settings, agent, cleanup);
    const watched = await composeWatch(options, settings, environments);
    cleanup.add(async () => watched?.close());
    const { seed, environments: _, ...training } = settings.training;
    const { training: __, ...described } = settings;
    const result = await train({
      folder,
      resume,
      agent,
      replay: composeReplay(settings, agent, environments),
      experience: environments,
      training,
      seed,
      settings: described,
      observers: [
        new ConsoleLogger({ write, interactive, clock }),
        ...(watched === undefined ? [] : [watched.observer]),
      ],
      clock,
      ...(evaluated === undefined ? {} : { evaluation: evaluated }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { ...result, backend: backendOf(engine), engine: engine.description };
  } finally {
    await cleanup.run();
  }
}

/** The name by which the engine can be asked for again. */
function backendOf({ name }: Engine): BackendName {
  if (name === 'compiled') return 'compiled';
  return name === 'cpu' ? 'tfjs-cpu' : 'tfjs-node';
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

async function composeAgent(settings: RunSettings, engine: Engine, group: EnvironmentGroup): Promise<LearningAgent> {
  const { observationSpace, actionSpace } = group;
  const { environment, request, training } = settings;
  const agent: LearningAgent = await createDdpgAgent({
    engine,
    observationSpace,
    actionSpace,
    options: settings.agent,
    seed: training.seed,
    name: `${environment.name}-${request.algorithm}`,
    provenance: () => ({
      program: `torcs-pilot ${programVersion()}`,
      // Through JSON, as it is read back.
      environment: JSON.parse(JSON.stringify(environment)),
      ...request,
      training: { ...training },
      engine: engine.description,
      updates: agent.updates,
    }),
  });
  return agent;
}

function composeReplay(settings: RunSettings, agent: LearningAgent, group: EnvironmentGroup): RingReplayBuffer {
  const { state, pixels } = group.observationSpace;
  const { bufferSize, gamma, nSteps, burnIn } = agent.settings;
  const { shape } = agent.createBatch();
  const [height, width, depth] = pixels?.shape ?? [];
  const stack = settings.environment.pixels?.stack ?? 1;
  const pictures =
    shape.pixels === undefined ? {} : { pixels: { height: height!, width: width!, channels: depth! / stack, stack } };
  const { prioritized } = settings.replay;
  return createReplayBuffer({
    capacity: bufferSize,
    state: state.shape[0]!,
    action: shape.action,
    gamma,
    nSteps,
    sources: group.count,
    ...pictures,
    ...(shape.sequenceLength === undefined ? {} : { burnIn }),
    ...(prioritized === null ? {} : { prioritized }),
  });
}

/** The live page of the run, where it is asked for. */
async function composeWatch(
  { watch: choice, folder, write }: TrainRunOptions,
  { environment, request }: RunSettings,
  spaces: EnvironmentGroup,
): Promise<WatchedTraining | undefined> {
  if (choice === undefined) return undefined;
  const { watchTraining } = await import('../watch/watch-training.ts');
  return watchTraining({
    choice,
    folder,
    title: `${environment.name}-${request.algorithm}`,
    spaces,
    stack: environment.pixels?.stack ?? 1,
    isDriving: environment.name === 'driving',
    log: (line) => write(`${line}\n`),
  });
}

/** The environment of evaluations, and one policy over the live weights that serves them all. */
async function composeEvaluation(
  settings: RunSettings,
  agent: LearningAgent,
  cleanup: Cleanup,
): Promise<{ environment: Environment; policy: () => Policy } | undefined> {
  const { evaluationInterval, evaluationEpisodes } = settings.training;
  if (evaluationInterval === 0) return undefined;
  const environment = await composeEvaluationEnvironment(settings.environment, evaluationEpisodes);
  cleanup.add(() => environment.close());
  const policy = await agent.createPolicy();
  cleanup.add(() => policy.dispose());
  return {
    environment,
    policy: () => ({ name: policy.name, reset: () => policy.reset(), act: (observation) => policy.act(observation) }),
  };
}
