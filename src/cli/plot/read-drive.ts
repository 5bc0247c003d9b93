import { InvalidArgumentError, InvalidFileError } from '../../core/index.ts';
import { openRecording, type RecordedEpisode, type Recording } from '../../recordings/index.ts';

/** One step of a recorded drive: what was sensed, and what was done then. */
export interface DriveStep {
  /** Simulated time since the race started, s. */
  readonly timeS: number;
  /** From the start line along the centre line, m; 0 to the track's length. */
  readonly distFromStart: number;
  readonly trackPos: number;
  readonly speedKmh: number;
  /** NaN where the actions are of another kind. */
  readonly steer: number;
  readonly accelerate: number;
  readonly brake: number;
}

export interface RecordedDrive {
  readonly dir: string;
  readonly episode: RecordedEpisode;
  readonly steps: readonly DriveStep[];
}

/** @throws InvalidFileError when there is no sound recording of drives in the folder */
export async function openDrives(dir: string): Promise<Recording> {
  const recording = await openRecording(dir);
  if (recording.info.features['observation.sensors'] === undefined) {
    throw new InvalidFileError(
      `Expected a recording with sensors in ${dir}, got one without: places are not known (a recording of a driver has them)`,
    );
  }
  return recording;
}

/** @throws InvalidArgumentError when there is no such episode */
export async function readDrive(recording: Recording, number: number): Promise<RecordedDrive> {
  const { dir, episodes, info } = recording;
  const episode = episodes[number];
  if (episode === undefined) {
    throw new InvalidArgumentError(`Expected an episode from 0 to ${episodes.length - 1} of ${dir}, got ${number}`);
  }
  const names = info.features['action']?.names ?? [];
  const entry = (action: Float32Array, name: string) => action[names.indexOf(name)] ?? Number.NaN;
  const steps: DriveStep[] = [];
  for await (const { sensors, action, tickTimeS } of recording.transitions({ episode: number, pictures: false })) {
    const { distFromStart, trackPos, speedX } = sensors!;
    const pedal = entry(action, 'pedal');
    const hasPedal = !Number.isNaN(pedal);
    steps.push({
      timeS: tickTimeS,
      distFromStart,
      trackPos,
      speedKmh: speedX,
      steer: entry(action, 'steer'),
      accelerate: hasPedal ? Math.max(0, pedal) : entry(action, 'accelerate'),
      brake: hasPedal ? Math.max(0, -pedal) : entry(action, 'brake'),
    });
  }
  if (steps.length < 2)
    throw new InvalidFileError(`Expected a drive of at least two steps in ${dir}, got ${steps.length}`);
  return { dir, episode, steps };
}
