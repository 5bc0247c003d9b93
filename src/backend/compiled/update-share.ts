import { sizeOf } from '../../core/box.ts';
import { Optimizer, type TrainedPlace } from '../optimizer/optimizer.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import type { Binding, BoundRun, Runtime, RuntimeSession } from '../runtime/runtime.ts';
import type { LearnerPlan, PhasePlan, PlacedBinding } from './plan.ts';

/** Arrays of an input set, by name. */
export type SharedArrays = Readonly<Record<string, Float32Array | Uint8Array>>;

/** An optimizer step of a phase. */
export interface StepCall {
  readonly updateTargets: boolean;
  readonly learningRate: number;
  /** Number of this step, from 1. */
  readonly step: number;
  readonly gradientScale: number;
}

/** Numbers from which a step is worth a second thread, where its gradient was made by one. */
export const WORTH_SHARING = 1 << 18;
/** Parts begin at cache lines. */
const FLOATS_PER_LINE = 16;

/** What one thread of an update's team does: its rows of the gradients, its range of the weights. */
export class UpdateShare {
  readonly #plan: LearnerPlan;
  readonly #index: number;
  readonly #runtime: Runtime;
  readonly #optimizer: Optimizer;
  /** By phase; undefined where this thread has no rows. */
  readonly #sessions: (RuntimeSession | undefined)[] = [];
  /** By input set, then by phase. */
  readonly #bound = new Map<number, (BoundRun | undefined)[]>();

  /** @param index the thread's place in the team; 0 is the learner's own */
  constructor(plan: LearnerPlan, index: number) {
    this.#plan = plan;
    this.#index = index;
    this.#runtime = createRuntime({ threads: plan.threads }, plan.runtime);
    this.#optimizer = new Optimizer(plan.memory);
  }

  /** @throws RuntimeError when a graph cannot be built */
  async open(): Promise<void> {
    const { phases, profilePrefix: prefix } = this.#plan;
    for (const { name, model, shares } of phases) {
      if (this.#index >= shares.length) {
        this.#sessions.push(undefined);
        continue;
      }
      const options = {
        ...(shares.length === 1 ? {} : { threads: 1 }),
        ...(prefix === undefined || this.#index > 0 ? {} : { profilePrefix: `${prefix}-${name}` }),
      };
      this.#sessions.push(await this.#runtime.createSession(model, options));
    }
  }

  addInputs(set: number, arrays: SharedArrays): void {
    const bound = this.#plan.phases.map((phase, i) => {
      const share = phase.shares[this.#index];
      if (share === undefined) return undefined;
      const inputs = phase.inputs.map((name) => this.#rows(name, arrays[name]!, phase.shares.length));
      const parameters = phase.parameters.map((place) => this.#binding(place));
      const outputs = share.outputs.map((place) => this.#binding(place));
      return this.#sessions[i]!.bind([...parameters, ...inputs], outputs);
    });
    this.#bound.set(set, bound);
  }

  /** Loss and gradient of this thread's rows. */
  run(phase: number, set: number): void | Promise<void> {
    return this.#bound.get(set)![phase]!.run();
  }

  /** Adds up the shares' gradients over this thread's range. @returns the sum of the squares of what comes out there */
  gather(phase: number): number {
    const { trained, shares } = this.#plan.phases[phase]!;
    const { begin, length } = this.#range(phase);
    for (const { gradient } of shares.slice(1)) {
      this.#optimizer.add(trained.gradient + begin, gradient + begin, length);
    }
    return this.#optimizer.sumOfSquares(trained.gradient + begin, length);
  }

  /** Adam and the targets' steps over this thread's range. */
  step(phase: number, call: StepCall): void {
    const { trained, targets, optimizer } = this.#plan.phases[phase]!;
    const { begin, length } = this.#range(phase);
    const place = part(trained, begin, length);
    const moved = (call.updateTargets ? targets : []).map(({ weights, tau }) => ({ weights: weights + begin, tau }));
    const [first, ...others] = moved;
    this.#optimizer.adam(place, { options: optimizer, ...call, ...(first === undefined ? {} : { target: first }) });
    for (const { weights, tau } of others) this.#optimizer.polyak(weights, place.weights, length, tau);
  }

  async close(): Promise<void> {
    for (const runs of this.#bound.values()) for (const run of runs) run?.dispose();
    for (const session of this.#sessions) {
      if (this.#plan.profilePrefix !== undefined && this.#index === 0) session?.endProfiling();
      await session?.dispose();
    }
    this.#runtime.dispose();
  }

  /** In bytes from a group's begin, and in numbers. */
  #range(phase: number): { readonly begin: number; readonly length: number } {
    const { trained } = this.#plan.phases[phase]!;
    const size = stepTeam(this.#plan.phases[phase]!, this.#plan.team);
    const lines = trained.length / FLOATS_PER_LINE;
    const first = FLOATS_PER_LINE * Math.floor((lines * this.#index) / size);
    const end = FLOATS_PER_LINE * Math.floor((lines * (this.#index + 1)) / size);
    return { begin: Float32Array.BYTES_PER_ELEMENT * first, length: end - first };
  }

  #rows(name: string, array: Float32Array | Uint8Array, shares: number): Binding {
    const { shape } = this.#plan.inputs[name]!;
    if (shares === 1) return { name, array, shape };
    const length = array.length / shares;
    const rows = array.subarray(length * this.#index, length * (this.#index + 1));
    return { name, array: rows, shape: [shape[0]! / shares, ...shape.slice(1)] };
  }

  #binding({ name, begin, shape }: PlacedBinding): Binding {
    return { name, shape, array: new Float32Array(this.#plan.memory.buffer, begin, sizeOf(shape)) };
  }
}

/** How many threads share a phase's optimizer step. */
export function stepTeam({ shares, trained }: PhasePlan, team: number): number {
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
