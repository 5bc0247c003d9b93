import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../core/worker.ts';
import { ADAM_NUMBERS, type AdamCall, adamNumbers, Optimizer, type TrainedPlace } from './optimizer.ts';

export interface OptimizerThreadData {
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
}

/** Words of 4 bytes at the start of the control memory; then a step's numbers, of 8 bytes. */
export const REQUESTED = 0;
export const DONE = 1;
export const STOP = 2;
export const NUMBERS_OFFSET = 16;

/** Numbers from which a step is worth waking a second thread for. */
const WORTH_SPLITTING = 1 << 18;
/** Parts begin at cache lines. */
const FLOATS_PER_LINE = 16;

/** An optimizer whose large steps are shared with a second thread: they are as fast as memory is. */
export class SplitOptimizer {
  readonly #own: Optimizer;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #worker: Worker | undefined;
  #requested = 0;

  /** @param threads 1: no second thread; @param longest numbers of the longest step that there will be */
  constructor(memory: WebAssembly.Memory, threads: number, longest: number) {
    const control = new SharedArrayBuffer(NUMBERS_OFFSET + 8 * ADAM_NUMBERS);
    this.#own = new Optimizer(memory);
    this.#words = new Int32Array(control, 0, NUMBERS_OFFSET / 4);
    this.#numbers = new Float64Array(control, NUMBERS_OFFSET);
    if (threads === 1 || longest < WORTH_SPLITTING) return;
    const workerData: OptimizerThreadData = { memory, control };
    this.#worker = startWorker(new URL('./optimizer-thread.ts', import.meta.url), { workerData });
    this.#worker.unref();
  }

  /** As {@link Optimizer.adam}. */
  adam(place: TrainedPlace, call: AdamCall): void {
    if (this.#worker === undefined || place.length < WORTH_SPLITTING) {
      this.#own.adam(place, call);
      return;
    }
    const half = Math.floor(place.length / 2 / FLOATS_PER_LINE) * FLOATS_PER_LINE;
    this.#numbers.set(adamNumbers(part(place, half, place.length - half), moved(call, half)));
    this.#requested++;
    Atomics.store(this.#words, REQUESTED, this.#requested);
    Atomics.notify(this.#words, REQUESTED);
    this.#own.adam(part(place, 0, half), call);
    while (Atomics.load(this.#words, DONE) < this.#requested) Atomics.wait(this.#words, DONE, this.#requested - 1);
  }

  polyak(target: number, weights: number, length: number, tau: number): void {
    this.#own.polyak(target, weights, length, tau);
  }

  norm(begin: number, length: number): number {
    return this.#own.norm(begin, length);
  }

  async dispose(): Promise<void> {
    if (this.#worker === undefined) return;
    const exited = once(this.#worker, 'exit');
    Atomics.store(this.#words, STOP, 1);
    Atomics.add(this.#words, REQUESTED, 1);
    Atomics.notify(this.#words, REQUESTED);
    await exited;
  }
}

function part(place: TrainedPlace, first: number, length: number): TrainedPlace {
  const bytes = 4 * first;
  return {
    weights: place.weights + bytes,
    gradient: place.gradient + bytes,
    firstMoment: place.firstMoment + bytes,
    secondMoment: place.secondMoment + bytes,
    length,
  };
}

function moved(call: AdamCall, first: number): AdamCall {
  const { target } = call;
  return target === undefined ? call : { ...call, target: { ...target, weights: target.weights + 4 * first } };
}
