export type { PedalRule } from './actions.ts';
export type { Chunk } from './chunk.ts';
export { Dataset, type DatasetStream, type LoadOptions, openDataset } from './dataset.ts';
export { DatasetMismatchError, ReaderThreadError } from './errors.ts';
export { type ChunkPlace, LoadedChunk } from './loaded-chunk.ts';
export { type DatasetOptions, datasetOptionsSchema } from './options.ts';
export type { StreamStatistics } from './stream.ts';
