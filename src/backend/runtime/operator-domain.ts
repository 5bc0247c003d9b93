import { MACHINE_DOMAIN, type MachineOperator } from '../machine/operator.ts';
import { buildOperatorImage, type KernelFunctions } from '../machine/operator-image.ts';
import type { CLibrary, Pointer } from './c-library.ts';
import { ExecutableMemory } from './executable-memory.ts';

/** Operators in machine code that a session's graph may use. To be released after the session. */
export class OperatorDomain {
  readonly pointer: Pointer;
  readonly #library: CLibrary;
  readonly #memory: ExecutableMemory;

  /** @throws RuntimeError when the system or ONNX Runtime refuses them */
  constructor(library: CLibrary, operators: readonly MachineOperator[]) {
    const functions: KernelFunctions = library.kernelFunctions;
    const { length } = buildOperatorImage(operators, functions, 0n).bytes;
    const memory = new ExecutableMemory(library.koffi, length);
    try {
      const { bytes, tables } = buildOperatorImage(operators, functions, memory.place);
      memory.seal(bytes);
      this.pointer = library.make('createOperatorDomain', 'make a domain of operators', MACHINE_DOMAIN);
      for (const table of tables) library.check(library.functions.addOperator(this.pointer, table), 'add an operator');
    } catch (error) {
      memory.free();
      throw error;
    }
    this.#library = library;
    this.#memory = memory;
  }

  release(): void {
    this.#library.functions.releaseOperatorDomain(this.pointer);
    this.#memory.free();
  }
}
