import { MACHINE_DOMAIN, type MachineProgram } from '../machine/program.ts';
import { buildProgramImage, type KernelFunctions } from '../machine/program-image.ts';
import type { CLibrary, Pointer } from './c-library.ts';
import { ExecutableMemory } from './executable-memory.ts';

/** Programs in machine code that are nodes of a session's graph. To be released after the session. */
export class ProgramDomain {
  readonly pointer: Pointer;
  readonly #library: CLibrary;
  readonly #memory: ExecutableMemory;

  /** @throws RuntimeError when the system or ONNX Runtime refuses them */
  constructor(library: CLibrary, programs: readonly MachineProgram[]) {
    const functions: KernelFunctions = library.kernelFunctions;
    const { length } = buildProgramImage(programs, functions, 0n).bytes;
    const memory = new ExecutableMemory(library.koffi, length);
    try {
      const { bytes, tables } = buildProgramImage(programs, functions, memory.place);
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
