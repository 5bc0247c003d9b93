import type { RowValues } from './data-row.ts';
import type { EpisodeRow } from './episodes-table.ts';
import type { Features } from './format.ts';
import { FrameStats } from './frame-stats.ts';
import type { EpisodeEndRecord, EpisodeStartRecord } from './journal-records.ts';

/** Sums up the frames of one episode while they pass by. */
export class EpisodeBuilder {
  readonly episode: number;
  readonly taskIndex: number;
  readonly fromFrame: number;
  readonly #start: EpisodeStartRecord;
  readonly #stats: FrameStats;
  #frames = 0;
  #returnSum = 0;

  constructor(
    start: EpisodeStartRecord,
    place: { readonly episode: number; readonly taskIndex: number; readonly fromFrame: number },
    features: Features,
  ) {
    this.#start = start;
    this.episode = place.episode;
    this.taskIndex = place.taskIndex;
    this.fromFrame = place.fromFrame;
    this.#stats = new FrameStats(features);
  }

  get frames(): number {
    return this.#frames;
  }

  add(values: RowValues, reward: number, pixels: Uint8Array | undefined): void {
    this.#stats.add(values, pixels);
    this.#returnSum += reward;
    this.#frames++;
  }

  /** @param file number of the data file, and where in its video the episode starts, s */
  finish(end: EpisodeEndRecord, file: number, fromVideoS: number): EpisodeRow {
    return {
      ...this.#start,
      episode: this.episode,
      outcome: end.outcome,
      returnSum: end.returnSum ?? this.#returnSum,
      lapTimesS: end.lapTimesS,
      finalState: end.finalState,
      file,
      fromFrame: this.fromFrame,
      toFrame: this.fromFrame + this.#frames,
      fromVideoS,
      stats: this.#stats.result(),
    };
  }
}
