import type { Simulator } from '../../../torcs-client/simulator.ts';
import type { Policy } from '../../core/index.ts';
import type { ClientMessage } from '../../dashboard/index.ts';
import type { DrivingEnvironment } from '../../environments/index.ts';
import type { Cleanup } from '../cleanup.ts';
import { CONTROL_RATE_HZ } from '../compose/control-rate.ts';
import { composeDriver, type DriverChoice } from '../compose/driver.ts';
import { openRecording } from '../compose/recording.ts';
import { composeSimulator, type SimulatorSettings } from '../compose/simulator.ts';
import type { OpenRecording } from './drive-recorder.ts';
import { HumanAction } from './human-action.ts';
import { ParkedDriver } from './wheel-policy.ts';

export type StartMessage = Extract<ClientMessage, { type: 'start' }>;

/** Everything that drives. */
export interface Drive {
  readonly environment: DrivingEnvironment;
  readonly policy: Policy;
  readonly simulator: Simulator;
  /** What the simulator was composed with. */
  readonly settings: SimulatorSettings;
  /** Begins a recording in a folder; undefined: what drives so cannot be recorded. */
  readonly recording: ((folder: string) => Promise<OpenRecording>) | undefined;
}

export interface DriveComposition {
  /** `human`: a car that stands until a person takes the wheel. */
  readonly choice: DriverChoice | 'human';
  readonly start: StartMessage;
  readonly seed: number;
}

/** Composes a drive without an end. What has to be taken down is added to `cleanup`. */
export async function composeDrive({ choice, start, seed }: DriveComposition, cleanup: Cleanup): Promise<Drive> {
  const driver = await composeDriver(choice === 'human' ? 'scripted' : choice);
  cleanup.add(() => driver.dispose());
  const camera = driver.camera ?? { ...start.camera, panels: false };
  const settings: SimulatorSettings = { choice: { kind: start.simulator }, track: start.track, camera };
  const simulator = await composeSimulator(settings);
  cleanup.add(() => simulator.close());
  const { environment, policy } = await driver.compose(simulator, seed, {
    laps: null,
    timeLimitS: null,
    offTrackLimit: null,
    damageLimit: null,
    noProgress: null,
    backwards: false,
    rawFrames: true,
    tracks: [start.track],
  });
  const fps = CONTROL_RATE_HZ / driver.actionRepeat;
  const open = (dir: string) =>
    openRecording({ dir, environment, fps, camera, driver: policy.name, simulator: simulator.name });
  return {
    environment,
    policy: choice === 'human' ? new ParkedDriver(new HumanAction(environment.actionSpace)) : policy,
    simulator,
    settings,
    recording: Number.isInteger(fps) ? open : undefined,
  };
}
