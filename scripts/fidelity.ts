/**
 * Compares the embedded simulator with real TORCS, and prints a table (needs `torcs-pilot torcs setup`):
 *
 *   npx tsx scripts/fidelity.ts                      open-loop controls, and lap times on every track of the game
 *   npx tsx scripts/fidelity.ts --tracks forza,dirt-1
 *   npx tsx scripts/fidelity.ts --driver simple      a proportional controller instead of the scripted driver
 *
 * The scripted driver learns the road and the grip while it drives, so a hit or a slide in one simulator changes all
 * its later laps there: read its lap times together with the damage. The simple driver has no memory: where the
 * scripted driver's laps differ by more than 3 %, its laps are printed too, and tell the simulator from the driver.
 */
import { parseArgs } from 'node:util';
import { ScriptedDriver } from '../src/agents/scripted/index.ts';
import { EmbeddedSimulator } from '../src/simulator/embedded-simulator.ts';
import { TrackLibrary } from '../src/simulator/track/library.ts';
import type { Track } from '../src/simulator/track/model.ts';
import { type Controls, DEFAULT_CONTROLS, NO_FOCUS } from '../torcs-client/controls.ts';
import type { Sensors } from '../torcs-client/sensors.ts';
import type { Simulator, SimulatorResetOptions } from '../torcs-client/simulator.ts';
import { TorcsSimulator } from '../torcs-client/torcs/simulator/index.ts';
import { requireTorcs } from '../torcs-client/torcs/status/status.ts';

/** Ticks of 20 s. */
const OPEN_LOOP_TICKS = 947;
/** Longest drive of the lap table, ticks. */
const MAX_LAP_TICKS = 80_000;
/** Largest difference of a lap time that counts as the same, %. */
const TOLERANCE_PERCENT = 3;
const STEER_LOCK_RAD = 0.366519;

interface Manoeuvre {
  readonly title: string;
  readonly reset: SimulatorResetOptions;
  readonly control: (tick: number) => Partial<Controls>;
}

const upshifts = (tick: number) => (tick < 112 ? 1 : tick < 220 ? 2 : 3);

/**
 * Controls that depend on the time alone, from standstill. A standing car trembles (a tyre's slip has no floor at rest,
 * in the game as here), so the directions in which two simulators drive off differ by some hundredths of a radian: the
 * straights are long, and start where neither car meets a barrier.
 */
const MANOEUVRES: readonly Manoeuvre[] = [
  {
    title: "straight, full throttle, to the third gear's limiter",
    reset: { track: 'forza', startDistanceM: 4045 },
    control: (tick) => ({ accel: 1, gear: upshifts(tick) }),
  },
  {
    title: 'the same on a straight with hills',
    reset: { track: 'e-track-2', startDistanceM: 5175 },
    control: (tick) => ({ accel: 1, gear: upshifts(tick) }),
  },
  {
    title: 'straight, half throttle, second gear, braking at the end',
    reset: { track: 'street-1', startDistanceM: 2000 },
    control: (tick) => (tick < 890 ? { accel: 0.5, gear: tick < 112 ? 1 : 2 } : { brake: 0.4, gear: 2 }),
  },
  {
    title: 'through a bend: first gear, wheel turned from 4 s to 7 s',
    reset: { track: 'michigan', startDistanceM: 800 },
    control: (tick) => ({ accel: 0.3, gear: 1, steer: tick > 190 && tick < 330 ? 0.03 : 0 }),
  },
];

async function openLoop(simulator: Simulator, manoeuvre: Manoeuvre): Promise<Sensors> {
  let sensors = await simulator.reset(manoeuvre.reset);
  for (let tick = 0; tick < OPEN_LOOP_TICKS; tick++) {
    sensors = await simulator.step({ ...DEFAULT_CONTROLS, focus: NO_FOCUS, ...manoeuvre.control(tick) });
  }
  return sensors;
}

type DriveFunction = (sensors: Sensors) => Controls;

function simpleDriver({ angle, gear, rpm, speedX, track, trackPos }: Sensors): Controls {
  const ahead = track[9] ?? 0;
  const target = ahead < 0 ? 40 : Math.min(250, 50 + 1.6 * ahead);
  const steer = (1.2 * angle - 0.3 * trackPos) / STEER_LOCK_RAD;
  return {
    ...DEFAULT_CONTROLS,
    accel: Math.max(0, Math.min(1, (target - speedX) / 10)),
    brake: Math.max(0, Math.min(0.5, (speedX - target - 5) / 40)),
    gear: gear <= 0 ? 1 : rpm > 9000 && gear < 6 ? gear + 1 : rpm < 4500 && gear > 1 ? gear - 1 : gear,
    steer: Math.max(-1, Math.min(1, steer)),
    focus: NO_FOCUS,
  };
}

interface Laps {
  readonly times: readonly number[];
  readonly damage: number;
}

/** Where the lap table's cars start, before the line, m: in both simulators in the middle of the road. */
const RUN_UP_M = 100;

/** Times of the first two laps. */
async function twoLaps(
  simulator: Simulator,
  track: Track,
  drive: DriveFunction,
  angles?: readonly number[],
): Promise<Laps> {
  const startDistanceM = track.lengthM - RUN_UP_M;
  let sensors = await simulator.reset({
    track: track.name,
    startDistanceM,
    ...(angles === undefined ? {} : { rangeFinderAnglesDeg: angles }),
  });
  const times: number[] = [];
  for (let tick = 0; tick < MAX_LAP_TICKS && times.length < 2 && !simulator.raceOver; tick++) {
    const before = sensors;
    sensors = await simulator.step(drive(sensors));
    if (sensors.curLapTime < before.curLapTime && sensors.lastLapTime > 0) times.push(sensors.lastLapTime);
  }
  return { times, damage: sensors.damage };
}

const percent = (ours: number, game: number) => ((ours - game) / game) * 100;
const signed = (difference: number) => difference.toFixed(2);

interface Comparison {
  readonly track: string;
  readonly game: Laps;
  readonly ours: Laps;
  /** Of each of the two laps, %; undefined where one of them was not driven. */
  readonly differences: readonly (number | undefined)[];
}

interface Pair {
  readonly library: TrackLibrary;
  readonly torcs: Simulator;
  readonly embedded: Simulator;
}

async function compare({ library, torcs, embedded }: Pair, driver: string, name: string): Promise<Comparison> {
  const track = library.get(name);
  const run = (simulator: Simulator): Promise<Laps> => {
    if (driver === 'simple') return twoLaps(simulator, track, simpleDriver);
    const scripted = new ScriptedDriver();
    return twoLaps(simulator, track, (sensors) => scripted.drive(sensors), scripted.rangeFinderAnglesDeg);
  };
  const game = await run(torcs);
  const ours = await run(embedded);
  const differences = [0, 1].map((lap) => {
    const [there, here] = [game.times[lap], ours.times[lap]];
    return there === undefined || here === undefined ? undefined : percent(here, there);
  });
  return { track: name, game, ours, differences };
}

function printLapTable(driver: string, comparisons: readonly Comparison[]): void {
  console.log(`\nLap times of the ${driver} driver: standing start, then flying\n`);
  console.log(
    '| track | lap 1, game s | embedded s | diff % | lap 2, game s | embedded s | diff % | damage, game | embedded |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const { track, game, ours, differences } of comparisons) {
    const cells = differences.flatMap((difference, lap) => [
      game.times[lap]?.toFixed(3) ?? 'none',
      ours.times[lap]?.toFixed(3) ?? 'none',
      difference === undefined ? '' : signed(difference),
    ]);
    console.log(`| ${[track, ...cells, game.damage, ours.damage].join(' | ')} |`);
  }
  for (const [lap, title] of ['standing', 'flying'].entries()) {
    const known = comparisons.map(({ differences }) => differences[lap]).filter((one) => one !== undefined);
    const within = known.filter((difference) => Math.abs(difference) <= TOLERANCE_PERCENT).length;
    console.log(
      `${lap === 0 ? '\n' : ''}${title} lap: ${within} of ${comparisons.length} within ${TOLERANCE_PERCENT} %`,
    );
  }
}

function isFar({ differences }: Comparison): boolean {
  return differences.some((difference) => difference === undefined || Math.abs(difference) > TOLERANCE_PERCENT);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tracks: { type: 'string' },
      driver: { type: 'string', default: 'scripted' },
    },
  });
  const build = await requireTorcs();
  const library = new TrackLibrary({ gameDataFolder: build.dataFolder });
  const embedded = new EmbeddedSimulator({ loadTrack: (name) => library.get(name), track: 'g-track-1' });
  const torcs = await TorcsSimulator.launch({ build });
  const pair = { library, torcs, embedded };
  const game = library.list().filter(({ source }) => source === 'game');
  const tracks = values.tracks?.split(',') ?? game.map(({ name }) => name);
  try {
    console.log('Open-loop controls for 20 s from standstill\n');
    console.log(
      '| manoeuvre | track | distance, game m | embedded m | diff % | speed, game km/h | embedded | diff % |',
    );
    console.log('|---|---|---|---|---|---|---|---|');
    for (const manoeuvre of MANOEUVRES) {
      const there = await openLoop(torcs, manoeuvre);
      const here = await openLoop(embedded, manoeuvre);
      const cells = (['distRaced', 'speedX'] as const).flatMap((key) => [
        there[key].toFixed(2),
        here[key].toFixed(2),
        signed(percent(here[key], there[key])),
      ]);
      console.log(`| ${[manoeuvre.title, manoeuvre.reset.track, ...cells].join(' | ')} |`);
    }
    const comparisons: Comparison[] = [];
    for (const track of tracks) comparisons.push(await compare(pair, values.driver, track));
    printLapTable(values.driver, comparisons);
    const far = comparisons.filter(isFar);
    if (values.driver === 'simple' || far.length === 0) return;
    const simple: Comparison[] = [];
    for (const { track } of far) simple.push(await compare(pair, 'simple', track));
    printLapTable('simple', simple);
  } finally {
    await torcs.close();
    await embedded.close();
  }
}

await main();
