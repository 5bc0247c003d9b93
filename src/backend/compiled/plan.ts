import type { AdamOptions, InputSpecification } from '../../core/engine.ts';
import type { MachineProgram } from '../machine/program.ts';
import type { TrainedPlace } from '../optimizer/optimizer.ts';
import type { RuntimeName } from '../runtime/create-runtime.ts';

/** Numbers in the shared memory. */
export interface NumbersPlace {
  readonly begin: number;
  readonly shape: readonly number[];
}

/** A graph's input or output, and where in the shared memory it lies. */
export type PlacedBinding = NumbersPlace & { readonly name: string };

/** Shares of a phase at most. */
export const MOST_SHARES = 4;
/** Every share has a gradient of its own: with more numbers than these, adding them up costs what was gained. */
export const MOST_SHARED_NUMBERS = 1 << 23;

/** What one of an update's threads makes of a phase. */
export interface PhaseShare {
  /** Gradients, loss, further outputs. */
  readonly outputs: readonly PlacedBinding[];
  readonly loss: number;
  readonly gradient: number;
}

/** One phase, as a learner's threads run it. */
export interface PhasePlan {
  readonly name: string;
  readonly model: Uint8Array;
  readonly programs: readonly MachineProgram[];
  readonly parameters: readonly PlacedBinding[];
  /** The learner's inputs that the graph reads. */
  readonly inputs: readonly string[];
  /**
   * One: the learner's thread runs the whole batch, and the library shares its nodes among threads of its own. Several:
   * each thread runs as many rows, alone.
   */
  readonly shares: readonly PhaseShare[];
  /** Where the mean of the shares' losses is written. */
  readonly loss: number;
  readonly gradientNorm: number;
  /** Its gradient is the first share's; what the others made is added to it. */
  readonly trained: TrainedPlace;
  readonly targets: readonly { readonly weights: number; readonly tau: number }[];
  readonly optimizer: AdamOptions;
}

/** Everything that a learner's thread is started with. It knows no algorithm: graphs, places and an order of work. */
export interface LearnerPlan {
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
  readonly runtime: RuntimeName;
  readonly threads: number;
  /** Whether the optimizer steps in machine code. */
  readonly machineCode: boolean;
  /** Threads that work on an update: the learner's and its helpers. */
  readonly team: number;
  readonly inputs: Readonly<Record<string, InputSpecification>>;
  readonly phases: readonly PhasePlan[];
  readonly profilePrefix?: string | undefined;
}

/** Words of 4 bytes at the start of `control`. */
export const REQUESTED = 0;
export const ANSWERED = 1;
/** Whether the last answer tells of a failure; a message that says which follows or was sent. */
export const FAILED = 2;
/** How many calls of the last update were done. */
export const COMPLETED = 3;
export const CONTROL_WORDS = 4;
/** From here on numbers of 8 bytes: the input set, the number of calls, then four numbers for each call. */
export const CALLS_OFFSET = 16;
export const NUMBERS_PER_CALL = 4;
export const MOST_CALLS = 16;
export const CONTROL_BYTES = CALLS_OFFSET + 8 * (2 + NUMBERS_PER_CALL * MOST_CALLS);

/** To the learner's thread. */
export type LearnerRequest =
  | {
      readonly kind: 'inputs';
      readonly set: number;
      readonly arrays: Readonly<Record<string, Float32Array | Uint8Array>>;
    }
  | { readonly kind: 'close' };
