import type { ScannedEpisode } from './scan.ts';

/** Consecutive transitions of one episode: what is read, handed over and learnt from at once. Plain data. */
export interface Chunk {
  /** Which of the dataset's folders, from 0. */
  readonly folder: number;
  readonly episode: number;
  /** Frame with which the thinned episode begins, below the recording's stride. */
  readonly phase: number;
  /** The first transition, counted in the thinned episode. */
  readonly from: number;
  readonly transitions: number;
  /** Whether its last transition ended the task itself. */
  readonly terminated: boolean;
}

/** The numbers and pictures of a chunk, row by row. There is one observation more than there are transitions. */
export interface ChunkContent {
  readonly states: Float32Array;
  /** One picture an observation, height × width × channels; undefined where the learner sees none. */
  readonly pictures: Uint8Array | undefined;
  readonly actions: Float32Array;
  readonly rewards: Float64Array;
}

/**
 * The chunks of an episode whose every `stride`-th frame counts, from the frame `phase` on.
 *
 * What came after the last frame is in no recording. Where the task terminated there, it has no value and is not
 * needed; else the last frame is only what the transition before it led to.
 */
export function episodeChunks(
  { episode, frames, terminated }: ScannedEpisode,
  place: { readonly folder: number; readonly phase: number; readonly stride: number; readonly longest: number },
): Chunk[] {
  const { folder, phase, stride, longest } = place;
  const kept = Math.max(0, Math.ceil((frames - phase) / stride));
  const count = terminated ? kept : kept - 1;
  const chunks: Chunk[] = [];
  for (let from = 0; from < count; from += longest) {
    const transitions = Math.min(longest, count - from);
    chunks.push({ folder, episode, phase, from, transitions, terminated: terminated && from + transitions === count });
  }
  return chunks;
}
