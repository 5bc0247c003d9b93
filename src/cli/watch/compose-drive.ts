import type { Simulator } from '../../../torcs-client/simulator.ts';
import type { Policy } from '../../core/index.ts';
import type { ClientMessage } from '../../dashboard/index.ts';
import type { DrivingEnvironment, DrivingInfo } from '../../environments/index.ts';
import { RecordingWriter } from '../../recordings/index.ts';
import type { Cleanup } from '../cleanup.ts';
import { CONTROL_RATE_HZ } from '../compose/control-rate.ts';
import { composeDriver, type DriverChoice } from '../compose/driver.ts';
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
  const open = (folder: string) => openRecording(folder, { environment, simulator, fps, driver: policy.name });
  return {
    environment,
    policy: choice === 'human' ? new ParkedDriver(new HumanAction(environment.actionSpace)) : policy,
    simulator,
    settings,
    recording: Number.isInteger(fps) ? open : undefined,
  };
}

interface Recorded {
  readonly environment: DrivingEnvironment;
  readonly simulator: Simulator;
  readonly fps: number;
  readonly driver: string;
}

/** A dataset of the same features as `drive --record` writes. */
function openRecording(folder: string, { environment, simulator, fps, driver }: Recorded): Promise<RecordingWriter> {
  const { rangeFinderAnglesDeg } = environment.options;
  const { width, height } = simulator.camera!;
  return RecordingWriter.open(
    {
      dir: folder,
      fps,
      stateNames: [...(environment.observationSpace.state.names ?? [])],
      actionNames: [...(environment.actionSpace.names ?? [])],
      driver,
      simulator: simulator.name,
      camera: { width, height },
      ...(rangeFinderAnglesDeg === undefined ? {} : { rangeFinderAnglesDeg }),
    },
    {
      picture: (_observation, info) => (info as DrivingInfo).frame?.data,
      tick: (info) => ({ tick: (info as DrivingInfo).tick, timeS: (info as DrivingInfo).timeS }),
    },
  );
}
