import { MACHINE_DOMAIN, type MachineProgram } from '../machine/program.ts';
import { buildProgramImage } from '../machine/program-image.ts';
import type { CLibrary, Pointer } from './c-library.ts';
import { ExecutableMemory } from './executable-memory.ts';

/** Programs in machine code that are nodes of a session's graph. To be released after the session. */
export class ProgramDomain {
  readonly pointer: Pointer;
  readonly #library: CLibrary;
  readonly #memory: ExecutableMemory;

  /** @throws RuntimeError when the system or ONNX Runtime refuses them */
  constructor(library: CLibrary, programs: readonly MachineProgram[]) {
    const functions = library.kernelFunctions;
    const { length } = buildProgramImage(programs, functions, 0n).bytes;
    this.#library = library;
    this.pointer = library.make('createOperatorDomain', 'make a domain of operators', MACHINE_DOMAIN);
    this.#memory = new ExecutableMemory(library.koffi, length);
    try {
      const { bytes, tables } = buildProgramImage(programs, functions, this.#memory.place);
      this.#memory.seal(bytes);
      for (const table of tables) library.check(library.functions.addOperator(this.pointer, table), 'add an operator');
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release(): void {
    this.#library.functions.releaseOperatorDomain(this.pointer);
    this.#memory.free();
  }
}
