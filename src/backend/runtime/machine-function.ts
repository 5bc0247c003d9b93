import { type Assembler, assemble } from '../machine/assembler.ts';
import { ExecutableMemory } from './executable-memory.ts';
import { loadKoffi, prototype } from './koffi.ts';

/** Machine code that can be called from here. */
export class MachineFunction {
  /** Not to be called after `free`. */
  readonly call: (...parameters: readonly unknown[]) => void;
  readonly #memory: ExecutableMemory;

  /** @param signature in C; a name stands for one signature @throws RuntimeError where machine code cannot be run */
  constructor(signature: string, emit: (assembler: Assembler) => void) {
    const koffi = loadKoffi();
    const code = assemble(emit);
    this.#memory = new ExecutableMemory(koffi, code.length);
    this.#memory.seal(code);
    this.call = koffi.decode(Number(this.#memory.place), prototype(koffi, signature)) as typeof this.call;
  }

  free(): void {
    this.#memory.free();
  }
}
