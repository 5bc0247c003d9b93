import { driveMapPlot } from '../../plots/index.ts';
import { composeTrackLibrary } from '../compose/simulator.ts';
import { openDrives, type RecordedDrive, readDrive } from './read-drive.ts';
import { driveOn, roadOf } from './road.ts';
import { writePlot } from './write-plot.ts';

/** Lap times that the subtitle names. */
const MOST_LAPS = 4;

export interface PlotDriveOptions {
  /** Folder of a recording. */
  readonly recording: string;
  readonly episode: number;
  readonly out: string;
  readonly title: string | undefined;
}

/** Draws a recorded drive on its track's map. What `plot --json` prints. */
export async function plotDrive({ recording, episode: number, out, title }: PlotDriveOptions) {
  const drive = await readDrive(await openDrives(recording), number);
  const library = await composeTrackLibrary();
  const track = library.get(drive.episode.track);
  const map = {
    title: title ?? `${track.name}, ${drive.episode.driver}`,
    subtitle: subtitleOf(drive),
    road: roadOf(track),
    drive: driveOn(track, drive.steps),
  };
  const file = await writePlot(driveMapPlot(map), out);
  const speeds = drive.steps.map(({ speedKmh }) => speedKmh);
  return {
    ok: true,
    kind: 'drive',
    ...file,
    recording,
    episode: number,
    track: track.name,
    lapTimesS: drive.episode.lapTimesS,
    topSpeedKmh: speeds.reduce((most, speed) => Math.max(most, speed)),
  };
}

function subtitleOf({ episode: { simulator, lapTimesS, outcome }, steps }: RecordedDrive): string {
  const laps = lapTimesS.slice(0, MOST_LAPS).map((time) => time.toFixed(2));
  if (lapTimesS.length > MOST_LAPS) laps.push('…');
  const lapText = laps.length === 0 ? 'no whole lap' : `${laps.length === 1 ? 'lap' : 'laps'} of ${laps.join(', ')} s`;
  const durationS = steps.at(-1)!.timeS - steps[0]!.timeS;
  return `${simulator} simulator · ${lapText} · ${durationS.toFixed(1)} s driven · ${outcome}`;
}
