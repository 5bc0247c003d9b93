import path from 'node:path';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG } from '../../../torcs-client/sensors.ts';
import type { CameraFormat } from '../../../torcs-client/simulator.ts';
import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { CriticEstimate, LearnedPolicy } from '../../agents/index.ts';
import { type Clock, type Observation, type Policy, Random } from '../../core/index.ts';
import type { SeenPixels } from '../../video/index.ts';
import { Cleanup } from '../cleanup.ts';
import { openActingEngine } from '../compose/acting-engine.ts';
import { composeDriver, type DriveOptions, type DriverChoice } from '../compose/driver.ts';
import type { DrivingSettings, SimulatorName } from '../compose/environment-settings.ts';
import { readDrivingPolicy } from '../compose/policy.ts';
import { composeSimulator, composeTrackLibrary, defaultTracks } from '../compose/simulator.ts';
import { protocolSettings, tracksOf } from '../evaluate/protocol.ts';
import type { Opponent } from '../flags.ts';
import { EpisodeMoments } from './episode-moments.ts';
import type { FilmDrive } from './film-drive.ts';
import { FilmedSimulator } from './filmed-simulator.ts';
import { SteeringSaliency } from './steering-saliency.ts';
import { outlineOf } from './track-outline.ts';

/** How a driver is asked to drive. */
export interface PolicyDriveOptions {
  readonly choice: DriverChoice;
  /** Default: the one that a policy was trained in, or `embedded`. */
  readonly simulator?: SimulatorName | undefined;
  /** Default: the first that a policy was trained on, or the simulator's own. */
  readonly track?: string | undefined;
  readonly laps: number;
  /** Simulated seconds after which the drive ends. Default: what `evaluate` allows, and at least 600 a lap. */
  readonly timeLimitS?: number | undefined;
  readonly startDistanceM?: number | undefined;
  /** Robots in the race. Default: none. */
  readonly opponents?: readonly Opponent[] | undefined;
  readonly seed: number;
  /** The film's. */
  readonly camera: CameraFormat;
  /** Tell what moves the steering, where the driver sees. */
  readonly saliency: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** Drivers of ours are not judged by the edge of the road. */
const OWN_RULES: DriveOptions = {
  offTrackLimit: null,
  backwards: false,
  noProgress: { distanceM: 1, windowS: 60 },
};
/** Simulated time that nobody needs who gets round at all, s. */
const LIMIT_S_PER_LAP = 600;

/**
 * Somebody who drives now: a policy from its folder, by the rules and with the seed of `evaluate`'s first episode, so that
 * what is filmed is what was evaluated, to the bit; or a driver of ours.
 *
 * @throws InvalidFileError for a damaged policy folder; UsageError for a policy that does not drive; InvalidArgumentError
 *   for an unknown track
 */
export async function openPolicyDrive(options: PolicyDriveOptions): Promise<FilmDrive> {
  const { choice, camera, laps, signal, clock, startDistanceM } = options;
  const settings = typeof choice === 'object' ? readDrivingPolicy(choice.folder).environment : undefined;
  const kind = options.simulator ?? settings?.simulator ?? 'embedded';
  // Without the game its tracks are not known either: that is told first.
  if (kind === 'torcs') await requireTorcs();
  const track = options.track ?? trackOf(settings, kind);
  const outline = outlineOf((await composeTrackLibrary()).get(track));
  const cleanup = new Cleanup();
  try {
    const driver = await composeDriver(choice);
    cleanup.add(() => driver.dispose());
    const race = { choice: { kind }, track, opponents: options.opponents ?? [] };
    const filmed = await composeSimulator({ ...race, camera });
    cleanup.add(() => filmed.close());
    const driven = driver.camera === undefined ? filmed : await composeSimulator({ ...race, camera: driver.camera });
    cleanup.add(() => driven.close());
    const moments = new EpisodeMoments();
    const simulator = new FilmedSimulator(driven, filmed, moments.onTick);
    const rules = settings === undefined ? OWN_RULES : protocolSettings({ ...settings, simulator: kind }).options;
    const { environment, policy } = await driver.compose(simulator, options.seed, {
      ...rules,
      timeLimitS: options.timeLimitS ?? Math.max(rules.timeLimitS ?? 0, LIMIT_S_PER_LAP * laps),
      laps,
      tracks: [track],
    });
    const { pixels } = environment.observationSpace;
    const stack = settings?.pixels?.stack ?? 1;
    const [height = 0, width = 0, depth = 0] = pixels?.shape ?? [];
    const shape = { width, height, count: stack, channels: depth / stack === 1 ? 1 : 3 } as const;
    const saliency = options.saliency && pixels !== undefined ? await composeSaliency(policy, cleanup) : undefined;
    const estimate = await composeEstimate(policy, cleanup);
    const seed = new Random(options.seed).stream('evaluation episode 0').uint32();
    return {
      driver: policy.name,
      alias: typeof choice === 'object' ? runNameOf(choice.folder) : policy.name,
      simulator: kind,
      track,
      outline,
      lapLengthM: outline.lengthM,
      fromGrid: startDistanceM === undefined,
      laps,
      hasSaliency: saliency !== undefined,
      hasValue: estimate !== undefined,
      rangeFinderAnglesDeg: environment.options.rangeFinderAnglesDeg ?? DEFAULT_RANGE_FINDER_ANGLES_DEG,
      seen: pixels === undefined ? { kind: 'range-finders' } : { kind: 'pixels', shape },
      moments: () =>
        moments.run(
          {
            environment,
            policy,
            resetOptions: { seed, options: startDistanceM === undefined ? { track } : { track, startDistanceM } },
            ...(pixels === undefined ? {} : { seen: (observation: Observation) => seenOf(observation, shape) }),
            ...(saliency === undefined ? {} : { saliency }),
            ...(estimate === undefined ? {} : { estimate }),
            signal,
            clock,
          },
          simulator,
        ),
      close: () => cleanup.run(),
    };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** `policy`, `policy-best` say less than the folder of the run around them. */
function runNameOf(folder: string): string {
  const name = path.basename(path.resolve(folder));
  return name.startsWith('policy') ? path.basename(path.dirname(path.resolve(folder))) : name;
}

/** A track that the policy knows, where it is one of that simulator. */
function trackOf(settings: DrivingSettings | undefined, kind: SimulatorName): string {
  return settings?.simulator === kind ? tracksOf(settings)[0]! : defaultTracks[kind];
}

function seenOf({ pixels }: Observation, shape: Omit<SeenPixels, 'data'>): SeenPixels | undefined {
  return pixels === undefined ? undefined : { ...shape, data: pixels };
}

async function composeSaliency(policy: Policy, cleanup: Cleanup): Promise<SteeringSaliency> {
  const saliency = await SteeringSaliency.create(policy, await openActingEngine(cleanup));
  cleanup.add(() => saliency.dispose());
  return saliency;
}

/** Undefined for drivers without a critic. */
async function composeEstimate(policy: Policy, cleanup: Cleanup): Promise<CriticEstimate | undefined> {
  if (!(policy instanceof LearnedPolicy) || policy.critics === undefined) return undefined;
  const estimate = await CriticEstimate.create(policy, await openActingEngine(cleanup));
  cleanup.add(() => estimate.dispose());
  return estimate;
}
