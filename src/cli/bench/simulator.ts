import { type Controls, NO_FOCUS } from '../../../torcs-client/controls.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';
import { EmbeddedSimulator } from '../../simulator/embedded-simulator.ts';

export interface BenchSimulatorOptions {
  /** How long each of the measurements of speed takes, s. Default 5. */
  readonly seconds?: number;
  /** Takes one line of text at a time. */
  readonly log: (line: string) => void;
}

export interface TickRate {
  readonly track: string;
  readonly ticksPerS: number;
  /** Laps that the driver completed meanwhile. */
  readonly laps: number;
}

export interface BenchSimulatorResult {
  /** The slowest of the tracks. */
  readonly ticksPerS: number;
  readonly tracks: readonly TickRate[];
  readonly picturesPerS: number;
  readonly resetMs: number;
  readonly saveStateMs: number;
  readonly restoreStateMs: number;
}

/** Flat and fast, hilly, and on dirt. */
const TRACKS = ['harbour-oval', 'eagle-pass', 'clay-pit'] as const;
const PICTURE_SIZE = 64;
/** Ticks between two looks at the clock. */
const BATCH = 500;
/** car1-trb1's steer lock, rad. */
const STEER_LOCK_RAD = 0.366519;

/** Measures the embedded simulator on one core, with all sensors read at every tick of a car that drives laps. */
export async function benchSimulator(options: BenchSimulatorOptions): Promise<BenchSimulatorResult> {
  const { seconds = 5, log } = options;
  const tracks = TRACKS.map((track) => {
    const rate = measureTicks(track, seconds);
    log(`ticks on ${track.padEnd(22)}${rate.ticksPerS.toFixed(0)}/s, ${rate.laps} laps`);
    return rate;
  });
  const picturesPerS = measurePictures(TRACKS[1], seconds);
  log(`pictures ${PICTURE_SIZE}x${PICTURE_SIZE}                 ${picturesPerS.toFixed(0)}/s, a tick driven for each`);

  const simulator = new EmbeddedSimulator({ track: TRACKS[1] });
  drive(simulator, simulator.resetSync(), 1000);
  const resetMs = median(50, () => simulator.resetSync());
  drive(simulator, simulator.resetSync(), 1000);
  const state = simulator.saveState();
  const saveStateMs = median(200, () => simulator.saveState());
  const restoreStateMs = median(50, () => simulator.restoreState(state));
  log(
    `reset ${resetMs.toFixed(2)} ms, save a state ${saveStateMs.toFixed(3)} ms, restore one ${restoreStateMs.toFixed(2)} ms`,
  );
  const ticksPerS = Math.min(...tracks.map((rate) => rate.ticksPerS));
  return { ticksPerS, tracks, picturesPerS, resetMs, saveStateMs, restoreStateMs };
}

/** A driver that laps any road: follows the middle, as fast as the view ahead allows. */
function followRoad({ angle, gear, rpm, speedX, track, trackPos }: Sensors): Controls {
  const ahead = track[9] ?? 0;
  const target = ahead < 0 ? 30 : Math.min(200, 35 + 1.2 * ahead);
  const steer = (1.2 * angle - 0.3 * trackPos) / STEER_LOCK_RAD;
  return {
    accel: Math.max(0, Math.min(1, (target - speedX) / 15)),
    brake: Math.max(0, Math.min(0.4, (speedX - target - 5) / 40)),
    clutch: 0,
    gear: gear <= 0 ? 1 : rpm > 9000 && gear < 6 ? gear + 1 : rpm < 4000 && gear > 1 ? gear - 1 : gear,
    steer: Math.max(-1, Math.min(1, steer)),
    focus: NO_FOCUS,
    restart: false,
  };
}

function drive(
  simulator: EmbeddedSimulator,
  first: Sensors,
  ticks: number,
  each?: (sensors: Sensors) => void,
): Sensors {
  let sensors = first;
  for (let i = 0; i < ticks; i++) {
    sensors = simulator.raceOver ? simulator.resetSync() : simulator.stepSync(followRoad(sensors));
    each?.(sensors);
  }
  return sensors;
}

function measureTicks(track: string, seconds: number): TickRate {
  const simulator = new EmbeddedSimulator({ track });
  let laps = 0;
  let lapTime = 0;
  const count = (one: Sensors) => {
    if (one.curLapTime < lapTime && one.lastLapTime > 0) laps++;
    lapTime = one.curLapTime;
  };
  // The first laps warm the compiler up.
  let sensors = drive(simulator, simulator.resetSync({ fuel: false }), 5000);
  let ticks = 0;
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < seconds * 1000) {
    sensors = drive(simulator, sensors, BATCH, count);
    ticks += BATCH;
    elapsed = performance.now() - start;
  }
  return { track, ticksPerS: (ticks / elapsed) * 1000, laps };
}

function measurePictures(track: string, seconds: number): number {
  const camera = { width: PICTURE_SIZE, height: PICTURE_SIZE, view: 'road', panels: false } as const;
  const simulator = new EmbeddedSimulator({ track, camera });
  const pixels = new Uint8Array(PICTURE_SIZE * PICTURE_SIZE * 3);
  let sensors = drive(simulator, simulator.resetSync({ fuel: false }), 500, () => simulator.renderCameraSync(pixels));
  let pictures = 0;
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < seconds * 1000) {
    sensors = drive(simulator, sensors, 100, () => simulator.renderCameraSync(pixels));
    pictures += 100;
    elapsed = performance.now() - start;
  }
  return (pictures / elapsed) * 1000;
}

/** Median wall time of one call, ms. */
function median(calls: number, run: () => unknown): number {
  const times = Array.from({ length: calls }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[calls >> 1]!;
}
