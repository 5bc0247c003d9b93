import { sizeOf } from '../../core/box.ts';
import { MachineOptimizer } from '../optimizer/machine-optimizer.ts';
import { Optimizer, type TrainedPlace } from '../optimizer/optimizer.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import type { Binding, BoundRun, Runtime, RuntimeSession } from '../runtime/runtime.ts';
import type { LearnerPlan, PhasePlan, PlacedBinding } from './plan.ts';

/** Arrays of an input set, by name. */
export type SharedArrays = Readonly<Record<string, Float32Array | Uint8Array>>;

/** A part of the work on a phase. */
export interface Share {
  readonly phase: number;
  /** From 0. */
  readonly share: number;
}

/** An optimizer step of a phase. */
export interface StepCall {
  readonly updateTargets: boolean;
  readonly learningRate: number;
  /** Number of this step, from 1. */
  readonly step: number;
  readonly gradientScale: number;
}

/** Numbers from which a step is worth a second thread, where its gradient was made by one. */
const WORTH_SHARING = 1 << 18;
/** Parts begin at cache lines. */
const FLOATS_PER_LINE = 16;

/** Does shares of updates: of some rows the gradients, of some range of the weights the optimizer's step. */
export class ShareWorker {
  readonly #plan: LearnerPlan;
  readonly #own: number;
  readonly #runtime: Runtime;
  readonly #optimizer: Optimizer;
  /** By phase; undefined where this thread has no share. */
  readonly #sessions: (RuntimeSession | undefined)[] = [];
  /** By input set, then by phase, then by share. */
  readonly #bound = new Map<number, BoundRun[][]>();

  /** @param own the one share that it will do; 0, the learner's own thread: any */
  constructor(plan: LearnerPlan, own: number) {
    this.#plan = plan;
    this.#own = own;
    this.#runtime = createRuntime({ threads: plan.threads }, plan.runtime);
    this.#optimizer = plan.machineCode ? new MachineOptimizer(plan.memory) : new Optimizer(plan.memory);
  }

  /** @throws RuntimeError when a graph cannot be built */
  async open(): Promise<void> {
    const { phases, profilePrefix: prefix } = this.#plan;
    for (const { name, model, programs, shares } of phases) {
      if (this.#own >= shares.length) {
        this.#sessions.push(undefined);
        continue;
      }
      const options = {
        programs,
        ...(shares.length === 1 ? {} : { threads: 1 }),
        ...(prefix === undefined || this.#own > 0 ? {} : { profilePrefix: `${prefix}-${name}` }),
      };
      this.#sessions.push(await this.#runtime.createSession(model, options));
    }
  }

  addInputs(set: number, arrays: SharedArrays): void {
    const bound = this.#plan.phases.map((phase, i) => {
      const parameters = phase.parameters.map((place) => this.#binding(place));
      const runs: BoundRun[] = [];
      for (const [share, { outputs }] of phase.shares.entries()) {
        if (this.#own !== 0 && this.#own !== share) continue;
        const inputs = phase.inputs.map((name) => this.#rows(name, arrays[name]!, { share, of: phase.shares.length }));
        const places = outputs.map((place) => this.#binding(place));
        runs[share] = this.#sessions[i]!.bind([...parameters, ...inputs], places);
      }
      return runs;
    });
    this.#bound.set(set, bound);
  }

  /** Loss and gradient of the share's rows. */
  run({ phase, share }: Share, set: number): void | Promise<void> {
    return this.#bound.get(set)![phase]![share]!.run();
  }

  /** Adds up all shares' gradients over this share's range. @returns the sum of the squares of what comes out there */
  gather({ phase, share }: Share): number {
    const { trained, shares } = this.#plan.phases[phase]!;
    const { begin, length } = this.#range(phase, share);
    const own = trained.gradient + begin;
    const last = shares.length - 1;
    for (const { gradient } of shares.slice(1, last)) this.#optimizer.add(own, gradient + begin, length);
    if (last === 0) return this.#optimizer.sumOfSquares(own, length);
    return this.#optimizer.addAndSquare(own, shares[last]!.gradient + begin, length);
  }

  /** Adam and the targets' steps over the share's range. */
  step({ phase, share }: Share, call: StepCall): void {
    const { trained, targets, optimizer } = this.#plan.phases[phase]!;
    const { begin, length } = this.#range(phase, share);
    const place = part(trained, begin, length);
    const moved = (call.updateTargets ? targets : []).map(({ weights, tau }) => ({ weights: weights + begin, tau }));
    const [first, ...others] = moved;
    this.#optimizer.adam(place, { options: optimizer, ...call, ...(first === undefined ? {} : { target: first }) });
    for (const { weights, tau } of others) this.#optimizer.polyak(weights, place.weights, length, tau);
  }

  async close(): Promise<void> {
    for (const phases of this.#bound.values()) for (const runs of phases) for (const run of runs) run?.dispose();
    for (const session of this.#sessions) {
      if (this.#plan.profilePrefix !== undefined && this.#own === 0) session?.endProfiling();
      await session?.dispose();
    }
    this.#optimizer.dispose();
    this.#runtime.dispose();
  }

  /** Of a share: in bytes from a group's begin, and in numbers. */
  #range(phase: number, share: number): { readonly begin: number; readonly length: number } {
    const { trained } = this.#plan.phases[phase]!;
    const size = stepShares(this.#plan.phases[phase]!, this.#plan.team);
    const lines = trained.length / FLOATS_PER_LINE;
    const first = FLOATS_PER_LINE * Math.floor((lines * share) / size);
    const end = FLOATS_PER_LINE * Math.floor((lines * (share + 1)) / size);
    return { begin: Float32Array.BYTES_PER_ELEMENT * first, length: end - first };
  }

  #rows(name: string, array: Float32Array | Uint8Array, { share, of }: { share: number; of: number }): Binding {
    const { shape } = this.#plan.inputs[name]!;
    if (of === 1) return { name, array, shape };
    const length = array.length / of;
    const rows = array.subarray(length * share, length * (share + 1));
    return { name, array: rows, shape: [shape[0]! / of, ...shape.slice(1)] };
  }

  #binding({ name, begin, shape }: PlacedBinding): Binding {
    return { name, shape, array: new Float32Array(this.#plan.memory.buffer, begin, sizeOf(shape)) };
  }
}

/** Into how many shares a phase's optimizer step is divided. */
export function stepShares({ shares, trained }: PhasePlan, team: number): number {
  if (shares.length > 1) return shares.length;
  return trained.length < WORTH_SHARING ? 1 : team;
}

function part(place: TrainedPlace, bytes: number, length: number): TrainedPlace {
  return {
    weights: place.weights + bytes,
    gradient: place.gradient + bytes,
    firstMoment: place.firstMoment + bytes,
    secondMoment: place.secondMoment + bytes,
    length,
  };
}
