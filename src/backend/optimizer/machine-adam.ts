import { emitAdam } from '../machine/adam.ts';
import { Assembler, VECTOR_FLOATS } from '../machine/assembler.ts';
import { ExecutableMemory } from '../runtime/executable-memory.ts';
import { loadKoffi, prototype } from '../runtime/koffi.ts';
import { RuntimeError } from '../runtime/runtime.ts';
import { type AdamCall, adamCoefficients, type TrainedPlace } from './optimizer.ts';

type Step = (...parameters: readonly unknown[]) => void;

const SIGNATURE =
  'void machine_adam(uint64_t weights, uint64_t first, uint64_t second, uint64_t gradient, uint64_t target, uint64_t groups, const float *factors)';

/** The optimizer's step in machine code: what `Optimizer.adam` does, to the bit, four times as wide. */
export class MachineAdam {
  readonly #memory: WebAssembly.Memory;
  readonly #base: bigint;
  readonly #code: ExecutableMemory;
  readonly #step: Step;
  readonly #stepWithTarget: Step;
  readonly #factors = new Float32Array(7);
  #isOpen = true;

  /** @throws RuntimeError where machine code cannot be run */
  constructor(memory: WebAssembly.Memory) {
    const koffi = loadKoffi();
    const [plain, withTarget] = [false, true].map((target) => {
      const assembler = new Assembler();
      emitAdam(assembler, { target });
      return assembler.finish();
    }) as [Uint8Array, Uint8Array];
    const code = new ExecutableMemory(koffi, plain.length + withTarget.length);
    code.seal(new Uint8Array([...plain, ...withTarget]));
    const at = (place: bigint) => koffi.decode(Number(place), prototype(koffi, SIGNATURE)) as Step;
    this.#step = at(code.place);
    this.#stepWithTarget = at(code.place + BigInt(plain.length));
    this.#code = code;
    this.#memory = memory;
    this.#base = koffi.address(new Uint8Array(memory.buffer)) as bigint;
  }

  /** As `Optimizer.adam`. */
  adam({ weights, firstMoment, secondMoment, gradient, length }: TrainedPlace, call: AdamCall): void {
    const { target } = call;
    const places = [weights, firstMoment, secondMoment, gradient, target?.weights ?? weights];
    const end = Math.max(...places) + Float32Array.BYTES_PER_ELEMENT * length;
    if (!this.#isOpen || end > this.#memory.buffer.byteLength || length % VECTOR_FLOATS !== 0) {
      throw new RuntimeError(`Expected groups of ${VECTOR_FLOATS} numbers in open memory, got ${length} up to ${end}`);
    }
    if (length === 0) return;
    this.#factors.set(adamCoefficients(call));
    const step = target === undefined ? this.#step : this.#stepWithTarget;
    const addresses = places.map((place) => this.#base + BigInt(place));
    step(...addresses, length / VECTOR_FLOATS, this.#factors);
  }

  dispose(): void {
    this.#isOpen = false;
    this.#code.free();
  }
}
