import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** Tensors by name. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** Tensors of several groups of parameters: by group, then by name. */
export type GroupedTensors = Readonly<Record<string, Tensors>>;

/** A weight: its shape and the values that it starts with, row by row. */
export interface ParameterSpecification {
  readonly shape: readonly number[];
  readonly initial: Float32Array;
}

/**
 * Weights by name, in an order that is kept: a network, or several that one optimizer trains together. Dense kernels are
 * stored [out, in], convolution filters [height, width, in, out].
 */
export type ParameterGroup = Readonly<Record<string, ParameterSpecification>>;

export interface InputSpecification {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'uint8';
}

/** Where an input's numbers are written before a call: an array in the engine's own memory. */
export type InputArrays = Readonly<Record<string, Float32Array | Uint8Array>>;

/** Adam (Kingma and Ba 2015). */
export interface AdamOptions {
  /** Can be given anew at each update, for schedules. */
  readonly learningRate: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
  /** Added to the gradient: weightDecay × weight, as PyTorch's `Adam` does it. Default 0. */
  readonly weightDecay?: number;
  /** The gradient of the whole group is scaled down to this norm when it is longer. Default: no limit. */
  readonly maxGradientNorm?: number;
}

/** What a loss function gives back. */
export interface PhaseResult {
  readonly loss: Scalar;
  /** Further values to hand out, such as temporal-difference errors. No gradient flows through them. */
  readonly outputs?: Tensors;
}

/** One gradient and one optimizer step: of the critic, or of the actor. */
export interface UpdatePhase {
  /** The group that this phase trains. */
  readonly trains: string;
  /** Further groups that the loss reads as constants. */
  readonly reads: readonly string[];
  /** Names of the inputs that the loss reads. */
  readonly inputs: readonly string[];
  readonly optimizer: AdamOptions;
  /**
   * The loss is a mean over rows, each term of one row alone; every input begins with the rows, and every output has as
   * many numbers for each. An engine may then take the rows in parts, beside each other, and average. Default: false.
   */
  readonly rowwise?: boolean;
  /** Written with TensorFlow.js operations; called once when it is compiled, or at each update when run eagerly. */
  loss(parameters: GroupedTensors, inputs: Tensors): PhaseResult;
}

/** A target network: it follows another group slowly (Polyak averaging). */
export interface TargetSpecification {
  /** The group that it follows, of the same names and shapes. */
  readonly follows: string;
  /** target ← (1 - tau) × target + tau × followed. 0 to 1. */
  readonly tau: number;
}

/** Everything that training a set of networks consists of. */
export interface LearnerProgram {
  readonly inputs: Readonly<Record<string, InputSpecification>>;
  readonly phases: Readonly<Record<string, UpdatePhase>>;
  /** By the target group's name. */
  readonly targets: Readonly<Record<string, TargetSpecification>>;
}

/** One phase to run in an update. */
export interface PhaseCall {
  readonly phase: string;
  /** Let the targets that follow the trained group take a step after it. */
  readonly updateTargets: boolean;
  /** Instead of the optimizer's own. */
  readonly learningRate?: number;
}

/** Values that came out of a phase: `loss`, `gradientNorm` (before scaling), and the loss function's outputs. Copies. */
export type PhaseOutputs = Readonly<Record<string, Float32Array>>;

/** The weights of several groups, in the engine's memory. */
export interface ParameterStore {
  readonly groups: Readonly<Record<string, ParameterGroup>>;
  /** Copies of a group's weights, by name. */
  read(group: string): Readonly<Record<string, Float32Array>>;
  /** Replaces weights; every name of the group must be there, of the right length. */
  write(group: string, values: Readonly<Record<string, Float32Array>>): void;
  /** Frees the memory. Learners and functions made over it must have been disposed of before. */
  dispose(): void;
}

/** An optimizer's memory, for checkpoints. */
export interface OptimizerState {
  /** Optimizer steps taken. */
  readonly step: number;
  readonly firstMoment: Readonly<Record<string, Float32Array>>;
  readonly secondMoment: Readonly<Record<string, Float32Array>>;
}

/** Trains the groups of a store. Calls must not overlap. */
export interface Learner {
  /** A set of input arrays. Several may exist: one is filled while another is learnt from. */
  createInputs(): InputArrays;
  /**
   * Runs phases one after the other on the same inputs; the event loop goes on meanwhile where the engine can.
   *
   * @returns each phase's outputs, by the phase's name
   * @throws NotFiniteError when a loss or gradient is not finite: weights and moments are as before that phase, or, where
   *   single entries of a gradient were not finite, without those entries' steps
   */
  update(inputs: InputArrays, calls: readonly PhaseCall[]): Promise<Readonly<Record<string, PhaseOutputs>>>;
  readOptimizer(phase: string): OptimizerState;
  writeOptimizer(phase: string, state: OptimizerState): void;
  dispose(): Promise<void>;
}

/** A function of weights and inputs, such as a policy's forward pass. */
export interface FunctionSpecification {
  readonly reads: readonly string[];
  readonly inputs: Readonly<Record<string, InputSpecification>>;
  /** Written with TensorFlow.js operations. */
  compute(parameters: GroupedTensors, inputs: Tensors): Tensors;
}

/** A compiled (or eager) function over a store's live weights. */
export interface EngineFunction {
  /** Written by the caller before `run`. */
  readonly inputs: InputArrays;
  /** Valid after `run`, until the next one. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
  /** Not while a learner of the same store updates. Resolves at once where the engine can answer in place. */
  run(): void | Promise<void>;
  dispose(): void | Promise<void>;
}

/** Runs models. There are several: compiled, and eager on TensorFlow.js backends. */
export interface Engine {
  /** `compiled`, or the name of the TensorFlow.js backend. */
  readonly name: string;
  /** What it runs on, for people and provenance. */
  readonly description: string;
  createParameters(groups: Readonly<Record<string, ParameterGroup>>): ParameterStore;
  createLearner(store: ParameterStore, program: LearnerProgram): Promise<Learner>;
  createFunction(store: ParameterStore, specification: FunctionSpecification): Promise<EngineFunction>;
  dispose(): Promise<void>;
}
