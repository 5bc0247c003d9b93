import { TorcsPilotError } from '../../core/errors.ts';
import type { MachineProgram } from '../machine/program.ts';

/** ONNX Runtime could not be loaded, or refused a graph or a run; the message holds its own words. */
export class RuntimeError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_RUNTIME', message, options);
  }
}

/** An input or output of a graph, and the array that it is read from or written to. */
export interface Binding {
  readonly name: string;
  readonly array: Float32Array | Uint8Array;
  readonly shape: readonly number[];
}

/** A graph with its arrays: running it reads and writes them in place. */
export interface BoundRun {
  /** @throws RuntimeError */
  run(): void | Promise<void>;
  dispose(): void;
}

export interface RuntimeSession {
  /** Arrays are held until the run is disposed of. */
  bind(inputs: readonly Binding[], outputs: readonly Binding[]): BoundRun;
  /** Writes the profile, where profiling was asked for, and returns its file. */
  endProfiling(): string | undefined;
  /** Runs bound to it must have been disposed of before. */
  dispose(): Promise<void>;
}

export interface SessionOptions {
  /** Threads that the graph's larger nodes share, the calling one included. Default: the runtime's own. */
  readonly threads?: number | undefined;
  /** Programs in machine code that are nodes of the graph; with ONNX Runtime's C API only. */
  readonly programs?: readonly MachineProgram[] | undefined;
  /** Write a profile of every node: the file's name begins so. */
  readonly profilePrefix?: string | undefined;
}

/** A way to run ONNX graphs. */
export interface Runtime {
  readonly name: 'c-api' | 'onnxruntime-node';
  /** For people and provenance. */
  readonly description: string;
  /** @throws RuntimeError when the graph cannot be built */
  createSession(model: Uint8Array, options?: SessionOptions): Promise<RuntimeSession>;
  dispose(): void;
}

export interface RuntimeOptions {
  /** Threads that a graph's larger nodes share, the calling one included. */
  readonly threads: number;
}
