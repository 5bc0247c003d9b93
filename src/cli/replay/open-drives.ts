import fs from 'node:fs';
import path from 'node:path';
import type { CameraView } from '../../../torcs-client/simulator.ts';
import { type Clock, InvalidFileError, UsageError } from '../../core/index.ts';
import type { Cleanup } from '../cleanup.ts';
import type { DriverChoice } from '../compose/driver.ts';
import type { SimulatorName } from '../compose/environment-settings.ts';
import type { Opponent } from '../flags.ts';
import type { FilmDrive } from './film-drive.ts';
import { openPolicyDrive } from './policy-drive.ts';
import { openRecordedDrive } from './recorded-drive.ts';

/** Who is filmed: a driver of ours, or the folder of a policy or a recording. */
export type ReplaySubject = DriverChoice;

/** Where and how to drive. */
export interface OpenOptions {
  /** Default `behind-far`. */
  readonly view?: CameraView | undefined;
  /** Default: the one that a policy was trained in, or `embedded`. */
  readonly simulator?: SimulatorName | undefined;
  /** Default: the first that a policy was trained on, or the simulator's own. */
  readonly track?: string | undefined;
  /** Default 1. */
  readonly laps?: number | undefined;
  /** Simulated seconds after which the drive ends. */
  readonly timeLimitS?: number | undefined;
  readonly startDistanceM?: number | undefined;
  /** Robots in the race. Default: none. */
  readonly opponents?: readonly Opponent[] | undefined;
  /** Of a recording. Default 0. */
  readonly episode?: number | undefined;
  /** Show a recording's own pictures, also where it can be driven again. Default false. */
  readonly recordedFrames?: boolean;
  /** Tell what moves the steering of policies that see. Default false. */
  readonly saliency?: boolean;
  readonly seed: number;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

type Size = Readonly<{ width: number; height: number }>;

/** Flags that only somebody who drives now heeds, and those that only a recording does. */
const DRIVING_FLAGS = {
  simulator: '--simulator',
  track: '--track',
  laps: '--laps',
  timeLimitS: '--time-limit',
  startDistanceM: '--start-distance',
  opponents: '--opponents',
  saliency: '--saliency',
} as const;
const RECORDING_FLAGS = { episode: '--episode', recordedFrames: '--recorded-frames' } as const;

/**
 * What is recorded is opened first: others drive where it was driven.
 *
 * @throws UsageError for options that concern none of the subjects, and for drives of two tracks
 */
export async function openDrives(
  subjects: readonly ReplaySubject[],
  options: OpenOptions,
  size: Size,
  cleanup: Cleanup,
): Promise<readonly FilmDrive[]> {
  if (subjects.every(isRecorded)) refuse(options, DRIVING_FLAGS, 'somebody who drives now, got a recording');
  if (!subjects.some(isRecorded)) refuse(options, RECORDING_FLAGS, 'a recording, got none');
  const opened = new Map<number, FilmDrive>();
  const order = [...subjects.keys()].sort(
    (a, b) => Number(isRecorded(subjects[b]!)) - Number(isRecorded(subjects[a]!)),
  );
  for (const i of order) {
    const [other] = opened.values();
    const { track = other?.track, simulator = other?.simulator } = options;
    const isOurs = simulator === 'embedded' || simulator === 'torcs';
    const drive = await openDrive(subjects[i]!, { ...options, track, simulator: isOurs ? simulator : undefined }, size);
    cleanup.add(() => drive.close());
    opened.set(i, drive);
    if (other !== undefined && other.track !== drive.track) {
      throw new UsageError(`Expected two drives of one track with --compare, got ${drive.track} and ${other.track}`);
    }
  }
  const drives = subjects.map((_, i) => opened.get(i)!);
  if (options.saliency && !drives.some(({ hasSaliency }) => hasSaliency)) {
    const drivers = drives.map(({ driver }) => driver).join(' and ');
    throw new UsageError(`Expected a policy that sees pictures with --saliency, got ${drivers}`);
  }
  return drives;
}

function refuse<Name extends keyof OpenOptions>(
  options: OpenOptions,
  flags: Readonly<Record<Name, string>>,
  expected: string,
): void {
  for (const name of Object.keys(flags) as Name[]) {
    if (options[name] === undefined || options[name] === false) continue;
    throw new UsageError(`Expected ${flags[name]} with ${expected}`);
  }
}

async function openDrive(subject: ReplaySubject, options: OpenOptions, size: Size): Promise<FilmDrive> {
  const { simulator, track, timeLimitS, startDistanceM, opponents, seed, log, signal, clock } = options;
  const { view = 'behind-far', laps = 1, episode = 0, recordedFrames = false, saliency = false } = options;
  const camera = { ...size, view, panels: false };
  if (typeof subject === 'object' && isRecorded(subject)) {
    const { folder } = subject;
    return openRecordedDrive({ folder, episode, camera, recordedFrames, log, signal, clock });
  }
  return openPolicyDrive({
    choice: subject,
    simulator,
    track,
    laps,
    timeLimitS,
    startDistanceM,
    opponents,
    seed,
    camera,
    saliency,
    signal,
    clock,
  });
}

/** A recording has its head in `meta`, or a journal when its process died. */
function isRecorded(subject: ReplaySubject): boolean {
  if (typeof subject === 'string') return false;
  const { folder } = subject;
  if (!fs.existsSync(folder)) {
    throw new InvalidFileError(`Expected the folder of a policy or of a recording, got ${folder}, which is not there`);
  }
  return ['meta', '.recording'].some((name) => fs.existsSync(path.join(folder, name)));
}
