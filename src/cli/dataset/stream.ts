import os from 'node:os';
import { z } from 'zod';
import { type Clock, Random, systemClock } from '../../core/index.ts';
import type { Chunk } from './chunk.ts';
import type { CheckedDatasetOptions } from './options.ts';
import { InlineReader, type ReadChunk, type ReaderSlot, ThreadReader } from './reader-pool.ts';

/** How a dataset is read; unknown options are refused. */
export const streamOptionsSchema = z.strictObject({
  /** `stored`: as recorded; `shuffled`: the chunks in an order that follows from the seed, another in each round. */
  order: z.enum(['stored', 'shuffled']).default('stored'),
  /** Begin again when everything was read, for ever. Default false. */
  endless: z.boolean().default(false),
  /** Seed of the order, 0 to 4294967295. Default 0. */
  seed: z.int().min(0).max(0xffff_ffff).default(0),
  /** Number of the chunk in the stream to begin with: a stream goes on where another was left. Default 0. */
  from: z.int().min(0).default(0),
  /** Threads that read and decode, 0 to 16; 0: this one. Default: one less than there are cores, 1 to 4. */
  threads: z.int().min(0).max(16).optional(),
  /** Memory for what was read and is not yet asked for, MB, 1 to 100000; one chunk always fits. Default 128. */
  memoryMegabytes: z.number().min(1).max(100_000).default(128),
});
export type StreamOptions = z.input<typeof streamOptionsSchema>;
export type CheckedStreamOptions = z.output<typeof streamOptionsSchema>;

/** How the reading kept up. */
export interface StreamStatistics {
  /** Handed over so far. */
  readonly chunks: number;
  readonly transitions: number;
  /** Time that the threads read and decoded, all together, s. */
  readonly busyS: number;
  /** Time that the consumer waited for a chunk, s; the first apart, for which there is no way not to wait. */
  readonly waitedS: number;
  readonly firstWaitS: number;
}

/** Chunks that a thread is asked for beside the one that it reads. */
const QUEUED = 2;

export interface StreamParts {
  /** Who reads; the stream closes them. */
  readonly readers: readonly ReaderSlot[];
  /** Memory that the longest chunk takes. */
  readonly chunkBytes: number;
  readonly clock?: Clock;
}

/** The readers that the options ask for. */
export function makeReaders({ threads }: CheckedStreamOptions, dataset: CheckedDatasetOptions): readonly ReaderSlot[] {
  const count = threads ?? Math.min(4, Math.max(1, os.availableParallelism() - 1));
  if (count === 0) return [new InlineReader(dataset)];
  return Array.from({ length: count }, () => new ThreadReader(dataset));
}

/** Reads ahead of its consumer, within bounds, in an order that does not hang on who reads how fast. */
export class ChunkStream implements AsyncIterable<{ readonly index: number; readonly chunk: Chunk } & ReadChunk> {
  readonly #chunks: readonly Chunk[];
  readonly #options: CheckedStreamOptions;
  readonly #readers: readonly ReaderSlot[];
  readonly #ahead: number;
  readonly #clock: Clock;
  #statistics = { chunks: 0, transitions: 0, busyS: 0, waitedS: 0, firstWaitS: 0 };

  constructor(chunks: readonly Chunk[], options: CheckedStreamOptions, parts: StreamParts) {
    const { readers, chunkBytes, clock = systemClock } = parts;
    this.#chunks = chunks;
    this.#options = options;
    this.#clock = clock;
    this.#readers = readers;
    const room = Math.floor((options.memoryMegabytes * 1e6) / Math.max(1, chunkBytes));
    this.#ahead = Math.max(1, Math.min(room, readers.length * (1 + QUEUED)));
  }

  get statistics(): StreamStatistics {
    return { ...this.#statistics };
  }

  /** May be iterated once. Its threads end with the iteration, however that ends. */
  async *[Symbol.asyncIterator](): AsyncGenerator<{ readonly index: number; readonly chunk: Chunk } & ReadChunk> {
    const order = chunkOrder(this.#chunks, this.#options);
    const queue: { index: number; chunk: Chunk; content: Promise<ReadChunk> }[] = [];
    const fill = (): void => {
      while (queue.length < this.#ahead) {
        const next = order.next();
        if (next.done === true) return;
        const content = this.#idlest().read(next.value.chunk);
        content.catch(() => undefined); // Told when its turn comes.
        queue.push({ ...next.value, content });
      }
    };
    try {
      for (;;) {
        fill();
        const head = queue.shift();
        if (head === undefined) return;
        const asked = this.#clock.now();
        const read = await head.content;
        this.#count(head.chunk, read.busyMs, this.#clock.now() - asked);
        fill();
        yield { index: head.index, chunk: head.chunk, ...read };
      }
    } finally {
      await this.close();
    }
  }

  /** Ends the threads. Safe to call twice. */
  async close(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  #idlest(): ReaderSlot {
    return this.#readers.reduce((best, reader) => (reader.pending < best.pending ? reader : best));
  }

  #count({ transitions }: Chunk, busyMs: number, waitedMs: number): void {
    const total = this.#statistics;
    if (total.chunks === 0) total.firstWaitS = waitedMs / 1000;
    else total.waitedS += waitedMs / 1000;
    total.chunks++;
    total.transitions += transitions;
    total.busyS += busyMs / 1000;
  }
}

/** The chunks with their numbers in the stream. */
function* chunkOrder(
  chunks: readonly Chunk[],
  { order, endless, seed, from }: CheckedStreamOptions,
): Generator<{ index: number; chunk: Chunk }> {
  const count = chunks.length;
  if (count === 0) return;
  const random = new Random(seed);
  for (let round = Math.floor(from / count); round === 0 || endless; round++) {
    const numbers = chunks.map((_, i) => i);
    if (order === 'shuffled') shuffle(numbers, random.stream(`round ${round}`));
    for (let i = Math.max(0, from - round * count); i < count; i++) {
      yield { index: round * count + i, chunk: chunks[numbers[i]!]! };
    }
  }
}

/** Fisher and Yates's. */
function shuffle(items: number[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
}
