import { InvalidFileError, NotFiniteError } from '../../core/index.ts';
import { type RecordedTransition, type Recording, verifyRecording } from '../../recordings/index.ts';
import { placeOf, type RecordingPlan } from './plan.ts';

/** What is known of an episode once all of its numbers were read. */
export interface ScannedEpisode {
  readonly episode: number;
  readonly frames: number;
  /** Whether its last row ended the task itself: nothing of worth follows. */
  readonly terminated: boolean;
}

/**
 * Reads every number of a recording before anything is learnt from it; pictures are held against their files' checksums
 * only.
 *
 * @throws InvalidFileError for a recording under way or damaged; NotFiniteError naming folder, episode, frame and field;
 *   DatasetMismatchError for an action that the learner cannot do
 */
export async function scanRecording(plan: RecordingPlan): Promise<readonly ScannedEpisode[]> {
  const { recording } = plan;
  const { problems } = await verifyRecording(recording.dir, { rows: false });
  const [problem] = problems;
  if (problem !== undefined) {
    throw new InvalidFileError(
      `Expected a sound recording in ${recording.dir}, got ${problem.file}: ${problem.kind}, ${problem.message}`,
    );
  }
  const scanned: ScannedEpisode[] = [];
  for (const { episode, frames } of recording.episodes) {
    let read = 0;
    let terminated = false;
    for await (const row of recording.transitions({ episode, pictures: false })) {
      requireFinite(recording, row);
      plan.action(row);
      terminated = row.terminated;
      read++;
    }
    if (read !== frames) {
      throw new InvalidFileError(
        `Expected ${frames} frames in episode ${episode} of ${recording.dir}, got ${read}; verify it`,
      );
    }
    scanned.push({ episode, frames, terminated });
  }
  return scanned;
}

function requireFinite(recording: Recording, row: RecordedTransition): void {
  const names = (key: string): readonly string[] => recording.info.features[key]?.names ?? [];
  const { state, action, expertAction, reward, sensors } = row;
  const fail = (field: string, value: number): never => {
    throw new NotFiniteError(
      `Expected finite numbers in a dataset, got ${value} in \`${field}\` of ${placeOf(recording, row)}`,
    );
  };
  const check = (key: string, values: Float32Array): void => {
    const entry = values.findIndex((value) => !Number.isFinite(value));
    if (entry >= 0) fail(`${key} (${names(key)[entry] ?? entry})`, values[entry]!);
  };
  check('observation.state', state);
  check('action', action);
  if (expertAction !== undefined) check('action.expert', expertAction);
  if (!Number.isFinite(reward)) fail('next.reward', reward);
  if (sensors === undefined) return;
  for (const [name, value] of Object.entries(sensors)) {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) fail(`observation.sensors (${name})`, value);
    } else if (Array.isArray(value)) {
      const entry = value.findIndex((item: number) => !Number.isFinite(item));
      if (entry >= 0) fail(`observation.sensors (${name}[${entry}])`, value[entry] as number);
    }
  }
}
