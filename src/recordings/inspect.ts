import fs from 'node:fs';
import path from 'node:path';
import { listFiles } from '../core/files.ts';
import { openRecording } from './reader.ts';
import { hasJournal } from './seal.ts';

/** What a recording holds, at a glance. */
export interface RecordingSummary {
  readonly dir: string;
  readonly fps: number;
  readonly episodes: number;
  readonly frames: number;
  /** Simulated time at the nominal rate, s. */
  readonly durationS: number;
  /** Number of episodes by name. */
  readonly tracks: Readonly<Record<string, number>>;
  readonly drivers: Readonly<Record<string, number>>;
  readonly simulators: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Completed laps over all episodes, and the time of the fastest, s. */
  readonly laps: number;
  readonly bestLapS?: number;
  /** `float32 29`, `image 64x64x3`, … by feature. */
  readonly features: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** True when a journal lies there: under way, or to be repaired. */
  readonly unfinished: boolean;
}

/** @throws {@link InvalidFileError} when `dir` holds no readable dataset */
export async function inspectRecording(dir: string): Promise<RecordingSummary> {
  const { info, episodes } = await openRecording(dir);
  const count = (values: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
    return counts;
  };
  const lapTimesS = episodes.flatMap((episode) => episode.lapTimesS);
  return {
    dir,
    fps: info.fps,
    episodes: episodes.length,
    frames: info.total_frames,
    durationS: info.total_frames / info.fps,
    tracks: count(episodes.map(({ track }) => track)),
    drivers: count(episodes.map(({ driver }) => driver)),
    simulators: count(episodes.map(({ simulator }) => simulator)),
    outcomes: count(episodes.map(({ outcome }) => outcome)),
    laps: lapTimesS.length,
    ...(lapTimesS.length === 0 ? {} : { bestLapS: lapTimesS.reduce((best, time) => Math.min(best, time)) }),
    features: Object.fromEntries(
      Object.entries(info.features).map(([key, { dtype, shape }]) => [key, `${dtype} ${shape.join('x')}`]),
    ),
    bytes: listFiles(dir).reduce((sum, name) => sum + fs.statSync(path.join(dir, name)).size, 0),
    unfinished: hasJournal(dir),
  };
}
