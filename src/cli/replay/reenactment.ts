import type { Sensors } from '../../../torcs-client/sensors.ts';
import type { Simulator } from '../../../torcs-client/simulator.ts';
import type { Policy } from '../../core/index.ts';
import { DrivingEnvironment, type DrivingOptions } from '../../environments/index.ts';
import { SCALAR_SENSORS } from '../../recordings/index.ts';
import { CONTROL_RATE_HZ } from '../compose/control-rate.ts';
import { actionKindOf } from '../dataset/actions.ts';
import type { EpisodeRows } from './recorded-episode.ts';

/** How a recorded drive is driven again. */
export interface Reenactment {
  readonly options: DrivingOptions;
  /** Where it started, m from the start line; null: the starting grid. */
  readonly startDistanceM: number | null;
}

/** The action kind and how long actions hold; undefined for actions that are not ours. */
export function actionsOf(rows: EpisodeRows): Pick<DrivingOptions, 'actions' | 'actionRepeat'> | undefined {
  const actions = actionKindOf(rows.actionNames);
  const actionRepeat = CONTROL_RATE_HZ / rows.recording.info.fps;
  return actions === undefined || !Number.isInteger(actionRepeat) ? undefined : { actions, actionRepeat };
}

/**
 * Looks for a start and rules with which the recorded actions give the recorded sensors, all of them, to the last bit that
 * a recording keeps. A recording names neither; there are few.
 *
 * @param simulator any of the recorded kind, without a camera for speed
 * @returns undefined when nothing gives the same drive: other cars, another car, a start that is not known
 */
export async function findReenactment(rows: EpisodeRows, simulator: Simulator): Promise<Reenactment | undefined> {
  const actions = actionsOf(rows);
  if (actions === undefined) return undefined;
  for (const startDistanceM of await startsOf(rows, simulator)) {
    for (const damage of [true, false]) {
      for (const fuel of [true, false]) {
        const options = {
          ...actions,
          damage,
          fuel,
          start: startDistanceM ?? ('grid' as const),
          tracks: [rows.episode.track],
          laps: null,
          timeLimitS: null,
          offTrackLimit: null,
          backwards: false,
          noProgress: null,
        };
        if (await isSame(rows, new DrivingEnvironment({ simulator, options }))) return { options, startDistanceM };
      }
    }
  }
  return undefined;
}

/** The recorded actions, one after the other. */
export function recordedPolicy({ episode, actions }: EpisodeRows): Policy {
  let step = 0;
  return {
    name: episode.driver,
    reset() {
      step = 0;
    },
    act: () => actions[step++]!,
  };
}

/** Starts at which the first sensors are the recorded ones: the grid, whole metres, and just where the car stood. */
async function startsOf(rows: EpisodeRows, simulator: Simulator): Promise<readonly (number | null)[]> {
  const first = rows.sensors[0]!;
  const { distFromStart } = first;
  const found: (number | null)[] = [];
  for (const start of [null, Math.round(distFromStart), distFromStart]) {
    if (start !== null && start >= (simulator.track?.lengthM ?? Number.POSITIVE_INFINITY)) continue;
    const { track } = rows.episode;
    const sensors = await simulator.reset(start === null ? { track } : { track, startDistanceM: start });
    // How much fuel is in the car, and what it did before, is judged later.
    if (Math.fround(sensors.distFromStart) === distFromStart && Math.fround(sensors.trackPos) === first.trackPos) {
      found.push(start);
    }
  }
  return found;
}

async function isSame(rows: EpisodeRows, environment: DrivingEnvironment): Promise<boolean> {
  let { observation } = await environment.reset();
  for (const [i, action] of rows.actions.entries()) {
    if (!matches(observation.sensors!, rows.sensors[i]!)) return false;
    ({ observation } = await environment.step(action));
  }
  return true;
}

/** Recordings keep single precision. */
function matches(now: Sensors, recorded: Sensors): boolean {
  return (
    SCALAR_SENSORS.every((key) => Object.is(Math.fround(now[key]), Math.fround(recorded[key]))) &&
    now.wheelSpinVel.every((spin, i) => Object.is(Math.fround(spin), Math.fround(recorded.wheelSpinVel[i]!)))
  );
}
