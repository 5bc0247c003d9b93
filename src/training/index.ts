export type { ActingAgent } from './acting.ts';
export * from './errors.ts';
export { type ActionFigures, type EvaluateOptions, type Evaluation, evaluate } from './evaluation.ts';
export { ConsoleLogger, type ConsoleLoggerOptions } from './loggers/index.ts';
export * from './loop.ts';
export type {
  LogRecord,
  ObserverCheckpoint,
  TrainingEnd,
  TrainingObserver,
  TrainingOutcome,
  TrainingProgress,
  TrainingStart,
} from './observer.ts';
export type { EvaluationParts, TrainingSettings, TrainOptions } from './options.ts';
export { trainingSettingsSchema } from './options.ts';
export { runFiles } from './run-folder.ts';
export { type TrainingResult, train } from './train.ts';
export type { TransitionSource } from './transition-source.ts';
export {
  createEnvironment,
  type EnvironmentDescription,
  type EnvironmentGroup,
  InProcessGroup,
  WorkerGroup,
} from './workers/index.ts';
