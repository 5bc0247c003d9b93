import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { toThreadFailure } from '../../core/worker.ts';
import type { PartReply, PartSettings } from './part.ts';
import { record } from './record.ts';

// The entry of a worker thread that records one dataset for its owner. Any message to it: stop, and keep what there is.

async function serve(port: MessagePort, settings: PartSettings): Promise<void> {
  const tell = (reply: PartReply) => port.postMessage(reply);
  const stop = new AbortController();
  port.on('message', () => stop.abort());
  try {
    tell({ result: await record({ ...settings, log: (line) => tell({ line }), signal: stop.signal }) });
  } catch (error) {
    tell({ failure: toThreadFailure(error) });
  } finally {
    port.close();
  }
}

if (parentPort === null) throw new Error('Expected to run as a worker thread, got the main thread');
await serve(parentPort, workerData as PartSettings);
