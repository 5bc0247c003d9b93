import fs from 'node:fs';
import path from 'node:path';
import type { BackendName } from '../../backend/index.ts';
import { UsageError } from '../../core/index.ts';
import { NoRunError, RunExistsError, runFiles } from '../../training/index.ts';
import { type DriverChoice, refuseRandom } from '../compose/driver.ts';
import type { EnvironmentName, SimulatorName } from '../compose/environment-settings.ts';
import { type MarginFlags, marginOf, requireScripted } from '../compose/expert-margin.ts';
import type { WatchChoice } from '../watch/watch-flags.ts';
import type { Assignment } from './assignments.ts';
import type { Overrides } from './override.ts';
import type { AlgorithmName, EncoderName, ObserveName } from './presets.ts';
import { type RequestedSettings, resolveRunSettings } from './resolve.ts';
import { type RunSettings, readRunSettings } from './run-settings.ts';
import { type TrainRunResult, trainRun } from './train-run.ts';

/** The flags of `train`, checked one by one. */
export interface TrainFlags extends MarginFlags {
  readonly out: string;
  readonly resume: boolean;
  readonly environment: EnvironmentName | undefined;
  readonly algorithm: AlgorithmName | undefined;
  readonly preset: string | undefined;
  readonly observe: ObserveName | undefined;
  readonly encoder: EncoderName | undefined;
  readonly 'hide-velocity': boolean;
  readonly tracks: readonly string[] | undefined;
  readonly 'evaluation-tracks': readonly string[] | undefined;
  readonly from: readonly string[] | undefined;
  readonly offline: boolean;
  readonly 'demonstration-share': number | undefined;
  readonly dagger: number | undefined;
  readonly 'dagger-frames': number | undefined;
  readonly expert: DriverChoice | undefined;
  readonly simulator: SimulatorName | undefined;
  readonly steps: number | undefined;
  readonly environments: number | undefined;
  readonly workers: 'on' | 'off' | undefined;
  readonly backend: BackendName | undefined;
  readonly threads: number | undefined;
  readonly set: readonly Assignment[];
  readonly settings: string | undefined;
  readonly 'evaluation-interval': number | undefined;
  readonly 'evaluation-episodes': number | undefined;
  readonly 'checkpoint-interval': number | undefined;
  readonly 'log-interval': number | undefined;
  readonly seed: number;
}

export interface TrainCommandLine {
  readonly flags: TrainFlags;
  /** What `--settings` and `--set` say. */
  readonly overrides: Overrides;
  /** Names of the flags that were written. */
  readonly given: ReadonlySet<string>;
  readonly write: (text: string) => void;
  /** Results for people. */
  readonly print: (line: string) => void;
  readonly interactive: boolean;
  readonly watch?: WatchChoice | undefined;
  readonly signal: AbortSignal;
}

/** Begins a run, or goes on with one. @returns what `--json` prints */
export async function trainCommandLine(line: TrainCommandLine): Promise<Record<string, unknown>> {
  const { flags, write, print, interactive, watch, signal } = line;
  const folder = flags.out;
  const settings = flags.resume ? settingsToResume(line) : settingsOfFlags(line);
  const result = await trainRun({ folder, resume: flags.resume, settings, write, interactive, watch, signal });
  printResult(result, print);
  const { outcome, steps, updates, episodes, evaluation, best, elapsedS, backend, engine } = result;
  return {
    ok: outcome === 'finished',
    outcome,
    folder,
    environment: settings.environment.name,
    ...settings.request,
    seed: settings.training.seed,
    steps,
    updates,
    episodes,
    evaluation: evaluation ?? null,
    best: best ?? null,
    wallS: elapsedS,
    stepsPerS: steps / elapsedS,
    backend,
    engine,
    policy: path.join(folder, runFiles.policy),
    bestPolicy: best === undefined ? null : path.join(folder, runFiles.bestPolicy),
  };
}

/**
 * The settings of a run that begins.
 *
 * @throws RunExistsError where its folder holds one already; UsageError for what does not fit together
 */
export function settingsOfFlags({
  flags,
  overrides,
}: Pick<TrainCommandLine, 'flags' | 'overrides'>): RequestedSettings {
  if (fs.existsSync(path.join(flags.out, runFiles.settings))) throw new RunExistsError(flags.out);
  return resolveRunSettings({
    ...flags,
    hideVelocity: flags['hide-velocity'],
    workers: flags.workers === undefined ? undefined : flags.workers === 'on',
    evaluationTracks: flags['evaluation-tracks'],
    from: flags.from?.map((folder) => path.resolve(folder)),
    share: flags['demonstration-share'],
    dagger: daggerOf(flags),
    evaluationInterval: flags['evaluation-interval'],
    evaluationEpisodes: flags['evaluation-episodes'],
    checkpointInterval: flags['checkpoint-interval'],
    logInterval: flags['log-interval'],
    overrides,
  });
}

function daggerOf(flags: TrainFlags) {
  const { dagger: rounds, 'dagger-frames': frames, expert } = flags;
  const margin = marginOf(flags);
  if (rounds === undefined) {
    if (frames !== undefined) throw new UsageError('Expected --dagger-frames with --dagger only');
    if (expert !== undefined) throw new UsageError('Expected --expert with --dagger only');
    if (margin !== undefined) {
      throw new UsageError('Expected --grip-share, --edge-room and --top-speed with --dagger only');
    }
    return undefined;
  }
  const teacher = refuseRandom('expert', expert ?? 'scripted');
  requireScripted(teacher, margin);
  return {
    rounds,
    ...(frames === undefined ? {} : { frames }),
    ...(teacher === 'scripted' ? {} : { expert: path.resolve(teacher.folder) }),
    ...(margin === undefined ? {} : { margin }),
  };
}

/** Flags that say nothing of what a run learns. */
const freeFlags = new Set(['out', 'resume', 'watch', 'watch-port', 'json', 'help']);

function settingsToResume({ flags, given }: TrainCommandLine): RunSettings {
  const folder = flags.out;
  if (!fs.existsSync(folder)) throw new NoRunError(folder, 'no such folder');
  if (!fs.existsSync(path.join(folder, runFiles.settings))) throw new NoRunError(folder, `no ${runFiles.settings}`);
  const settings = readRunSettings(folder);
  const own = flagsOf(settings);
  for (const name of given) {
    if (freeFlags.has(name)) continue;
    const asked = askedOf(name, flags);
    const expected = own[name];
    if (expected === undefined) {
      throw new UsageError(`Expected no --${name} with --resume: the run in ${folder} goes on with its own settings`);
    }
    if (asked !== expected && !(name === 'backend' && asked === 'auto')) {
      throw new UsageError(
        `Expected --${name} ${expected}, as the run in ${folder} began with, or no --${name} with --resume, got ${asked}`,
      );
    }
  }
  return settings;
}

/** A flag as {@link flagsOf} writes it: folders as absolute paths. */
function askedOf(name: string, flags: TrainFlags): string {
  if (name === 'from') return String(flags.from?.map((folder) => path.resolve(folder)));
  if (name === 'expert' && typeof flags.expert === 'object') return path.resolve(flags.expert.folder);
  return String(flags[name as keyof TrainFlags]);
}

/** What could have been written for a run, by the flags' names. */
function flagsOf(settings: RunSettings): Readonly<Record<string, string>> {
  const { request, environment, evaluationTracks, dataset, engine, workers, training } = settings;
  const isDriving = environment.name === 'driving';
  const tracks = isDriving ? environment.options.tracks : undefined;
  const { evaluationEpisodes } = training;
  const values = {
    ...request,
    environment: environment.name,
    'hide-velocity': environment.name === 'pendulum' ? environment.options.hideVelocity : false,
    ...(tracks === undefined ? {} : { tracks }),
    ...(isDriving ? { simulator: environment.simulator } : {}),
    ...(evaluationTracks === null ? {} : { 'evaluation-tracks': evaluationTracks }),
    offline: dataset?.use === 'offline',
    ...(dataset === null ? {} : { from: dataset.folders }),
    ...(dataset?.share == null ? {} : { 'demonstration-share': dataset.share }),
    ...(dataset?.dagger == null
      ? {}
      : {
          dagger: dataset.dagger.rounds,
          'dagger-frames': dataset.dagger.frames,
          expert: dataset.dagger.expert ?? 'scripted',
          'grip-share': dataset.dagger.margin.gripShare,
          'edge-room': dataset.dagger.margin.edgeRoomM,
          'top-speed': dataset.dagger.margin.topSpeedKmh,
        }),
    steps: training.totalTimesteps,
    seed: training.seed,
    environments: training.environments,
    workers: workers ? 'on' : 'off',
    ...engine,
    'evaluation-interval': training.evaluationInterval,
    'evaluation-episodes': isDriving
      ? evaluationEpisodes / ((evaluationTracks ?? tracks)?.length ?? 1)
      : evaluationEpisodes,
    'checkpoint-interval': training.checkpointInterval,
    'log-interval': training.logInterval,
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function printResult(result: TrainRunResult, print: (line: string) => void): void {
  const { outcome, steps, updates, evaluation, best, elapsedS, backend, folder } = result;
  const spread = evaluation && ` (${figure(evaluation.minReturn)} to ${figure(evaluation.maxReturn)})`;
  print(
    `${outcome}: ${steps} steps and ${updates} updates in ${elapsedS.toFixed(1)} s on ${backend}` +
      (evaluation === undefined ? '' : `, mean return ${figure(evaluation.meanReturn)}${spread}`),
  );
  if (outcome === 'interrupted') print(`everything is saved; go on with --resume --out ${folder}`);
  const policies = [path.join(folder, runFiles.policy), ...(best ? [path.join(folder, runFiles.bestPolicy)] : [])];
  print(`policies: ${policies.join(' and ')}`);
}

const figure = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : 1);
