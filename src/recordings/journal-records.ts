import type { DatasetState } from './state.ts';

/** First record of a journal: what its episodes are added to. */
export interface JournalHeader {
  readonly version: 1;
  readonly dataFileMegabytes: number;
  readonly state: DatasetState;
}

export interface EpisodeStartRecord {
  readonly task: string;
  readonly track: string;
  readonly driver: string;
  readonly simulator: string;
  /** -1 when it is not known. */
  readonly seed: number;
}

export interface EpisodeEndRecord {
  /** See {@link RecordedEpisode.outcome}. */
  readonly outcome: string;
  /** Null when it is not known: the sum of the rewards is taken. */
  readonly returnSum: number | null;
  readonly lapTimesS: readonly number[];
  /** The state after the last step; empty when it is not known. */
  readonly finalState: readonly number[];
}

/** How an episode ended whose process died before its end. */
export const INTERRUPTED: EpisodeEndRecord = {
  outcome: 'interrupted',
  returnSum: null,
  lapTimesS: [],
  finalState: [],
};
