import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import type { BackendName } from '../../backend/index.ts';
import {
  type Clock,
  type Environment,
  type EpisodeObserver,
  type EpisodeSummary,
  Random,
  systemClock,
  UsageError,
} from '../../core/index.ts';
import type { RewardKind } from '../../environments/index.ts';
import { runEpisodes } from '../../training/loop.ts';
import { Cleanup } from '../cleanup.ts';
import { openActingEngine } from '../compose/acting-engine.ts';
import { makeEnvironment } from '../compose/environment.ts';
import type { DrivingSettings, EnvironmentSettings, SimulatorName } from '../compose/environment-settings.ts';
import { createStoredPolicy, readStoredPolicy, requireFittingSpaces } from '../compose/policy.ts';
import { InterruptedError } from '../failure.ts';
import type { WatchChoice } from '../watch/watch-flags.ts';
import { episodeOf, reportTracks } from './driving-report.ts';
import { protocolSettings, type Start, StartList, spreadStarts, tracksOf } from './protocol.ts';
import { spreadOf } from './statistics.ts';

/** Episodes when none are asked for: as the classic tasks are compared, and four places of each track. */
const CLASSIC_EPISODES = 100;
const DRIVING_EPISODES = 4;

export interface EvaluatePolicyOptions {
  readonly folder: string;
  /** Of each track when driving. Default 100; driving: 4. */
  readonly episodes?: number | undefined;
  /** Driving only. Default: those that the policy was trained on. */
  readonly tracks?: readonly string[] | undefined;
  /** Driving only. Default: the one that the policy was trained in. */
  readonly simulator?: SimulatorName | undefined;
  /** Driving only: what returns are counted in, unscaled. Default: as the policy was trained. */
  readonly reward?: RewardKind | undefined;
  readonly backend?: BackendName | undefined;
  /** Serve the live page meanwhile. */
  readonly watch?: WatchChoice | undefined;
  readonly seed: number;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** Lets a saved policy act without noise, and says what came of it: what `evaluate --json` prints. */
export async function evaluatePolicy(options: EvaluatePolicyOptions): Promise<Record<string, unknown>> {
  const { folder, log, seed, signal, clock = systemClock } = options;
  const stored = readStoredPolicy(folder);
  const plan = await planEvaluation(stored.environment, options);
  const cleanup = new Cleanup();
  try {
    const environment = await plan.make();
    cleanup.add(() => environment.close());
    requireFittingSpaces(stored, environment);
    const engine = await openActingEngine(cleanup, options.backend);
    const policy = await createStoredPolicy(stored, engine);
    cleanup.add(() => policy.dispose());
    log(`${policy.name} in ${stored.environment.name}, ${plan.episodes} episodes on ${engine.description}`);
    const { watch: choice } = options;
    // Loaded only where somebody looks on.
    const watching =
      choice &&
      (await (await import('../watch/look-on.ts')).watchEvaluation({ choice, stored, environment, log, signal }));
    cleanup.add(async () => watching?.close());
    const seeds = new Random(seed);
    const started = clock.now();
    const summaries = await runEpisodes({
      environment,
      policy,
      episodes: plan.episodes,
      observers: [plan.progress(log), ...(watching?.observers ?? [])],
      resetOptions: (episode) => ({ seed: seeds.stream(`evaluation episode ${episode}`).uint32() }),
      clock,
      ...(signal === undefined ? {} : { signal }),
    });
    const whole = summaries.filter(({ info }) => info['reason'] !== 'interrupted');
    if (whole.length === 0) throw new InterruptedError({ expected: 'an episode to end' });
    return {
      ok: whole.length === plan.episodes,
      policy: folder,
      name: policy.name,
      environment: stored.environment.name,
      seed,
      episodes: whole.length,
      ...plan.report(whole),
      wallS: (clock.now() - started) / 1000,
      engine: engine.description,
    };
  } finally {
    await cleanup.run();
  }
}

/** What differs between the classic tasks and driving. */
interface Plan {
  readonly episodes: number;
  make(): Promise<Environment>;
  progress(log: (line: string) => void): EpisodeObserver;
  report(summaries: readonly EpisodeSummary[]): Record<string, unknown>;
}

async function planEvaluation(settings: EnvironmentSettings, options: EvaluatePolicyOptions): Promise<Plan> {
  if (settings.name === 'driving') return planDriving(settings, options);
  for (const name of ['tracks', 'simulator', 'reward'] as const) {
    if (options[name] === undefined) continue;
    throw new UsageError(`Expected --${name} with a policy that drives only, got one of ${settings.name}`);
  }
  return {
    episodes: options.episodes ?? CLASSIC_EPISODES,
    make: () => makeEnvironment(settings),
    progress: () => ({}),
    report: (summaries) => {
      const returns = spreadOf(summaries.map(({ returnSum }) => returnSum));
      const lengths = spreadOf(summaries.map(({ steps }) => steps));
      return {
        meanReturn: returns.mean,
        stdReturn: returns.std,
        minReturn: returns.min,
        maxReturn: returns.max,
        meanLength: lengths.mean,
        minLength: lengths.min,
        maxLength: lengths.max,
      };
    },
  };
}

async function planDriving(settings: DrivingSettings, options: EvaluatePolicyOptions): Promise<Plan> {
  const tracks = options.tracks ?? tracksOf(settings);
  const simulator = options.simulator ?? settings.simulator;
  // Without the game its tracks are not known either: that is told first.
  if (simulator === 'torcs') await requireTorcs();
  const starts = await spreadStarts(tracks, options.episodes ?? DRIVING_EPISODES);
  const { reward } = options;
  const counted = reward === undefined ? {} : { reward, rewardScale: 1, cruiseSpeedKmh: null };
  const driven: DrivingSettings = {
    ...settings,
    simulator,
    options: { ...settings.options, ...counted, tracks: [...tracks] },
  };
  return {
    episodes: starts.length,
    make: async () => new StartList(await makeEnvironment(protocolSettings(driven)), starts),
    progress: (log) => ({ onEnd: (summary) => log(describeEpisode(starts[summary.episode]!, summary)) }),
    report: (summaries) => ({ simulator, tracks: reportTracks(starts, summaries) }),
  };
}

function describeEpisode({ track, startDistanceM }: Start, summary: EpisodeSummary): string {
  const { outcome, lapTimesS, distanceM } = episodeOf(summary);
  const from = startDistanceM === undefined ? 'the grid' : `${startDistanceM.toFixed(0)} m`;
  const laps =
    lapTimesS.length === 0 ? 'no lap' : `laps of ${lapTimesS.map((time) => time.toFixed(3)).join(' and ')} s`;
  return `${track} from ${from}: ${outcome}, ${distanceM.toFixed(0)} m, ${laps}`;
}
