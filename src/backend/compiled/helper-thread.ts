import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { toThreadFailure } from '../../core/worker.ts';
import {
  CONTROL_WORDS,
  DONE,
  FAILED,
  type HelperData,
  type HelperInputs,
  NUMBERS,
  NUMBERS_OFFSET,
  REQUESTED,
  TASKS,
  take,
  waitForChange,
} from './helper.ts';
import { ShareWorker } from './share-worker.ts';

/** A thread of an update's team: waits, does its share of a task on the shared memory, tells. */
const { plan, share, control, port } = workerData as HelperData;
const words = new Int32Array(control, 0, CONTROL_WORDS);
const numbers = new Float64Array(control, NUMBERS_OFFSET);

async function serve(worker: ShareWorker): Promise<void> {
  for (let seen = 0; ; ) {
    seen = waitForChange(words, REQUESTED, seen);
    if (!take(words, seen)) continue;
    let failed = 0;
    try {
      if (numbers[NUMBERS.task] === TASKS.stop) break;
      await work(worker);
    } catch (error) {
      failed = 1;
      port.postMessage(toThreadFailure(error));
    }
    Atomics.store(words, FAILED, failed);
    Atomics.store(words, DONE, seen);
    Atomics.notify(words, DONE);
  }
  await worker.close();
  port.close();
}

async function work(worker: ShareWorker): Promise<void> {
  for (;;) {
    const received = receiveMessageOnPort(port) as { readonly message: HelperInputs } | undefined;
    if (received === undefined) break;
    worker.addInputs(received.message.set, received.message.arrays);
  }
  const phase = numbers[NUMBERS.phase]!;
  switch (numbers[NUMBERS.task]) {
    case TASKS.run:
      await worker.run({ phase, share }, numbers[NUMBERS.set]!);
      break;
    case TASKS.gather:
      numbers[NUMBERS.answer] = worker.gather({ phase, share });
      break;
    case TASKS.step:
      worker.step(
        { phase, share },
        {
          updateTargets: numbers[NUMBERS.updateTargets] === 1,
          learningRate: numbers[NUMBERS.learningRate]!,
          step: numbers[NUMBERS.step]!,
          gradientScale: numbers[NUMBERS.scale]!,
        },
      );
      break;
  }
}

let worker: ShareWorker | undefined;
try {
  worker = new ShareWorker(plan, share);
  await worker.open();
  parentPort!.postMessage(null);
} catch (error) {
  worker = undefined;
  parentPort!.postMessage(toThreadFailure(error));
}
if (worker !== undefined) await serve(worker);
else port.close();
