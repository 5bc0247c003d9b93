import { workerData } from 'node:worker_threads';
import { Optimizer } from './optimizer.ts';
import { DONE, NUMBERS_OFFSET, type OptimizerThreadData, REQUESTED, STOP } from './split-optimizer.ts';

/** A thread that does its part of large optimizer steps: waits, works on the shared memory, tells. */
const { memory, control } = workerData as OptimizerThreadData;
const optimizer = new Optimizer(memory);
const words = new Int32Array(control, 0, NUMBERS_OFFSET / 4);
const numbers = new Float64Array(control, NUMBERS_OFFSET);
for (let done = 0; ; ) {
  Atomics.wait(words, REQUESTED, done);
  if (Atomics.load(words, STOP) === 1) break;
  done = Atomics.load(words, REQUESTED);
  optimizer.adamOf(numbers);
  Atomics.store(words, DONE, done);
  Atomics.notify(words, DONE);
}
