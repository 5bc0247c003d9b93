import { emitAdam } from '../machine/adam.ts';
import { Assembler, VECTOR_FLOATS } from '../machine/assembler.ts';
import { emitSquares } from '../machine/squares.ts';
import { ExecutableMemory } from '../runtime/executable-memory.ts';
import { loadKoffi, prototype } from '../runtime/koffi.ts';
import { RuntimeError } from '../runtime/runtime.ts';
import { type AdamCall, adamCoefficients, Optimizer, type TrainedPlace } from './optimizer.ts';

type Code = (...parameters: readonly unknown[]) => void;

const ADAM =
  'void machine_adam(uint64_t weights, uint64_t first, uint64_t second, uint64_t gradient, uint64_t target, uint64_t groups, const float *factors)';
const SQUARES = 'void machine_squares(uint64_t numbers, uint64_t added, uint64_t groups, _Out_ double *sums)';

/** Functions of the optimizer's code, with their signatures. */
const FUNCTIONS: Readonly<Record<string, readonly [string, (assembler: Assembler) => void]>> = {
  adam: [ADAM, (assembler) => emitAdam(assembler, { target: false })],
  adamWithTarget: [ADAM, (assembler) => emitAdam(assembler, { target: true })],
  squares: [SQUARES, (assembler) => emitSquares(assembler, { add: false })],
  addAndSquare: [SQUARES, (assembler) => emitSquares(assembler, { add: true })],
};

/**
 * The optimizer in machine code where that is quicker: four times as wide. A step is WebAssembly's to the bit; the squares
 * are added up in another order. To be disposed of.
 */
export class MachineOptimizer extends Optimizer {
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  readonly #executable: ExecutableMemory;
  readonly #code: Readonly<Record<string, Code>>;
  readonly #factors = new Float32Array(7);
  readonly #sums = new Float64Array(8);
  #isOpen = true;

  /** @throws RuntimeError where machine code cannot be run */
  constructor(memory: WebAssembly.Memory) {
    super(memory);
    const koffi = loadKoffi();
    const entries = Object.entries(FUNCTIONS).map(([name, [signature, emit]]) => {
      const assembler = new Assembler();
      emit(assembler);
      return { name, signature, bytes: assembler.finish() };
    });
    const bytes = Buffer.concat(entries.map((entry) => entry.bytes));
    const executable = new ExecutableMemory(koffi, bytes.length);
    executable.seal(bytes);
    let at = Number(executable.place);
    const code: Record<string, Code> = {};
    for (const entry of entries) {
      code[entry.name] = koffi.decode(at, prototype(koffi, entry.signature)) as Code;
      at += entry.bytes.length;
    }
    this.#executable = executable;
    this.#code = code;
    this.#memory = memory;
    this.#base = Number(koffi.address(new Uint8Array(memory.buffer)));
  }

  override adam(place: TrainedPlace, call: AdamCall): void {
    const { weights, firstMoment, secondMoment, gradient, length } = place;
    const { target } = call;
    this.#factors.set(adamCoefficients(call));
    const name = target === undefined ? 'adam' : 'adamWithTarget';
    const places = [weights, firstMoment, secondMoment, gradient, target?.weights ?? weights];
    this.#call(name, places, length, this.#factors);
  }

  override addAndSquare(begin: number, added: number, length: number): number {
    return this.#squares('addAndSquare', [begin, added], length);
  }

  override sumOfSquares(begin: number, length: number): number {
    return this.#squares('squares', [begin, begin], length);
  }

  override dispose(): void {
    this.#isOpen = false;
    this.#executable.free();
  }

  #squares(name: string, places: readonly number[], length: number): number {
    this.#sums.fill(0);
    this.#call(name, places, length, this.#sums);
    return this.#sums.reduce((sum, part) => sum + part, 0);
  }

  /** @throws RuntimeError for numbers outside of the memory, which WebAssembly would refuse itself, or after the end */
  #call(name: string, places: readonly number[], length: number, last: Float32Array | Float64Array): void {
    const end = Math.max(...places) + Float32Array.BYTES_PER_ELEMENT * length;
    if (!this.#isOpen || end > this.#memory.buffer.byteLength || length % VECTOR_FLOATS !== 0) {
      throw new RuntimeError(`Expected groups of ${VECTOR_FLOATS} numbers in open memory, got ${length} up to ${end}`);
    }
    if (length === 0) return;
    this.#code[name]!(...places.map((place) => this.#base + place), length / VECTOR_FLOATS, last);
  }
}
