import { isDeepStrictEqual } from 'node:util';
import { requireTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { type Clock, type Policy, parseOptions, systemClock, UsageError } from '../../core/index.ts';
import type { ActionKind } from '../../environments/index.ts';
import { Cleanup } from '../cleanup.ts';
import { type DrivingSettings, environmentSchemas, type SimulatorName } from '../compose/environment-settings.ts';
import { type Expert, makeExpertEnvironment, ScriptedExpert } from '../compose/expert.ts';
import type { ExpertMargin } from '../compose/expert-margin.ts';
import { loadPolicyExpert } from '../compose/policy-expert.ts';
import { composeTrackLibrary } from '../compose/simulator.ts';
import { openEpisodeWriter } from './episode-writer.ts';
import { type RecordingReport, recordEpisodes } from './record-episodes.ts';

type Camera = NonNullable<DrivingSettings['camera']>;

export interface RecordSettings {
  readonly out: string;
  readonly simulator: SimulatorName;
  /** Default: the simulator's tracks for training. */
  readonly tracks?: readonly string[] | undefined;
  readonly frames: number;
  /** The scripted driver, or the folder of a policy, which brings its own camera, actions and action repeat. */
  readonly driver: 'scripted' | { readonly folder: string };
  /** Whose labels are recorded: the scripted driver's (default), or those of a policy that reads the state. */
  readonly expert?: 'scripted' | { readonly folder: string } | undefined;
  /** Probability that the expert drives a stretch in the policy's place. Default 0. */
  readonly expertShare?: number | undefined;
  readonly camera?: Camera | undefined;
  readonly actionRepeat?: number | undefined;
  readonly actions?: Exclude<ActionKind, 'controls'> | undefined;
  /** Sideways acceleration of the bursts that disturb the steering, m/s². Default 3; with a policy 0. */
  readonly noise?: number | undefined;
  /** Surges of the pedals, as a share of the whole pedal. Default 0. */
  readonly pedalNoise?: number | undefined;
  /** Default `random`. */
  readonly start?: 'random' | 'grid' | undefined;
  /** Longest episode, simulated seconds. Default 60. */
  readonly episodeS?: number | undefined;
  /** How the scripted expert drives. Default `EXPERT_MARGIN`. */
  readonly margin?: ExpertMargin | undefined;
  readonly seed: number;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** What `record --json` prints. */
export interface RecordResult extends Record<string, unknown>, RecordingReport {
  readonly ok: boolean;
  readonly out: string;
  readonly driver: string;
  readonly simulator: string;
  /** Frames per second of simulated time. */
  readonly fps: number;
  readonly wallS: number;
  readonly framesPerS: number;
}

/** What is recorded where nobody says otherwise: ten decisions a second of a small picture. */
const DEFAULTS = {
  noise: 3,
  start: 'random',
  episodeS: 60,
  camera: { width: 128, height: 128, view: 'road' },
  actionRepeat: 5,
  actions: 'steer-pedal',
} as const;

/** Records a dataset with the expert's labels. Everything that was started is closed, whatever happens. */
export async function record(settings: RecordSettings): Promise<RecordResult> {
  const { out, simulator, driver, frames, seed, signal, log, clock = systemClock } = settings;
  const tracks = settings.tracks ?? (await trainingTracks(simulator));
  const cleanup = new Cleanup();
  try {
    const learner = driver === 'scripted' ? undefined : await composeLearner(driver.folder, settings, cleanup);
    const { actions, actionRepeat } = learner?.settings.options ?? { ...DEFAULTS, ...definedOf(settings) };
    const expert = await composeExpert(settings, { actions, actionRepeat }, cleanup);
    const environmentSettings = learner?.settings ?? ownSettings(settings, expert.rangeFinderAnglesDeg);
    const { options } = environmentSettings;
    const driving: DrivingSettings = {
      ...environmentSettings,
      simulator,
      options: {
        ...options,
        tracks: [...tracks],
        start: settings.start ?? DEFAULTS.start,
        laps: null,
        timeLimitS: settings.episodeS ?? DEFAULTS.episodeS,
      },
    };
    const environment = await makeExpertEnvironment(driving, expert);
    cleanup.add(() => environment.close());
    const behaviour = await learner?.create();
    const writer = await openEpisodeWriter({ dir: out, settings: driving, environment, expert });
    const started = clock.now();
    let report: RecordingReport;
    try {
      report = await recordEpisodes({
        environment,
        expert,
        behaviour,
        expertShare: settings.expertShare ?? 0,
        noise: settings.noise ?? (driver === 'scripted' ? DEFAULTS.noise : 0),
        pedalNoise: settings.pedalNoise ?? 0,
        writer,
        tracks,
        frames,
        seed,
        firstEpisode: writer.episodesBefore,
        log,
        clock,
        ...(signal === undefined ? {} : { signal }),
      });
    } finally {
      await writer.close();
    }
    const wallS = (clock.now() - started) / 1000;
    return {
      ok: report.frames === frames,
      out,
      driver: behaviour?.name ?? expert.name,
      simulator,
      fps: 50 / driving.options.actionRepeat,
      ...report,
      wallS,
      framesPerS: report.frames / wallS,
    };
  } finally {
    await cleanup.run();
  }
}

interface Decisions {
  readonly actions: ActionKind;
  readonly actionRepeat: number;
}

function definedOf({ actions, actionRepeat }: RecordSettings): Partial<Decisions> {
  return { ...(actions === undefined ? {} : { actions }), ...(actionRepeat === undefined ? {} : { actionRepeat }) };
}

async function composeExpert(
  { expert = 'scripted', margin }: RecordSettings,
  decisions: Decisions,
  cleanup: Cleanup,
): Promise<Expert> {
  if (expert === 'scripted') return new ScriptedExpert({ ...decisions, margin });
  return loadPolicyExpert({ folder: expert.folder, ...decisions, cleanup });
}

/** What the expert drives in: no pixels, only pictures for the recorder. */
function ownSettings(settings: RecordSettings, rangeFinderAnglesDeg: readonly number[]): DrivingSettings {
  const { camera, actionRepeat, actions } = settings;
  const asked = {
    name: 'driving',
    camera: camera ?? DEFAULTS.camera,
    options: {
      actions: actions ?? DEFAULTS.actions,
      actionRepeat: actionRepeat ?? DEFAULTS.actionRepeat,
      rangeFinderAnglesDeg: [...rangeFinderAnglesDeg],
    },
  };
  return parseOptions(environmentSchemas.driving, asked, 'recording settings');
}

interface Learner {
  readonly settings: DrivingSettings;
  create(): Promise<Policy>;
}

/** A policy drives as it was trained: what the flags say of it must not contradict that. */
async function composeLearner(folder: string, settings: RecordSettings, cleanup: Cleanup): Promise<Learner> {
  // Loaded only where a policy drives: what runs networks takes a second.
  const { openStoredPolicy, readDrivingPolicy } = await import('../compose/policy.ts');
  const stored = readDrivingPolicy(folder);
  const own = stored.environment;
  const { actionRepeat, actions } = own.options;
  for (const [flag, asked, has] of [
    ['action-repeat', settings.actionRepeat, actionRepeat],
    ['actions', settings.actions, actions],
    ['camera', settings.camera, own.camera],
  ] as const) {
    // One that sees no pictures does not mind which are recorded.
    if (asked === undefined || has === undefined || isDeepStrictEqual(asked, has)) continue;
    throw new UsageError(
      `Expected no --${flag}, or the policy's own (${JSON.stringify(has)}), got ${JSON.stringify(asked)}`,
    );
  }
  return {
    settings: own.camera === undefined ? { ...own, camera: settings.camera ?? DEFAULTS.camera } : own,
    create: () => openStoredPolicy(stored, cleanup),
  };
}

/**
 * Generated tracks that a dataset of the embedded simulator has beside its own: narrow ones, with tighter bends than any of
 * those for training. A learner that has seen none of that leaves the road in the first such bend that it meets.
 */
const NARROW_TRACKS = [
  ...['generated-1-w9-t1', 'generated-2-w9-t1', 'generated-3-w10-t1', 'generated-4-w9-t1', 'generated-5-w10-t0.8'],
  ...['generated-6-w9-t1', 'generated-7-l850-w9-t1', 'generated-8-l850-w8-t1', 'generated-9-l1000-w9-t1'],
  'generated-10-l850-w10-t1',
];

/** What is recorded where no tracks are asked for. */
export async function trainingTracks(simulator: SimulatorName): Promise<readonly string[]> {
  if (simulator === 'torcs') await requireTorcs();
  const source = simulator === 'embedded' ? 'own' : 'game';
  const library = await composeTrackLibrary();
  const tracks = library.list().filter((track) => track.source === source && track.split === 'train');
  const names = tracks.map(({ name }) => name);
  return simulator === 'embedded' ? [...names, ...NARROW_TRACKS] : names;
}
