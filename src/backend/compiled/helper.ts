import { once } from 'node:events';
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { startWorker, type ThreadFailure } from '../../core/worker.ts';
import { RuntimeError } from '../runtime/runtime.ts';
import type { LearnerPlan } from './plan.ts';
import type { SharedArrays, StepCall } from './share-worker.ts';

/** What a helper is started with. */
export interface HelperData {
  readonly plan: LearnerPlan;
  /** The share that it does, from 1. */
  readonly share: number;
  readonly control: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** To a helper, before the task that needs it. */
export interface HelperInputs {
  readonly set: number;
  readonly arrays: SharedArrays;
}

/** Words of 4 bytes at the start of a helper's control memory. */
export const REQUESTED = 0;
/** The last task that somebody took: the helper, or who asked for it and would otherwise have waited. */
export const TAKEN = 1;
export const DONE = 2;
/** Whether the last task failed; a message says how. */
export const FAILED = 3;
export const CONTROL_WORDS = 4;
/** From here on numbers of 8 bytes: the task as below, and its answer. */
export const NUMBERS_OFFSET = 16;
export const NUMBERS = { task: 0, phase: 1, set: 2, updateTargets: 3, learningRate: 4, step: 5, scale: 6, answer: 7 };
const NUMBER_COUNT = 8;
export const TASKS = { run: 1, gather: 2, step: 3, stop: 4 } as const;

/** Looks so often before a thread sleeps: waking it takes longer than most waits between two tasks. */
const LOOKS = 1 << 15;

/** Waits until a word is another one than it was. @returns it */
export function waitForChange(words: Int32Array, place: number, before: number, looks = LOOKS): number {
  for (let look = 0; look < looks; look++) {
    const word = Atomics.load(words, place);
    if (word !== before) return word;
  }
  for (;;) {
    const word = Atomics.load(words, place);
    if (word !== before) return word;
    Atomics.wait(words, place, before);
  }
}

/** Takes a task, unless it was taken. */
export function take(words: Int32Array, task: number): boolean {
  return Atomics.compareExchange(words, TAKEN, task - 1, task) === task - 1;
}

/** A thread that works on updates beside the learner's own. */
export class Helper {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #exited: Promise<unknown>;
  #requested = 0;
  /** The last task that it did. */
  #done = 0;

  private constructor(plan: LearnerPlan, share: number) {
    const control = new SharedArrayBuffer(NUMBERS_OFFSET + 8 * NUMBER_COUNT);
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#words = new Int32Array(control, 0, CONTROL_WORDS);
    this.#numbers = new Float64Array(control, NUMBERS_OFFSET);
    const workerData: HelperData = { plan, share, control, port: port2 };
    this.#worker = startWorker(new URL('./helper-thread.ts', import.meta.url), { workerData, transferList: [port2] });
    this.#exited = once(this.#worker, 'exit');
  }

  /** @throws RuntimeError when it cannot build its graphs */
  static async start(plan: LearnerPlan, share: number): Promise<Helper> {
    const helper = new Helper(plan, share);
    const [failure] = (await once(helper.#worker, 'message')) as [ThreadFailure | null];
    if (failure !== null) {
      await helper.#exited;
      throw new RuntimeError(failure.message);
    }
    return helper;
  }

  addInputs(inputs: HelperInputs): void {
    this.#port.postMessage(inputs);
  }

  run(phase: number, set: number): void {
    this.#numbers[NUMBERS.set] = set;
    this.#request(TASKS.run, phase);
  }

  gather(phase: number): void {
    this.#request(TASKS.gather, phase);
  }

  step(phase: number, { updateTargets, learningRate, step, gradientScale }: StepCall): void {
    this.#numbers[NUMBERS.updateTargets] = updateTargets ? 1 : 0;
    this.#numbers[NUMBERS.learningRate] = learningRate;
    this.#numbers[NUMBERS.step] = step;
    this.#numbers[NUMBERS.scale] = gradientScale;
    this.#request(TASKS.step, phase);
  }

  /**
   * Takes the task back where the helper has not begun it: on a machine whose processors have other work it may be long
   * before it does.
   */
  takeBack(): boolean {
    return take(this.#words, this.#requested);
  }

  /** Waits until the task is done that was not taken back. @returns what came out of it @throws RuntimeError when it failed */
  wait(): number {
    this.#done = waitForChange(this.#words, DONE, this.#done);
    if (Atomics.load(this.#words, FAILED) === 0) return this.#numbers[NUMBERS.answer]!;
    const received = receiveMessageOnPort(this.#port) as { readonly message: ThreadFailure } | undefined;
    throw new RuntimeError(received?.message.message ?? 'A helping thread failed and did not say why');
  }

  async close(): Promise<void> {
    this.#request(TASKS.stop, 0);
    await this.#exited;
    this.#port.close();
  }

  #request(task: number, phase: number): void {
    this.#numbers[NUMBERS.task] = task;
    this.#numbers[NUMBERS.phase] = phase;
    this.#requested++;
    Atomics.store(this.#words, REQUESTED, this.#requested);
    Atomics.notify(this.#words, REQUESTED);
  }
}
