import type { TorcsBuild } from '../build/build-store.ts';
import { TorcsGameError } from './errors.ts';
import { steadyControls } from './steady-driver.ts';
import { TorcsSimulator } from './torcs-simulator.ts';

/** The game's shortest track with asphalt all the way: a lap takes about a second of the wall clock. */
const TRACK = 'g-track-1';
/** The lap takes some 5600 ticks. */
const MOST_TICKS = 20_000;

/**
 * Drives one lap with a build: the proof that the game, the robot and the runner work together.
 * @throws TorcsGameError when the car does not get round; else what {@link TorcsSimulator} throws
 */
export async function driveProofLap(
  build: TorcsBuild,
): Promise<{ readonly track: string; readonly lapTimeS: number; readonly ticks: number }> {
  const simulator = await TorcsSimulator.launch({ build });
  try {
    let sensors = await simulator.reset({ track: TRACK });
    while (sensors.lastLapTime === 0 && !simulator.raceOver && simulator.tick < MOST_TICKS) {
      sensors = await simulator.step(steadyControls(sensors));
    }
    if (sensors.lastLapTime === 0) {
      throw new TorcsGameError(
        `Expected a lap of ${TRACK} within ${MOST_TICKS} ticks, got ${sensors.distRaced.toFixed(0)} m in ${simulator.tick}`,
      );
    }
    return { track: TRACK, lapTimeS: sensors.lastLapTime, ticks: simulator.tick };
  } finally {
    await simulator.close();
  }
}
