/**
 * torcs-pilot as a library: simulators, the driving environment, drivers, frames and recordings. What the command line
 * does is made of these; `src/cli/compose` and `src/cli/drive.ts` show how they fit together.
 */
export * from '../torcs-client/index.ts';
export * from './agents/index.ts';
export * from './core/index.ts';
export * from './environments/index.ts';
export * from './frames/index.ts';
export * from './recordings/index.ts';
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
export * from './training/loop.ts';
