/**
 * Prints the scripted driver's lap table on all tracks of the game, beside the best of the game's own robots:
 *
 *     npx tsx scripts/lap-table.ts [--simulator torcs|embedded] [--laps 3] [--tracks a,b] [--jobs 2]
 *
 * Each track is one race of so many laps from a standing start, damage and fuel on, alone. Both simulators need an
 * installed TORCS for its tracks; `torcs` also needs `npx torcs-pilot torcs setup`. Jobs are processes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ScriptedDriver } from '../src/agents/index.ts';
import { UsageError } from '../src/core/errors.ts';
import { DrivingEnvironment, type DrivingInfo } from '../src/environments/index.ts';
import { EmbeddedSimulator } from '../src/simulator/index.ts';
import { TrackLibrary } from '../src/simulator/track/index.ts';
import { runEpisodes } from '../src/training/loop.ts';
import type { Simulator } from '../torcs-client/simulator.ts';
import { TorcsSimulator } from '../torcs-client/torcs/simulator/index.ts';
import { requireTorcs, surveyTorcs } from '../torcs-client/torcs/status/status.ts';
import { ratioToRobot, robotLaps } from './support/robot-laps.ts';

/** A car that gained less than this in that time has given up. */
const NO_PROGRESS = { distanceM: 5, windowS: 60 };

/** Sent to a worker in the place of a track when there is none left. */
const NO_MORE = '';

interface Row {
  readonly track: string;
  readonly lapTimesS: readonly number[];
  readonly damage: number;
  readonly outcome: string;
}

interface Settings {
  readonly simulator: string;
  readonly laps: number;
}

const script = fileURLToPath(import.meta.url);

async function openSimulator(name: string): Promise<Simulator> {
  if (name === 'torcs') return TorcsSimulator.launch({ build: await requireTorcs() });
  const { dataFolder } = (await surveyTorcs()).installation;
  if (dataFolder === undefined) throw new UsageError('Expected an installed TORCS, whose tracks are driven; got none');
  const library = new TrackLibrary({ gameDataFolder: dataFolder });
  return new EmbeddedSimulator({ loadTrack: (track) => library.get(track) });
}

async function race(environment: DrivingEnvironment, driver: ScriptedDriver, track: string): Promise<Row> {
  const [summary] = await runEpisodes({
    environment,
    policy: driver,
    resetOptions: () => ({ seed: 0, options: { track } }),
  });
  const info = summary!.info as DrivingInfo;
  const outcome = info.reason === 'laps-done' ? 'finished' : (info.reason ?? 'cut');
  return { track, lapTimesS: info.lapTimesS, damage: info.damage, outcome };
}

/** A worker drives the tracks that it is sent, one after another. */
async function work(settings: Settings): Promise<void> {
  const driver = new ScriptedDriver();
  const environment = new DrivingEnvironment({
    simulator: await openSimulator(settings.simulator),
    options: {
      actions: 'controls',
      laps: settings.laps,
      timeLimitS: null,
      offTrackLimit: null,
      backwards: false,
      noProgress: NO_PROGRESS,
      rangeFinderAnglesDeg: [...driver.rangeFinderAnglesDeg],
    },
  });
  process.on('message', async (track: string) => {
    if (track === NO_MORE) {
      await environment.close();
      process.disconnect();
      return;
    }
    process.send!(await race(environment, driver, track));
  });
  process.send!('ready');
}

/** Hands tracks to workers as they become free. */
function raceAll(tracks: readonly string[], settings: Settings, jobs: number): Promise<Row[]> {
  const waiting = [...tracks];
  const rows: Row[] = [];
  const workers: ChildProcess[] = [];
  return new Promise((resolve, reject) => {
    let running = jobs;
    for (let job = 0; job < jobs; job++) {
      const worker = fork(script, ['--worker', '--simulator', settings.simulator, '--laps', String(settings.laps)]);
      workers.push(worker);
      worker.on('message', (message: Row | 'ready') => {
        if (message !== 'ready') {
          rows.push(message);
          process.stderr.write(`${rows.length}/${tracks.length} ${message.track}\n`);
        }
        worker.send(waiting.shift() ?? NO_MORE);
      });
      worker.on('exit', (code) => {
        running--;
        if (code !== 0) {
          for (const other of workers) other.kill();
          reject(new Error(`Expected a worker to end well, got exit code ${code}; its error is above`));
        } else if (running === 0) resolve(rows);
      });
    }
  });
}

function print(rows: readonly Row[], settings: Settings): void {
  console.log(`Scripted driver, simulator ${settings.simulator}, ${settings.laps} laps from a standing start.`);
  console.log('| track | best lap s | laps s | best robot s | ratio | damage | outcome |');
  console.log('|---|---|---|---|---|---|---|');
  const ratios: number[] = [];
  for (const { track, lapTimesS, damage, outcome } of [...rows].sort((a, b) => a.track.localeCompare(b.track))) {
    const robot = robotLaps.tracks[track];
    const best = lapTimesS.length === 0 ? undefined : Math.min(...lapTimesS);
    const ratio = ratioToRobot(track, best);
    if (ratio !== undefined) ratios.push(ratio);
    const robotCell = robot === undefined ? '' : `${robot.bestLapS.toFixed(2)} ${robot.robot}`;
    const laps = lapTimesS.map((time) => time.toFixed(2)).join(' ');
    const cells = [track, best?.toFixed(2) ?? '', laps, robotCell, ratio?.toFixed(3) ?? '', damage, outcome];
    console.log(`| ${cells.join(' | ')} |`);
  }
  const within = (limit: number) => ratios.filter((ratio) => ratio <= limit).length;
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const finished = rows.filter(({ outcome }) => outcome === 'finished').length;
  const lapped = rows.filter(({ lapTimesS }) => lapTimesS.length > 0).length;
  console.log(`\nTracks ${rows.length}, lapped ${lapped}, all laps finished ${finished}.`);
  console.log(
    `Best lap within 1.35 x the best robot: ${within(1.35)}; within 1.10: ${within(1.1)}; mean ratio ${mean.toFixed(3)}.`,
  );
  console.log(`Robots: ${robotLaps.provenance}`);
}

const { values } = parseArgs({
  options: {
    simulator: { type: 'string', default: 'torcs' },
    laps: { type: 'string', default: '3' },
    tracks: { type: 'string' },
    jobs: { type: 'string', default: String(Math.min(4, availableParallelism())) },
    worker: { type: 'boolean', default: false },
  },
});
const settings: Settings = { simulator: values.simulator, laps: Number(values.laps) };
if (!['torcs', 'embedded'].includes(settings.simulator)) {
  throw new UsageError(`Expected \`--simulator\` to be torcs or embedded, got ${settings.simulator}`);
}
if (values.worker) {
  await work(settings);
} else {
  const tracks = values.tracks?.split(',') ?? Object.keys(robotLaps.tracks);
  const jobs = Math.max(1, Math.min(tracks.length, Number(values.jobs)));
  print(await raceAll(tracks, settings, jobs), settings);
}
