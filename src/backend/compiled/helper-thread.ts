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
  waitForChange,
} from './helper.ts';
import { UpdateShare } from './update-share.ts';

/** A thread of an update's team: waits, does its share of a task on the shared memory, tells. */
const { plan, index, control, port } = workerData as HelperData;
const words = new Int32Array(control, 0, CONTROL_WORDS);
const numbers = new Float64Array(control, NUMBERS_OFFSET);

async function serve(share: UpdateShare): Promise<void> {
  for (let done = 0; ; ) {
    waitForChange(words, REQUESTED, done);
    done++;
    let failed = 0;
    try {
      if (numbers[NUMBERS.task] === TASKS.stop) break;
      await work(share);
    } catch (error) {
      failed = 1;
      port.postMessage(toThreadFailure(error));
    }
    Atomics.store(words, FAILED, failed);
    Atomics.store(words, DONE, done);
    Atomics.notify(words, DONE);
  }
  await share.close();
  port.close();
}

async function work(share: UpdateShare): Promise<void> {
  for (;;) {
    const received = receiveMessageOnPort(port) as { readonly message: HelperInputs } | undefined;
    if (received === undefined) break;
    share.addInputs(received.message.set, received.message.arrays);
  }
  const phase = numbers[NUMBERS.phase]!;
  switch (numbers[NUMBERS.task]) {
    case TASKS.run:
      await share.run(phase, numbers[NUMBERS.set]!);
      break;
    case TASKS.gather:
      numbers[NUMBERS.answer] = share.gather(phase);
      break;
    case TASKS.step:
      share.step(phase, {
        updateTargets: numbers[NUMBERS.updateTargets] === 1,
        learningRate: numbers[NUMBERS.learningRate]!,
        step: numbers[NUMBERS.step]!,
        gradientScale: numbers[NUMBERS.scale]!,
      });
      break;
  }
}

let share: UpdateShare | undefined;
try {
  share = new UpdateShare(plan, index);
  await share.open();
  parentPort!.postMessage(null);
} catch (error) {
  share = undefined;
  parentPort!.postMessage(toThreadFailure(error));
}
if (share !== undefined) await serve(share);
else port.close();
