import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../core/index.ts';
import { toThreadFailure } from '../../core/worker.ts';
import { ChunkReader } from './chunk-reader.ts';
import type { CheckedDatasetOptions } from './options.ts';
import type { ReaderReply, ReaderRequest } from './reader-pool.ts';

// The entry of a worker thread that reads chunks for its owner, in the order in which it is asked.

function serve(port: MessagePort, options: CheckedDatasetOptions): void {
  const reader = ChunkReader.open(options);
  reader.catch(() => undefined); // Told with the first reply.
  let last: Promise<unknown> = Promise.resolve();
  port.on('message', ({ id, chunk }: ReaderRequest) => {
    last = last.then(async () => {
      try {
        const ready = await reader;
        const started = systemClock.now();
        const content = await ready.read(chunk);
        const { states, pictures, actions, rewards } = content;
        const arrays = [states, actions, rewards, ...(pictures === undefined ? [] : [pictures])];
        const reply: ReaderReply = { id, content, busyMs: systemClock.now() - started };
        port.postMessage(
          reply,
          arrays.map(({ buffer }) => buffer as ArrayBuffer),
        );
      } catch (error) {
        port.postMessage({ id, failure: toThreadFailure(error) } satisfies ReaderReply);
      }
    });
  });
}

if (parentPort === null) throw new Error('Expected to run as a worker thread, got the main thread');
serve(parentPort, workerData as CheckedDatasetOptions);
