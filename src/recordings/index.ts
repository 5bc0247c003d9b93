export * from './errors.ts';
export { SENSOR_NAMES } from './features.ts';
export type { DatasetInfo, Feature, Features } from './format.ts';
export * from './inspect.ts';
export type { RecordingOptions, RecordingSources } from './options.ts';
export * from './reader.ts';
export { type RepairReport, repairRecording } from './repair.ts';
export * from './verify.ts';
export { RecordingWriter } from './writer.ts';
