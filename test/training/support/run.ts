import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Policy } from '../../../src/core/policy.ts';
import type { ReplayBuffer } from '../../../src/core/replay.ts';
import {
  type EnvironmentDescription,
  type EnvironmentGroup,
  InProcessGroup,
  runFiles,
  type TrainingResult,
  type TrainingSettings,
  type TrainOptions,
  train,
  WorkerGroup,
} from '../../../src/training/index.ts';
import { type ChaoticOptions, makeChaotic } from './chaotic-environment.ts';
import { FakeAgent } from './fake-agent.ts';
import { FakeReplay, PrioritisedFakeReplay } from './fake-replay.ts';

export interface FakeRunOptions extends Partial<Omit<TrainOptions, 'training'>> {
  readonly folder: string;
  readonly training?: Partial<TrainingSettings>;
  readonly environmentCount?: number;
  readonly chaotic?: ChaoticOptions;
  readonly workers?: boolean;
  readonly prioritised?: boolean;
  readonly isEvaluated?: boolean;
  readonly fakeAgent?: FakeAgent;
  readonly evaluationPolicy?: () => Policy;
}

export interface FakeRun {
  readonly result: TrainingResult;
  readonly agent: FakeAgent;
  readonly replay: ReplayBuffer;
}

export const describeChaotic = (options: ChaoticOptions): EnvironmentDescription => ({
  module: new URL('./chaotic-environment.ts', import.meta.url).href,
  factory: 'makeChaotic',
  arguments: [options],
});

/** Trains a fake agent in the chaotic environment; what it made is closed. */
export async function fakeRun(options: FakeRunOptions): Promise<FakeRun> {
  const { environmentCount = 1, chaotic = {}, workers = false, prioritised = false, isEvaluated = true } = options;
  const { fakeAgent: agent = new FakeAgent(), training = {}, ...rest } = options;
  const policy = options.evaluationPolicy ?? (() => agent.policy());
  const replay = options.replay ?? (prioritised ? new PrioritisedFakeReplay() : new FakeReplay());
  const sources = Array.from({ length: environmentCount }, () => chaotic);
  const environments: EnvironmentGroup = workers
    ? await WorkerGroup.start(sources.map(describeChaotic))
    : new InProcessGroup(sources.map(makeChaotic));
  try {
    const result = await train({
      seed: 1,
      ...pick(rest, ['folder', 'resume', 'seed', 'settings', 'observers', 'signal', 'clock']),
      training: {
        totalTimesteps: 300,
        learningStarts: 20,
        evaluationInterval: 100,
        evaluationEpisodes: 3,
        checkpointInterval: 0,
        logInterval: 25,
        ...training,
      },
      agent,
      replay,
      experience: environments,
      ...(isEvaluated ? { evaluation: { environment: makeChaotic(chaotic), policy } } : {}),
    });
    return { result, agent, replay };
  } finally {
    await environments.close();
  }
}

function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> & { folder: string } {
  return Object.fromEntries(keys.filter((key) => key in from).map((key) => [key, from[key]])) as Pick<T, K> & {
    folder: string;
  };
}

const temporaryFolders: string[] = [];
process.on('exit', () => {
  for (const folder of temporaryFolders) fs.rmSync(folder, { recursive: true, force: true });
});

/** A name for a run's folder, not yet made; it goes with this process. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'training-'));
  temporaryFolders.push(folder);
  return path.join(folder, 'run');
}

/** Everything of a run that must not hang on whether, when or where it was killed: files without wall-clock values. */
export function contentOf(folder: string): Record<string, unknown> {
  const text = (name: string) => fs.readFileSync(path.join(folder, name), 'utf8');
  return {
    curve: text(runFiles.curve),
    progress: progressOf(folder),
    policy: text(`${runFiles.policy}/weights.json`),
    best: text(`${runFiles.bestPolicy}/weights.json`),
    settings: text(runFiles.settings),
    summary: withoutTimes(JSON.parse(text(runFiles.summary)) as Record<string, unknown>),
    eventBytes: fs.statSync(path.join(folder, runFiles.events)).size,
  };
}

export function progressOf(folder: string): string[] {
  const lines = fs.readFileSync(path.join(folder, runFiles.progress), 'utf8').trimEnd().split('\n');
  return lines.map((line) => withoutTimes(JSON.parse(line) as Record<string, unknown>));
}

const withoutTimes = (figures: Record<string, unknown>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(figures).filter(([key]) => !key.startsWith('time/'))));
