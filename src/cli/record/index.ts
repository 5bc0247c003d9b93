export { type EpisodeWriterOptions, openEpisodeWriter } from './episode-writer.ts';
export type { PartSettings } from './part.ts';
export { type RecordResult, type RecordSettings, record, trainingTracks } from './record.ts';
export {
  type RecordEpisodesOptions,
  type RecordedOnTrack,
  type RecordingReport,
  recordEpisodes,
} from './record-episodes.ts';
export { recordInThreads } from './record-in-threads.ts';
