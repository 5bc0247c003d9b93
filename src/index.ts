/**
 * torcs-pilot as a library: simulators, environments, drivers, frames, recordings and films; engines that run networks, agents,
 * replay buffers and the training loop. What the command line does is made of these; `src/cli/compose`,
 * `src/cli/drive.ts` and `src/cli/train` show how they fit together.
 */
export * from '../torcs-client/index.ts';
export * from './agents/index.ts';
export * from './backend/index.ts';
export * from './core/index.ts';
export {
  Dashboard,
  DashboardFailedError,
  type DashboardListener,
  type DashboardOptions,
  DashboardUnavailableError,
} from './dashboard/index.ts';
export * from './environments/index.ts';
export * from './frames/index.ts';
export * from './plots/index.ts';
export * from './recordings/index.ts';
export * from './replay/index.ts';
export {
  DEFAULT_TRACK_NAME,
  drawTrack,
  EmbeddedSimulator,
  type EmbeddedSimulatorOptions,
  generateTrack,
  type OpponentDriver,
  type Track,
  TrackLibrary,
} from './simulator/index.ts';
export * from './training/index.ts';
export * from './video/index.ts';
