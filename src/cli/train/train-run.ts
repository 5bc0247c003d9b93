import { availableParallelism } from 'node:os';
import type { LearningAgent } from '../../agents/index.ts';
import { type BackendName, createEngine } from '../../backend/index.ts';
import { type Clock, type Engine, type Environment, type Policy, systemClock } from '../../core/index.ts';
import { ConsoleLogger, type TrainingResult, train } from '../../training/index.ts';
import { Cleanup } from '../cleanup.ts';
import { composeEvaluationEnvironment } from '../evaluate/protocol.ts';
import type { WatchChoice } from '../watch/watch-flags.ts';
import type { WatchedTraining } from '../watch/watch-training.ts';
import type { Spaces } from './compose-agent.ts';
import { composeExperience } from './compose-experience.ts';
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
    const log = (line: string) => write(`${line}\n`);
    const parts = await composeExperience({ settings, folder, engine, cleanup, log, ...(signal ? { signal } : {}) });
    const { agent, replay, experience, spaces } = parts;
    const evaluated = await composeEvaluation(settings, agent, cleanup);
    const watched = await composeWatch(options, settings, spaces);
    cleanup.add(async () => watched?.close());
    const { seed, environments: _, ...training } = settings.training;
    const { training: __, ...described } = settings;
    const result = await train({
      folder,
      resume,
      agent,
      replay,
      experience,
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

/** The live page of the run, where it is asked for. */
async function composeWatch(
  { watch: choice, folder, write }: TrainRunOptions,
  { environment, request }: RunSettings,
  spaces: Spaces,
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
  const { environment: trained, evaluationTracks } = settings;
  const judged =
    trained.name !== 'driving' || evaluationTracks === null
      ? trained
      : { ...trained, options: { ...trained.options, tracks: evaluationTracks } };
  const environment = await composeEvaluationEnvironment(judged, evaluationEpisodes);
  cleanup.add(() => environment.close());
  const policy = await agent.createPolicy();
  cleanup.add(() => policy.dispose());
  return {
    environment,
    policy: () => ({ name: policy.name, reset: () => policy.reset(), act: (observation) => policy.act(observation) }),
  };
}
