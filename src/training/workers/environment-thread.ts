import type { Worker } from 'node:worker_threads';
import type { Box, ObservationSpace, ResetResult, StepResult } from '../../core/environment.ts';
import { fromThreadFailure, startWorker } from '../../core/worker.ts';
import { WorkerThreadError } from '../errors.ts';
import type { EnvironmentDescription } from './description.ts';
import { SharedArrays, type WorkerReply, type WorkerRequest, type WorkerStart } from './protocol.ts';

/** How long an environment may take to close itself before its thread is ended. */
const CLOSE_MS = 5000;

interface Waiting {
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
}

/** One environment in a worker thread of its own. One request at a time. */
export class EnvironmentThread {
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: Box;
  readonly #link: Link;
  readonly #arrays: SharedArrays;

  private constructor(link: Link, ready: Extract<WorkerReply, { kind: 'ready' }>) {
    this.#link = link;
    this.observationSpace = ready.observationSpace;
    this.actionSpace = ready.actionSpace;
    this.#arrays = new SharedArrays(ready.observationSpace, ready.actionSpace, ready.memory);
  }

  /** Starts the thread and makes the environment in it. Errors of its making are thrown, and the thread is gone then. */
  static async start(description: EnvironmentDescription): Promise<EnvironmentThread> {
    const workerData: WorkerStart = { description };
    const link = new Link(startWorker(new URL('./environment-worker.ts', import.meta.url), { workerData }));
    try {
      return new EnvironmentThread(link, expectReply(await link.next(), 'ready'));
    } catch (error) {
      await link.end();
      throw error;
    }
  }

  async reset(seed: number): Promise<ResetResult> {
    const { info, sensors } = expectReply(await this.#link.ask({ kind: 'reset', seed }), 'reset');
    return { observation: this.#arrays.read(sensors), info };
  }

  async step(action: Float32Array): Promise<StepResult> {
    this.#arrays.action.set(action);
    const reply = expectReply(await this.#link.ask({ kind: 'step' }), 'step');
    const { info, sensors, reward, terminated, truncated } = reply;
    return { observation: this.#arrays.read(sensors), info, reward, terminated, truncated };
  }

  /** Closes the environment, then the thread; one that does not answer is ended. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#link.ended) return;
    const impatience = setTimeout(() => void this.#link.end(), CLOSE_MS);
    try {
      expectReply(await this.#link.ask({ kind: 'close' }), 'closed');
    } finally {
      clearTimeout(impatience);
      await this.#link.end();
    }
  }
}

/** Requests to a worker and its replies, with the worker's death as an error of whoever waits. */
class Link {
  readonly #worker: Worker;
  #waiting: Waiting | undefined;
  #death: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (reply: WorkerReply) => this.#settle((waiting) => waiting.resolve(reply)));
    worker.on('error', (error) => this.#die(new WorkerThreadError('an error that nobody caught', { cause: error })));
    worker.on('exit', (code) => this.#die(new WorkerThreadError(`its end with code ${code}`)));
  }

  get ended(): boolean {
    return this.#death !== undefined;
  }

  ask(request: WorkerRequest): Promise<WorkerReply> {
    const reply = this.next();
    this.#worker.postMessage(request);
    return reply;
  }

  next(): Promise<WorkerReply> {
    return new Promise((resolve, reject) => {
      if (this.#death !== undefined) reject(this.#death);
      else this.#waiting = { resolve, reject };
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #die(error: Error): void {
    this.#death ??= error;
    this.#settle((waiting) => waiting.reject(error));
  }

  #settle(tell: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) tell(waiting);
  }
}

function expectReply<Kind extends WorkerReply['kind']>(
  reply: WorkerReply,
  kind: Kind,
): Extract<WorkerReply, { kind: Kind }> {
  if (reply.kind === 'failed') {
    const error = fromThreadFailure(reply);
    if (reply.stack !== undefined) error.stack = reply.stack;
    throw error;
  }
  if (reply.kind !== kind) throw new WorkerThreadError(`the reply \`${reply.kind}\` to \`${kind}\``);
  return reply as Extract<WorkerReply, { kind: Kind }>;
}
