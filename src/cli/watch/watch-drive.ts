import type { CameraFormat, Simulator } from '../../../torcs-client/simulator.ts';
import type { Clock, Policy } from '../../core/index.ts';
import type { DrivingEnvironment } from '../../environments/index.ts';
import type { SimulatorSettings } from '../compose/simulator.ts';
import { lookOn, type Watching } from './look-on.ts';
import { pictureSource } from './picture-source.ts';
import type { WatchChoice } from './watch-flags.ts';

/** The game's camera where only viewers want one. */
const CAMERA: CameraFormat = { width: 480, height: 320, view: 'behind', panels: false };

export interface WatchDriveOptions {
  readonly choice: WatchChoice;
  readonly environment: DrivingEnvironment;
  readonly simulator: Simulator;
  /** What the simulator was composed with. */
  readonly settings: SimulatorSettings;
  readonly policy: Policy;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly clock: Clock;
}

/** The camera that a simulator needs for viewers when nobody else asks for one; the embedded one shows without. */
export function cameraForViewers({ choice }: SimulatorSettings): CameraFormat | undefined {
  return choice.kind === 'torcs' ? CAMERA : undefined;
}

/** Opens the page of a drive, which goes at the pace of people until they ask for another. */
export function watchDrive(options: WatchDriveOptions): Promise<Watching> {
  const { choice, environment, simulator, settings, policy, log, signal, clock } = options;
  // What keeps its own pace must not be held to another.
  const keepsPace = settings.realTime === true || settings.choice.kind === 'scr';
  return lookOn({
    choice,
    mode: 'drive',
    title: `${policy.name} in the ${simulator.name} simulator`,
    driver: policy.name,
    environment,
    stack: 1,
    source: pictureSource(simulator, settings, 'behind'),
    speed: keepsPace ? 0 : 1,
    log,
    signal,
    clock,
  });
}
