import { availableParallelism } from 'node:os';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { toThreadFailure } from '../../core/worker.ts';
import { gradientScale, requireFinite } from '../gradient-norm.ts';
import { Helper, waitForChange } from './helper.ts';
import {
  ANSWERED,
  CALLS_OFFSET,
  COMPLETED,
  CONTROL_WORDS,
  FAILED,
  type LearnerPlan,
  type LearnerRequest,
  NUMBERS_PER_CALL,
  REQUESTED,
} from './plan.ts';
import { type Share, type SharedArrays, ShareWorker, type StepCall, stepShares } from './share-worker.ts';

/** About as long as acting and a step of a quick environment take. */
const LOOKS_BETWEEN_UPDATES = 1 << 17;

/** A learner's thread: waits, runs what it is asked for on the shared memory with its helpers, answers. */
class LearnerThread {
  readonly #plan: LearnerPlan;
  readonly #own: ShareWorker;
  readonly #helpers: Helper[] = [];
  readonly #calls: Float64Array;

  constructor(plan: LearnerPlan) {
    this.#plan = plan;
    this.#own = new ShareWorker(plan, 0);
    this.#calls = new Float64Array(plan.control, CALLS_OFFSET);
  }

  async open(): Promise<void> {
    await this.#own.open();
    for (let share = 1; share < this.#plan.team; share++) this.#helpers.push(await Helper.start(this.#plan, share));
  }

  addInputs(set: number, arrays: SharedArrays): void {
    this.#own.addInputs(set, arrays);
    for (const helper of this.#helpers) helper.addInputs({ set, arrays });
  }

  /** Runs the calls that stand in the control memory. */
  async update(): Promise<void> {
    const control = new Int32Array(this.#plan.control, 0, CONTROL_WORDS);
    const [set, count] = this.#calls as unknown as [number, number];
    Atomics.store(control, COMPLETED, 0);
    for (let call = 0; call < count; call++) {
      const at = 2 + NUMBERS_PER_CALL * call;
      const phase = this.#calls[at]!;
      await this.#run(phase, set);
      await this.#step(phase, {
        updateTargets: this.#calls[at + 1] === 1,
        learningRate: this.#calls[at + 2]!,
        step: this.#calls[at + 3]!,
      });
      Atomics.store(control, COMPLETED, call + 1);
    }
  }

  async close(): Promise<void> {
    await this.#own.close();
    await Promise.all(this.#helpers.map((helper) => helper.close()));
  }

  /** Loss and gradient of all rows. */
  async #run(phase: number, set: number): Promise<void> {
    const { shares, loss } = this.#plan.phases[phase]!;
    await this.#divide(phase, shares.length, {
      ask: (helper) => helper.run(phase, set),
      own: (share) => this.#own.run(share, set),
    });
    const { buffer } = this.#plan.memory;
    const sum = shares.reduce((total, share) => total + new Float32Array(buffer, share.loss, 1)[0]!, 0);
    new Float32Array(buffer, loss, 1)[0] = sum / shares.length;
  }

  async #step(index: number, call: Omit<StepCall, 'gradientScale'>): Promise<void> {
    const phase = this.#plan.phases[index]!;
    const { buffer } = this.#plan.memory;
    requireFinite(new Float32Array(buffer, phase.loss, 1)[0]!, `loss of \`${phase.name}\``);
    const count = stepShares(phase, this.#plan.team);
    const squares = await this.#divide(index, count, {
      ask: (helper) => helper.gather(index),
      own: (share) => this.#own.gather(share),
    });
    // Taken of every gradient, however long: it is a figure to look at, and a check before the weights are touched.
    const norm = Math.sqrt(squares) / phase.shares.length;
    requireFinite(norm, `gradient of \`${phase.name}\``);
    new Float32Array(buffer, phase.gradientNorm, 1)[0] = norm;
    const step: StepCall = {
      ...call,
      gradientScale: gradientScale(norm, phase.optimizer.maxGradientNorm) / phase.shares.length,
    };
    await this.#divide(index, count, {
      ask: (helper) => helper.step(index, step),
      own: (share) => this.#own.step(share, step),
    });
  }

  /** Does so many shares of a task, one here and one with each helper. @returns the sum of what comes out of them */
  async #divide(
    phase: number,
    count: number,
    task: {
      ask(helper: Helper): void;
      own(share: Share): number | void | Promise<void>;
    },
  ): Promise<number> {
    const helpers = this.#helpers.slice(0, count - 1);
    for (const helper of helpers) task.ask(helper);
    let sum = 0;
    const failures: unknown[] = [];
    const attempt = async (work: () => number | void | Promise<void>) => {
      try {
        sum += (await work()) ?? 0;
      } catch (error) {
        failures.push(error);
      }
    };
    await attempt(() => task.own({ phase, share: 0 }));
    // All of them, whatever failed: nobody is left working on memory that is about to be written anew.
    for (const [i, helper] of helpers.entries()) {
      await attempt(() => (helper.takeBack() ? task.own({ phase, share: i + 1 }) : helper.wait()));
    }
    if (failures.length > 0) throw failures[0];
    return sum;
  }
}

async function serve(port: MessagePort, plan: LearnerPlan): Promise<void> {
  const control = new Int32Array(plan.control, 0, CONTROL_WORDS);
  let answered = 0;
  const answer = (failure?: unknown) => {
    if (failure !== undefined) port.postMessage(toThreadFailure(failure));
    Atomics.store(control, FAILED, failure === undefined ? 0 : 1);
    answered++;
    Atomics.store(control, ANSWERED, answered);
    Atomics.notify(control, ANSWERED);
  };
  let thread: LearnerThread;
  try {
    thread = new LearnerThread(plan);
    await thread.open();
  } catch (error) {
    answer(error);
    return;
  }
  answer();
  // Where there are processors for more threads than the team's, one of them may as well look out for the next update.
  const looks = availableParallelism() > plan.team ? LOOKS_BETWEEN_UPDATES : 0;
  for (;;) {
    waitForChange(control, REQUESTED, answered, looks);
    try {
      if (await handleMessages(port, thread)) break;
      await thread.update();
      answer();
    } catch (error) {
      answer(error);
    }
  }
  answer();
}

/** @returns whether the thread was asked to close, and did */
async function handleMessages(port: MessagePort, thread: LearnerThread): Promise<boolean> {
  for (;;) {
    const received = receiveMessageOnPort(port) as { readonly message: LearnerRequest } | undefined;
    if (received === undefined) return false;
    const request = received.message;
    if (request.kind === 'close') {
      await thread.close();
      return true;
    }
    thread.addInputs(request.set, request.arrays);
  }
}

await serve(parentPort!, workerData as LearnerPlan);
parentPort!.close();
