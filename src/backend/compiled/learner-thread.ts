import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { sizeOf } from '../../core/box.ts';
import { toThreadFailure } from '../../core/worker.ts';
import { gradientScale, requireFinite } from '../gradient-norm.ts';
import { SplitOptimizer } from '../optimizer/split-optimizer.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import type { Binding, BoundRun, Runtime, RuntimeSession } from '../runtime/runtime.ts';
import {
  ANSWERED,
  CALLS_OFFSET,
  COMPLETED,
  CONTROL_WORDS,
  FAILED,
  type LearnerPlan,
  type LearnerRequest,
  NUMBERS_PER_CALL,
  type PhasePlan,
  type PlacedBinding,
  REQUESTED,
} from './plan.ts';

/** A learner's thread: waits, runs what it is asked for on the shared memory, answers. */
class LearnerThread {
  readonly #plan: LearnerPlan;
  readonly #runtime: Runtime;
  readonly #optimizer: SplitOptimizer;
  readonly #sessions: RuntimeSession[] = [];
  /** By input set, then by phase. */
  readonly #bound = new Map<number, BoundRun[]>();
  readonly #calls: Float64Array;

  constructor(plan: LearnerPlan) {
    this.#plan = plan;
    this.#runtime = createRuntime({ threads: plan.threads }, plan.runtime);
    const longest = Math.max(...plan.phases.map(({ trained }) => trained.length));
    this.#optimizer = new SplitOptimizer(plan.memory, plan.threads, longest);
    this.#calls = new Float64Array(plan.control, CALLS_OFFSET);
  }

  async open(): Promise<void> {
    for (const { name, model } of this.#plan.phases) {
      const prefix = this.#plan.profilePrefix;
      const options = prefix === undefined ? {} : { profilePrefix: `${prefix}-${name}` };
      this.#sessions.push(await this.#runtime.createSession(model, options));
    }
  }

  addInputs(set: number, arrays: Readonly<Record<string, Float32Array | Uint8Array>>): void {
    const bound = this.#plan.phases.map((phase, i) => {
      const inputs = phase.inputs.map(
        (name): Binding => ({ name, array: arrays[name]!, shape: this.#plan.inputs[name]!.shape }),
      );
      const parameters = phase.parameters.map((place) => this.#binding(place));
      const outputs = phase.outputs.map((place) => this.#binding(place));
      return this.#sessions[i]!.bind([...parameters, ...inputs], outputs);
    });
    this.#bound.set(set, bound);
  }

  /** Runs the calls that stand in the control memory. */
  async update(): Promise<void> {
    const control = new Int32Array(this.#plan.control, 0, CONTROL_WORDS);
    const [set, count] = this.#calls as unknown as [number, number];
    Atomics.store(control, COMPLETED, 0);
    for (let call = 0; call < count; call++) {
      const at = 2 + NUMBERS_PER_CALL * call;
      const index = this.#calls[at]!;
      const pending = this.#bound.get(set)![index]!.run();
      if (pending !== undefined) await pending;
      this.#step(this.#plan.phases[index]!, {
        updateTargets: this.#calls[at + 1] === 1,
        learningRate: this.#calls[at + 2]!,
        step: this.#calls[at + 3]!,
      });
      Atomics.store(control, COMPLETED, call + 1);
    }
  }

  async close(): Promise<void> {
    for (const runs of this.#bound.values()) for (const run of runs) run.dispose();
    for (const session of this.#sessions) {
      if (this.#plan.profilePrefix !== undefined) session.endProfiling();
      await session.dispose();
    }
    this.#runtime.dispose();
    await this.#optimizer.dispose();
  }

  #step(
    phase: PhasePlan,
    call: { readonly updateTargets: boolean; readonly learningRate: number; readonly step: number },
  ): void {
    const { trained, targets, optimizer } = phase;
    const { buffer } = this.#plan.memory;
    requireFinite(new Float32Array(buffer, phase.loss, 1)[0]!, `loss of \`${phase.name}\``);
    // Taken of every gradient, however long: it is a figure to look at, and a check before the weights are touched.
    const norm = this.#optimizer.norm(trained.gradient, trained.length);
    requireFinite(norm, `gradient of \`${phase.name}\``);
    new Float32Array(buffer, phase.gradientNorm, 1)[0] = norm;
    const [first, ...others] = call.updateTargets ? targets : [];
    this.#optimizer.adam(trained, {
      options: optimizer,
      learningRate: call.learningRate,
      step: call.step,
      gradientScale: gradientScale(norm, optimizer.maxGradientNorm),
      ...(first === undefined ? {} : { target: first }),
    });
    for (const { weights, tau } of others) this.#optimizer.polyak(weights, trained.weights, trained.length, tau);
  }

  #binding({ name, begin, shape }: PlacedBinding): Binding {
    return { name, shape, array: new Float32Array(this.#plan.memory.buffer, begin, sizeOf(shape)) };
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
  for (;;) {
    Atomics.wait(control, REQUESTED, answered);
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
