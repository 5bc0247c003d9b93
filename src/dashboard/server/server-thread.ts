import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { DashboardUnavailableError } from '../errors.ts';
import { DashboardServer } from './dashboard-server.ts';
import { PictureEncoder } from './picture-encoder.ts';
import { COUNTER, type ThreadOrder, type ThreadReport, type ThreadStart } from './thread-messages.ts';

// The entry of the thread that serves the page, so that neither viewers nor pictures take time of the one that drives.

async function serve(port: MessagePort, { options, counters }: ThreadStart): Promise<void> {
  const shared = new Int32Array(counters);
  const report = (message: ThreadReport) => port.postMessage(message);
  // One picture at a time, on one processor: the others are for who drives and learns.
  sharp.concurrency(1);
  const server = await DashboardServer.listen({
    ...options,
    onCommand: (viewer, message) => report({ kind: 'command', viewer, message }),
    onViewers(count, left) {
      Atomics.store(shared, COUNTER.viewers, count);
      report({ kind: 'viewers', count, left });
    },
  });
  const encoder = new PictureEncoder({
    done(kind, message) {
      server.showPicture(kind, message);
      Atomics.add(shared, COUNTER.picturesTaken, 1);
    },
    failed(error) {
      Atomics.add(shared, COUNTER.picturesTaken, 1);
      report({ kind: 'problem', text: String(error) });
    },
    skipped: () => void Atomics.add(shared, COUNTER.picturesTaken, 1),
  });
  port.on('message', (order: ThreadOrder) => {
    switch (order.kind) {
      case 'topic':
        return server.publish(order.topic);
      case 'picture':
        return encoder.add(order.picture);
      case 'rows':
        Atomics.add(shared, COUNTER.rowsTaken, 1);
        return server.addRows(order.session, order.rows);
      case 'notice':
        return server.notify(order.notice, order.viewer);
      case 'close':
        return void server.close().then(() => {
          report({ kind: 'closed' });
          port.close();
        });
    }
  });
  report({ kind: 'listening', port: server.port, token: server.token });
}

if (parentPort === null) throw new Error('Expected to run as a worker thread, got the main thread');
const port = parentPort;
serve(port, workerData as ThreadStart).catch((error: unknown) => {
  const code = error instanceof DashboardUnavailableError ? error.code : 'ERR_DASHBOARD';
  const message = error instanceof Error ? error.message : String(error);
  port.postMessage({ kind: 'unavailable', code, message } satisfies ThreadReport);
  port.close();
});
