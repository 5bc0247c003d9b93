import os from 'node:os';
import { InvalidArgumentError } from '../../core/index.ts';
import type { RingReplayBuffer } from '../../replay/index.ts';
import type { TransitionSource } from '../../training/index.ts';
import type { Dataset, DatasetStream, LoadedChunk } from '../dataset/index.ts';

/** Times that a transition is drawn on average before its place is taken, where not all of them fit into memory. */
const DRAWS = 4;
/** Transitions of a chunk there: short ones mix better. */
const STREAMED_CHUNK = 200;
/** Threads that read a whole dataset: nothing else is done until they have. */
const ALL_AT_ONCE = { threads: Math.min(4, os.availableParallelism()) };

export interface DatasetSourceOptions {
  readonly dataset: Dataset;
  readonly replay: RingReplayBuffer;
  /** Rows of a batch. */
  readonly batchSize: number;
  /** Of the order in which chunks come where not all of them fit. */
  readonly seed: number;
  /** Sees each action that comes into the buffer first, before anything is learnt. */
  readonly onAction?: (action: Float32Array) => void;
}

/**
 * Fills a replay buffer from a dataset. Where all of it fits it comes once, as it was recorded. Where it does not, chunks
 * come in a shuffled order without end; when the buffer is full, another takes the oldest one's place every so many
 * updates, read ahead by threads of their own.
 */
export class DatasetSource implements TransitionSource {
  readonly #options: DatasetSourceOptions;
  /** Updates between chunks; infinity: everything is there. */
  readonly #interval: number;
  readonly #stream: DatasetStream;
  readonly #chunks: AsyncIterator<LoadedChunk>;
  #brought = 0;

  private constructor(options: DatasetSourceOptions) {
    const { dataset, replay, batchSize, seed } = options;
    const fits = dataset.transitions <= replay.capacity;
    this.#options = options;
    this.#interval = fits ? Number.POSITIVE_INFINITY : Math.max(1, Math.round((DRAWS * STREAMED_CHUNK) / batchSize));
    this.#stream = fits
      ? dataset.load(ALL_AT_ONCE)
      : dataset.load({ order: 'shuffled', endless: true, seed, longestChunk: STREAMED_CHUNK });
    this.#chunks = this.#stream[Symbol.asyncIterator]();
  }

  /** Fills the buffer as far as it goes. @throws whatever reading the dataset throws */
  static async open(options: DatasetSourceOptions): Promise<DatasetSource> {
    const source = new DatasetSource(options);
    try {
      const { dataset, replay, onAction } = options;
      const wanted = Math.min(dataset.transitions, replay.capacity);
      for (let added = 0; added < wanted; ) added += await source.#bring(onAction);
    } catch (error) {
      await source.close();
      throw error;
    }
    return source;
  }

  /** How the reading kept up so far: see {@link DatasetStream}. */
  get statistics(): DatasetStream['statistics'] {
    return this.#stream.statistics;
  }

  async prepare(updates: number): Promise<number> {
    while ((this.#brought + 1) * this.#interval <= updates) {
      await this.#bring();
      this.#brought++;
    }
    return (this.#brought + 1) * this.#interval;
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  /** @returns the transitions that came */
  async #bring(onAction?: (action: Float32Array) => void): Promise<number> {
    const next = await this.#chunks.next();
    if (next.done === true) throw new InvalidArgumentError('Expected more of the dataset, got its end');
    return addChunk(this.#options.replay, next.value, onAction);
  }
}

/** Adds a chunk as an episode of its own. @returns its transitions */
function addChunk(replay: RingReplayBuffer, chunk: LoadedChunk, onAction?: (action: Float32Array) => void): number {
  replay.startEpisode(chunk.start);
  for (const transition of chunk.transitions()) {
    replay.add(transition);
    onAction?.(transition.action);
  }
  return chunk.length;
}

/** Adds a whole dataset, as it was recorded. */
export async function addDataset(replay: RingReplayBuffer, dataset: Dataset): Promise<void> {
  for await (const chunk of dataset.load(ALL_AT_ONCE)) addChunk(replay, chunk);
}
