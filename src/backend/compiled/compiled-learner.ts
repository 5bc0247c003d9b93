import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { sizeOf } from '../../core/box.ts';
import type {
  InputArrays,
  Learner,
  LearnerProgram,
  OptimizerState,
  PhaseCall,
  PhaseOutputs,
} from '../../core/engine.ts';
import { InvalidArgumentError, NotFiniteError } from '../../core/errors.ts';
import { startWorker, type ThreadFailure, toThreadFailure } from '../../core/worker.ts';
import { checkCalls, checkValues } from '../check-program.ts';
import { RuntimeError } from '../runtime/runtime.ts';
import type { CompiledParameters } from './compiled-parameters.ts';
import {
  ANSWERED,
  CALLS_OFFSET,
  COMPLETED,
  CONTROL_WORDS,
  FAILED,
  type LearnerPlan,
  MOST_CALLS,
  NUMBERS_PER_CALL,
  REQUESTED,
} from './plan.ts';
import type { PlannedPhase } from './plan-phase.ts';

export interface CompiledLearnerParts {
  readonly parameters: CompiledParameters;
  readonly program: LearnerProgram;
  readonly plan: LearnerPlan;
  readonly phases: Readonly<Record<string, PlannedPhase>>;
}

/** Updates run in a thread of their own, on memory shared with this one; nothing but a few numbers is passed. */
export class CompiledLearner implements Learner {
  readonly #parts: CompiledLearnerParts;
  readonly #control: Int32Array;
  readonly #calls: Float64Array;
  /** Optimizer steps taken, by phase. */
  readonly #steps: Record<string, number> = {};
  readonly #sets = new Map<InputArrays, number>();
  #worker: Worker | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  #failure: ThreadFailure | undefined;
  #requested = 0;
  #busy = false;

  private constructor(parts: CompiledLearnerParts) {
    this.#parts = parts;
    this.#control = new Int32Array(parts.plan.control, 0, CONTROL_WORDS);
    this.#calls = new Float64Array(parts.plan.control, CALLS_OFFSET);
    for (const name of Object.keys(parts.phases)) this.#steps[name] = 0;
  }

  /** Starts the thread. @throws RuntimeError when it cannot build the graphs */
  static async start(parts: CompiledLearnerParts): Promise<CompiledLearner> {
    const learner = new CompiledLearner(parts);
    learner.#requested = 1;
    Atomics.store(learner.#control, REQUESTED, 1);
    const worker = startWorker(new URL('./learner-thread.ts', import.meta.url), { workerData: parts.plan });
    learner.#worker = worker;
    learner.#exited = once(worker, 'exit');
    worker.on('message', (failure: ThreadFailure) => {
      learner.#failure = failure;
    });
    // A thread that dies answers nothing: whoever waits is woken.
    worker.on('error', (error) => {
      learner.#failure = toThreadFailure(error);
      Atomics.store(learner.#control, FAILED, 1);
      Atomics.store(learner.#control, ANSWERED, learner.#requested);
      Atomics.notify(learner.#control, ANSWERED);
    });
    try {
      await learner.#answer();
    } catch (error) {
      await learner.#exited;
      throw error;
    }
    return learner;
  }

  createInputs(): InputArrays {
    const arrays: InputArrays = Object.fromEntries(
      Object.entries(this.#parts.program.inputs).map(([name, { shape, dtype }]) => {
        const length = sizeOf(shape);
        return [
          name,
          dtype === 'uint8'
            ? new Uint8Array(new SharedArrayBuffer(length))
            : new Float32Array(new SharedArrayBuffer(4 * length)),
        ];
      }),
    );
    const set = this.#sets.size;
    this.#sets.set(arrays, set);
    this.#open().postMessage({ kind: 'inputs', set, arrays });
    return arrays;
  }

  async update(inputs: InputArrays, calls: readonly PhaseCall[]): Promise<Readonly<Record<string, PhaseOutputs>>> {
    const { program } = this.#parts;
    checkCalls(program, calls);
    this.#open();
    if (this.#busy) throw new InvalidArgumentError('Expected one update at a time, got a second before the end of one');
    const set = this.#sets.get(inputs);
    if (set === undefined) {
      throw new InvalidArgumentError('Expected inputs that this learner created with `createInputs`, got others');
    }
    if (calls.length > MOST_CALLS) {
      throw new InvalidArgumentError(`Expected at most ${MOST_CALLS} phases in an update, got ${calls.length}`);
    }
    const names = Object.keys(program.phases);
    this.#calls[0] = set;
    this.#calls[1] = calls.length;
    for (const [i, { phase, updateTargets, learningRate }] of calls.entries()) {
      const at = 2 + NUMBERS_PER_CALL * i;
      this.#calls[at] = names.indexOf(phase);
      this.#calls[at + 1] = updateTargets ? 1 : 0;
      this.#calls[at + 2] = learningRate ?? program.phases[phase]!.optimizer.learningRate;
      this.#calls[at + 3] = this.#steps[phase]! + 1;
    }
    try {
      await this.#request();
    } finally {
      const completed = Atomics.load(this.#control, COMPLETED);
      for (const { phase } of calls.slice(0, completed)) this.#steps[phase]!++;
    }
    return Object.fromEntries(calls.map(({ phase }) => [phase, this.#outputs(phase)]));
  }

  readOptimizer(phase: string): OptimizerState {
    const { trained } = this.#phase(phase);
    return {
      step: this.#steps[phase]!,
      firstMoment: this.#readMoment(phase, trained.firstMoment),
      secondMoment: this.#readMoment(phase, trained.secondMoment),
    };
  }

  writeOptimizer(phase: string, state: OptimizerState): void {
    const { trained, group } = this.#phase(phase);
    checkValues(group, this.#parts.parameters.groups[group]!, state.firstMoment);
    checkValues(group, this.#parts.parameters.groups[group]!, state.secondMoment);
    for (const [begin, values] of [
      [trained.firstMoment, state.firstMoment],
      [trained.secondMoment, state.secondMoment],
    ] as const) {
      for (const [name, view] of this.#momentViews(phase, begin)) view.set(values[name]!);
    }
    this.#steps[phase] = state.step;
  }

  async dispose(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.postMessage({ kind: 'close' });
    this.#worker = undefined;
    worker.ref();
    this.#requested++;
    Atomics.store(this.#control, REQUESTED, this.#requested);
    Atomics.notify(this.#control, REQUESTED);
    await this.#exited;
  }

  #open(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    throw new RuntimeError('Expected a learner that is open, got one that was disposed of');
  }

  #phase(phase: string): PlannedPhase {
    checkCalls(this.#parts.program, [{ phase, updateTargets: false }]);
    return this.#parts.phases[phase]!;
  }

  async #request(): Promise<void> {
    this.#busy = true;
    this.#requested++;
    Atomics.store(this.#control, REQUESTED, this.#requested);
    Atomics.notify(this.#control, REQUESTED);
    try {
      await this.#answer();
    } finally {
      this.#busy = false;
    }
  }

  /** Waits, without holding up this thread, until every request was answered. @throws what the thread failed with */
  async #answer(): Promise<void> {
    this.#worker?.ref();
    for (;;) {
      const answered = Atomics.load(this.#control, ANSWERED);
      if (answered >= this.#requested) break;
      const waiting = Atomics.waitAsync(this.#control, ANSWERED, answered);
      if (waiting.async) await waiting.value;
    }
    if (Atomics.load(this.#control, FAILED) === 1) {
      // The words of a failure may arrive after its sign.
      if (this.#failure === undefined) await once(this.#worker!, 'message');
      const failure = this.#failure as ThreadFailure | undefined;
      this.#failure = undefined;
      this.#worker?.unref();
      throw asError(failure!);
    }
    // An idle thread keeps nobody's program running.
    this.#worker?.unref();
  }

  #outputs(phase: string): PhaseOutputs {
    const { memory } = this.#parts.parameters;
    const entries = Object.entries(this.#parts.phases[phase]!.outputs).map(([name, { begin, shape }]) => [
      name,
      Float32Array.from(memory.numbers(begin, sizeOf(shape))),
    ]);
    return Object.fromEntries(entries);
  }

  #momentViews(phase: string, begin: number): [string, Float32Array][] {
    const { parameters, phases } = this.#parts;
    const { places } = parameters.placed[phases[phase]!.group]!;
    return Object.entries(places).map(([name, { offset, length }]) => [
      name,
      parameters.memory.numbers(begin + offset, length),
    ]);
  }

  #readMoment(phase: string, begin: number): Record<string, Float32Array> {
    return Object.fromEntries(this.#momentViews(phase, begin).map(([name, view]) => [name, Float32Array.from(view)]));
  }
}

function asError({ code, message }: ThreadFailure): Error {
  return code === 'ERR_NOT_FINITE' ? new NotFiniteError(message) : new RuntimeError(message);
}
