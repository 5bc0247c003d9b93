import type { Worker } from 'node:worker_threads';
import { systemClock } from '../../core/index.ts';
import { fromThreadFailure, startWorker, type ThreadFailure } from '../../core/worker.ts';
import type { Chunk, ChunkContent } from './chunk.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ReaderThreadError } from './errors.ts';
import type { CheckedDatasetOptions } from './options.ts';

export interface ReaderRequest {
  readonly id: number;
  readonly chunk: Chunk;
}

export type ReaderReply =
  | { readonly id: number; readonly content: ChunkContent; readonly busyMs: number }
  | { readonly id: number; readonly failure: ThreadFailure };

interface Waiting {
  resolve(reply: Extract<ReaderReply, { content: ChunkContent }>): void;
  reject(error: Error): void;
}

/** A chunk's content, and the time that it took. */
export interface ReadChunk {
  readonly content: ChunkContent;
  readonly busyMs: number;
}

/** Whoever reads chunks, one at a time. */
export interface ReaderSlot {
  /** Chunks that it was asked for and has not read yet. */
  readonly pending: number;
  read(chunk: Chunk): Promise<ReadChunk>;
  close(): Promise<void>;
}

/** Reads in this thread. */
export class InlineReader implements ReaderSlot {
  readonly #reader: Promise<ChunkReader>;
  #last: Promise<unknown> = Promise.resolve();
  pending = 0;

  constructor(options: CheckedDatasetOptions) {
    this.#reader = ChunkReader.open(options);
    this.#reader.catch(() => undefined); // Whoever reads is told.
  }

  async read(chunk: Chunk): Promise<ReadChunk> {
    this.pending++;
    const work = this.#last.then(async () => {
      const reader = await this.#reader;
      const started = systemClock.now();
      const content = await reader.read(chunk);
      return { content, busyMs: systemClock.now() - started };
    });
    this.#last = work.catch(() => undefined);
    try {
      return await work;
    } finally {
      this.pending--;
    }
  }

  async close(): Promise<void> {
    await this.#last;
  }
}

/** Reads in a worker thread of its own, which keeps the process alive only while it is asked for something. */
export class ThreadReader implements ReaderSlot {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #death: Error | undefined;

  constructor(options: CheckedDatasetOptions) {
    this.#worker = startWorker(new URL('./reader-worker.ts', import.meta.url), { workerData: options });
    this.#worker.unref();
    this.#worker.on('message', (reply: ReaderReply) => this.#take(reply));
    this.#worker.on('error', (error) =>
      this.#die(new ReaderThreadError('an error that nobody caught', { cause: error })),
    );
    this.#worker.on('exit', (code) => this.#die(new ReaderThreadError(`its end with code ${code}`)));
  }

  get pending(): number {
    return this.#waiting.size;
  }

  read(chunk: Chunk): Promise<ReadChunk> {
    if (this.#death !== undefined) return Promise.reject(this.#death);
    const id = this.#next++;
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, chunk } satisfies ReaderRequest);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(reply: ReaderReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('content' in reply) waiting?.resolve(reply);
    else waiting?.reject(fromThreadFailure(reply.failure));
  }

  #die(error: Error): void {
    this.#death ??= error;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(this.#death);
  }
}
