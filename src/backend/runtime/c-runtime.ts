import { CLibrary, type Pointer } from './c-library.ts';
import { ProgramDomain } from './program-domain.ts';
import {
  type Binding,
  type BoundRun,
  type Runtime,
  RuntimeError,
  type RuntimeOptions,
  type RuntimeSession,
  type SessionOptions,
} from './runtime.ts';

const WARNINGS_AND_WORSE = 3;
const ELEMENT_FLOAT32 = 1;
const ELEMENT_UINT8 = 2;
const DEVICE_ALLOCATOR = 0;
const DEFAULT_MEMORY = 0;

/** ONNX Runtime through its C API: inputs and outputs are arrays of ours, nothing is copied, a run is one call. */
export class CRuntime implements Runtime {
  readonly name = 'c-api';
  readonly description: string;
  readonly #library: CLibrary;
  readonly #environment: Pointer;
  readonly #memory: Pointer;
  #disposed = false;

  /**
   * All sessions of a process share one pool of threads (a pool for each would spin beside the others); the first
   * runtime of the process decides how many.
   *
   * @throws RuntimeError when koffi or ONNX Runtime's library is not there
   */
  constructor({ threads }: RuntimeOptions) {
    const library = new CLibrary();
    const threading = library.make('createThreadingOptions', 'make threading options');
    try {
      library.check(library.functions.setThreads(threading, threads), 'set the number of threads');
      this.#environment = library.make(
        'createEnvironment',
        'make an environment',
        WARNINGS_AND_WORSE,
        'torcs-pilot',
        threading,
      );
    } finally {
      library.functions.releaseThreadingOptions(threading);
    }
    this.#memory = library.make('createCpuMemoryInfo', 'describe memory', DEVICE_ALLOCATOR, DEFAULT_MEMORY);
    this.#library = library;
    this.description = `ONNX Runtime ${library.version}, C API, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  }

  async createSession(model: Uint8Array, options: SessionOptions = {}): Promise<RuntimeSession> {
    if (this.#disposed) throw new RuntimeError('Expected a runtime that is open, got one that was disposed of');
    const library = this.#library;
    const settings = library.make('createSessionOptions', 'make session options');
    const { threads, programs = [] } = options;
    let domain: ProgramDomain | undefined;
    try {
      if (programs.length > 0) {
        domain = new ProgramDomain(library, programs);
        library.check(library.functions.addOperatorDomain(settings, domain.pointer), 'add a domain of operators');
      }
      if (threads === undefined) library.check(library.functions.disableSessionThreads(settings), 'share threads');
      else library.check(library.functions.setSessionThreads(settings, threads), 'set the number of threads');
      library.check(library.functions.disableMemoryPattern(settings), 'switch memory patterns off');
      if (options.profilePrefix !== undefined) {
        library.check(library.functions.enableProfiling(settings, options.profilePrefix), 'profile');
      }
      const session = library.make(
        'createSessionFromArray',
        'build a graph',
        this.#environment,
        model,
        model.length,
        settings,
      );
      return new CSession(library, this.#memory, session, domain);
    } catch (error) {
      domain?.release();
      throw error;
    } finally {
      library.functions.releaseSessionOptions(settings);
    }
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#library.functions.releaseMemoryInfo(this.#memory);
    this.#library.functions.releaseEnvironment(this.#environment);
  }
}

class CSession implements RuntimeSession {
  readonly #library: CLibrary;
  readonly #memory: Pointer;
  readonly #domain: ProgramDomain | undefined;
  #session: Pointer | undefined;
  #bound = 0;

  constructor(library: CLibrary, memory: Pointer, session: Pointer, domain: ProgramDomain | undefined) {
    this.#library = library;
    this.#domain = domain;
    this.#memory = memory;
    this.#session = session;
  }

  bind(inputs: readonly Binding[], outputs: readonly Binding[]): BoundRun {
    const session = this.#session;
    if (session === undefined) throw new RuntimeError('Expected a session that is open, got one that was disposed of');
    const library = this.#library;
    const { koffi, functions } = library;
    // Everything that the library is given pointers to lives as long as this object.
    const kept: unknown[] = [];
    const values: Pointer[] = [];
    const tensor = ({ array, shape }: Binding): bigint => {
      const type = array instanceof Uint8Array ? ELEMENT_UINT8 : ELEMENT_FLOAT32;
      const dimensions = BigInt64Array.from(shape, BigInt);
      kept.push(array);
      const address = koffi.address(array) as bigint;
      const value = library.make(
        'createTensor',
        'make a tensor',
        this.#memory,
        address,
        array.byteLength,
        dimensions,
        shape.length,
        type,
      );
      values.push(value);
      return koffi.address(value) as bigint;
    };
    const text = (name: string): bigint => {
      const bytes = Buffer.from(`${name}\0`);
      kept.push(bytes);
      return koffi.address(bytes) as bigint;
    };
    const pointers = (addresses: readonly bigint[]): BigUint64Array => {
      const array = BigUint64Array.from(addresses);
      kept.push(array);
      return array;
    };
    const inputNames = pointers(inputs.map(({ name }) => text(name)));
    const inputValues = pointers(inputs.map(tensor));
    const outputNames = pointers(outputs.map(({ name }) => text(name)));
    const outputValues = pointers(outputs.map(tensor));
    this.#bound++;
    let open = true;
    return {
      run: () => {
        if (!open) throw new RuntimeError('Expected a run that is open, got one that was disposed of');
        const status = functions.run(
          session,
          null,
          inputNames,
          inputValues,
          inputs.length,
          outputNames,
          outputs.length,
          outputValues,
        );
        if (status !== null) library.check(status, 'run a graph');
      },
      dispose: () => {
        if (!open) return;
        open = false;
        for (const value of values) functions.releaseValue(value);
        kept.length = 0;
        this.#bound--;
      },
    };
  }

  endProfiling(): string | undefined {
    const library = this.#library;
    const allocator = library.make('getDefaultAllocator', 'find its allocator');
    const file = library.make('endProfiling', 'write the profile', this.#session, allocator);
    const name = library.koffi.decode(file, 'char', -1) as string;
    library.check(library.functions.freeAllocated(allocator, file), 'free a text');
    return name;
  }

  async dispose(): Promise<void> {
    if (this.#session === undefined) return;
    if (this.#bound > 0) throw new RuntimeError('Expected every run of the session to be disposed of first');
    const session = this.#session;
    this.#session = undefined;
    this.#library.functions.releaseSession(session);
    this.#domain?.release();
  }
}
