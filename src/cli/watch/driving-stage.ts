import type { CameraView, Simulator } from '../../../torcs-client/simulator.ts';
import type { Clock } from '../../core/index.ts';
import type { Dashboard, SessionTopic } from '../../dashboard/index.ts';
import type { DrivingEnvironment, DrivingInfo } from '../../environments/index.ts';
import { composeTrackLibrary, type SimulatorSettings } from '../compose/simulator.ts';
import type { LiveStatus } from './live-status.ts';
import type { PictureBudget } from './picture-budget.ts';
import { eyesShape, type PictureSource, pictureSource } from './picture-source.ts';
import { Presenter } from './presenter.ts';
import { telemetryOf } from './telemetry.ts';
import { trackMap } from './track-map.ts';

export interface DrivingStageOptions {
  readonly dashboard: Dashboard;
  readonly status: LiveStatus;
  readonly session: Omit<SessionTopic, 'type' | 'channels' | 'views'>;
  readonly environment: DrivingEnvironment;
  readonly simulator: Simulator;
  /** What the simulator was composed with. */
  readonly settings: SimulatorSettings;
  readonly view: CameraView;
  readonly budget: PictureBudget;
  readonly clock: Clock;
}

/** What shows a drive in this thread: a presenter, and the camera that it looks through. */
export interface DrivingStage {
  readonly presenter: Presenter;
  readonly source: PictureSource | undefined;
}

export async function drivingStage(options: DrivingStageOptions): Promise<DrivingStage> {
  const { dashboard, status, session, environment, simulator, settings, view, budget, clock } = options;
  const source = pictureSource(simulator, settings, view);
  const presenter = new Presenter({
    stage: dashboard,
    session: { ...session, views: source?.views ?? [] },
    telemetry: telemetryOf(environment, true),
    status,
    clock,
    budget,
    eyes: eyesShape(environment.observationSpace.pixels?.shape, 1),
    source,
    timeOf: (info) => (info as DrivingInfo).timeS,
    mapOf: await mapFinder(),
  });
  return { presenter, source };
}

/** Finds the map of a track by its name; null for one that is not known here, such as a foreign server's. */
export async function mapFinder(): Promise<(track: string) => ReturnType<typeof trackMap> | null> {
  const library = await composeTrackLibrary();
  return (track) => {
    try {
      return trackMap(library.get(track));
    } catch {
      return null; // The page goes without a map.
    }
  };
}
