import { emitAdam } from '../machine/adam.ts';
import { VECTOR_FLOATS } from '../machine/assembler.ts';
import { emitSquares } from '../machine/squares.ts';
import { loadKoffi } from '../runtime/koffi.ts';
import { MachineFunction } from '../runtime/machine-function.ts';
import { RuntimeError } from '../runtime/runtime.ts';
import { type AdamCall, adamCoefficients, Optimizer, type TrainedPlace } from './optimizer.ts';

const ADAM =
  'void machine_adam(uint64_t weights, uint64_t first, uint64_t second, uint64_t gradient, uint64_t target, uint64_t groups, const float *factors)';
const SQUARES = 'void machine_squares(uint64_t numbers, uint64_t added, uint64_t groups, _Out_ double *sums)';

/**
 * The optimizer in machine code where that is quicker: four times as wide. A step is WebAssembly's to the bit; the squares
 * are added up in another order. To be disposed of.
 */
export class MachineOptimizer extends Optimizer {
  readonly #memory: WebAssembly.Memory;
  readonly #base: number;
  readonly #adam = new MachineFunction(ADAM, (assembler) => emitAdam(assembler, { target: false }));
  readonly #adamWithTarget = new MachineFunction(ADAM, (assembler) => emitAdam(assembler, { target: true }));
  readonly #sumOfSquares = new MachineFunction(SQUARES, (assembler) => emitSquares(assembler, { add: false }));
  readonly #addAndSquare = new MachineFunction(SQUARES, (assembler) => emitSquares(assembler, { add: true }));
  readonly #factors = new Float32Array(7);
  readonly #sums = new Float64Array(8);
  #isOpen = true;

  /** @throws RuntimeError where machine code cannot be run */
  constructor(memory: WebAssembly.Memory) {
    super(memory);
    this.#memory = memory;
    this.#base = Number(loadKoffi().address(new Uint8Array(memory.buffer)));
  }

  override adam(place: TrainedPlace, call: AdamCall): void {
    const { weights, firstMoment, secondMoment, gradient, length } = place;
    const { target } = call;
    this.#factors.set(adamCoefficients(call));
    const code = target === undefined ? this.#adam : this.#adamWithTarget;
    const places = [weights, firstMoment, secondMoment, gradient, target?.weights ?? weights];
    this.#call(code, places, length, this.#factors);
  }

  override addAndSquare(begin: number, added: number, length: number): number {
    return this.#squares(this.#addAndSquare, [begin, added], length);
  }

  override sumOfSquares(begin: number, length: number): number {
    return this.#squares(this.#sumOfSquares, [begin, begin], length);
  }

  override dispose(): void {
    this.#isOpen = false;
    for (const code of [this.#adam, this.#adamWithTarget, this.#sumOfSquares, this.#addAndSquare]) code.free();
  }

  #squares(code: MachineFunction, places: readonly number[], length: number): number {
    this.#sums.fill(0);
    this.#call(code, places, length, this.#sums);
    return this.#sums.reduce((sum, part) => sum + part, 0);
  }

  /** @throws RuntimeError for numbers outside of the memory, which WebAssembly would refuse itself, or after the end */
  #call(code: MachineFunction, places: readonly number[], length: number, last: Float32Array | Float64Array): void {
    const end = Math.max(...places) + Float32Array.BYTES_PER_ELEMENT * length;
    if (!this.#isOpen || end > this.#memory.buffer.byteLength || length % VECTOR_FLOATS !== 0) {
      throw new RuntimeError(`Expected groups of ${VECTOR_FLOATS} numbers in open memory, got ${length} up to ${end}`);
    }
    if (length === 0) return;
    code.call(...places.map((place) => this.#base + place), length / VECTOR_FLOATS, last);
  }
}
