import type { CameraView } from '../../../torcs-client/simulator.ts';
import type { DrivingEnvironment, DrivingInfo } from '../../environments/index.ts';
import { RecordingWriter } from '../../recordings/index.ts';

export interface DrivesToRecord {
  /** Folder of the dataset. */
  readonly dir: string;
  readonly environment: DrivingEnvironment;
  /** Steps per second of simulated time. */
  readonly fps: number;
  /** Of the pictures in `info.frame`; none: no pictures. */
  readonly camera?: { readonly width: number; readonly height: number; readonly view: CameraView } | undefined;
  /** Default false. */
  readonly video?: boolean;
  /** For the episodes' metadata, where `info` of a reset does not say. */
  readonly driver?: string;
  readonly simulator?: string;
  /** What an expert would do at the observation at hand, to be recorded as its label. */
  readonly expertAction?: () => Float32Array | undefined;
}

/**
 * Opens a dataset for drives in an environment: its state, actions and reward, the sensors, and the camera's own pictures.
 * What `drive`, `record` and the live page write, so each can add to the others' datasets where the features are the same.
 *
 * @throws whatever `RecordingWriter.open` throws
 */
export function openRecording(options: DrivesToRecord): Promise<RecordingWriter> {
  const { dir, environment, fps, camera, video, driver, simulator, expertAction } = options;
  const { rangeFinderAnglesDeg, reward, rewardScale } = environment.options;
  return RecordingWriter.open(
    {
      dir,
      fps,
      stateNames: [...(environment.observationSpace.state.names ?? [])],
      actionNames: [...(environment.actionSpace.names ?? [])],
      expertAction: expertAction !== undefined,
      reward: { kind: reward, scale: rewardScale },
      ...(video === undefined ? {} : { video }),
      ...(driver === undefined ? {} : { driver }),
      ...(simulator === undefined ? {} : { simulator }),
      ...(rangeFinderAnglesDeg === undefined ? {} : { rangeFinderAnglesDeg }),
      ...(camera === undefined ? {} : { camera: { width: camera.width, height: camera.height, view: camera.view } }),
    },
    {
      picture: (_observation, info) => (info as DrivingInfo).frame?.data,
      tick: (info) => ({ tick: (info as DrivingInfo).tick, timeS: (info as DrivingInfo).timeS }),
      ...(expertAction === undefined ? {} : { expertAction }),
    },
  );
}
