import { InvalidFileError } from '../../core/index.ts';
import { type ComparedLap, gapOf, lapComparisonPlot } from '../../plots/index.ts';
import type { Recording } from '../../recordings/index.ts';
import { composeTrackLibrary } from '../compose/simulator.ts';
import { type DrivenLap, lapsOf } from './laps.ts';
import { openDrives, readDrive } from './read-drive.ts';
import { writePlot } from './write-plot.ts';

export interface PlotAgainstOptions {
  /** Folders of two recordings, or twice the same. */
  readonly recordings: readonly [string, string];
  /** Episodes of the two; undefined: the one with the fastest lap. */
  readonly episodes: readonly [number | undefined, number | undefined];
  readonly out: string;
  readonly title: string | undefined;
}

/** The fastest whole lap of an episode, or of a recording. */
interface FastestLap extends DrivenLap {
  readonly dir: string;
  readonly episode: number;
  readonly track: string;
  readonly driver: string;
}

/** Draws two recorded laps against each other. What `plot --json` prints. */
export async function plotAgainst({ recordings, episodes, out, title }: PlotAgainstOptions) {
  const opened = [await openDrives(recordings[0]), await openDrives(recordings[1])] as const;
  const first = await fastestLap(opened[0], episodes[0]);
  const second = await fastestLap(opened[1], episodes[1], first.track);
  if (first.track !== second.track) {
    throw new InvalidFileError(
      `Expected two laps of the same track, got ${first.track} in ${first.dir} and ${second.track} in ${second.dir}: choose episodes with --episode`,
    );
  }
  const laps = [labelled('A', first), labelled('B', second)] as const;
  const subtitle = 'each the fastest whole lap, timed from line to line; gap: how much later B is there';
  const file = await writePlot(lapComparisonPlot(...laps, title ?? `Two laps of ${first.track}`, subtitle), out);
  return {
    ok: true,
    kind: 'against',
    ...file,
    track: first.track,
    laps: [first, second].map(({ dir, episode, driver, timeS }) => ({ recording: dir, episode, driver, timeS })),
    gapS: gapOf(...laps).at(-1)!.gapS,
  };
}

function labelled(name: string, { driver, timeS, samples }: FastestLap): ComparedLap {
  return { label: `${name}: ${driver}, ${timeS.toFixed(2)} s`, samples };
}

/** @param track where several episodes have laps, one on this track goes before */
async function fastestLap(recording: Recording, episode?: number, track?: string): Promise<FastestLap> {
  const library = await composeTrackLibrary();
  const { dir, episodes } = recording;
  const onTrack = episodes.filter((one) => track === undefined || one.track === track);
  const looked =
    episode === undefined ? (onTrack.length > 0 ? onTrack : episodes).map((one) => one.episode) : [episode];
  let fastest: FastestLap | undefined;
  for (const number of looked) {
    const drive = await readDrive(recording, number);
    const { lengthM, name } = library.get(drive.episode.track);
    for (const lap of lapsOf(drive.steps, lengthM)) {
      if (fastest !== undefined && fastest.timeS <= lap.timeS) continue;
      fastest = { ...lap, dir, episode: number, track: name, driver: drive.episode.driver };
    }
  }
  if (fastest !== undefined) return fastest;
  const where = episode === undefined ? dir : `episode ${episode} of ${dir}`;
  throw new InvalidFileError(`Expected a whole lap, from the start line to the start line, in ${where}, got none`);
}
