import type { Koffi } from './koffi.ts';
import { RuntimeError } from './runtime.ts';

// Of Linux's <sys/mman.h>, for x86-64.
const READ_WRITE = 1 | 2;
const READ_EXECUTE = 1 | 4;
const PRIVATE_ANONYMOUS = 0x02 | 0x20;
const FAILED = 2n ** 64n - 1n;

/** Functions of the C library that the process has loaded anyway. */
interface MemoryFunctions {
  readonly map: (
    place: bigint,
    bytes: number,
    protection: number,
    flags: number,
    file: number,
    offset: number,
  ) => number | bigint;
  readonly protect: (place: bigint, bytes: number, protection: number) => number;
  readonly unmap: (place: bigint, bytes: number) => number;
  readonly copy: (to: bigint, from: Uint8Array, bytes: number) => unknown;
}

let known: MemoryFunctions | undefined;

function memoryFunctions(koffi: Koffi): MemoryFunctions {
  if (known !== undefined) return known;
  const library = koffi.load(null);
  known = {
    map: library.func(
      'uint64_t mmap(uint64_t place, size_t bytes, int protection, int flags, int file, int64_t offset)',
    ),
    protect: library.func('int mprotect(uint64_t place, size_t bytes, int protection)'),
    unmap: library.func('int munmap(uint64_t place, size_t bytes)'),
    copy: library.func('void *memcpy(uint64_t to, const void *from, size_t bytes)'),
  } as unknown as MemoryFunctions;
  return known;
}

/** Memory that is written once and can then be run and read, and no longer be written. Linux only. */
export class ExecutableMemory {
  /** Where it begins. */
  readonly place: bigint;
  readonly #functions: MemoryFunctions;
  readonly #bytes: number;
  #state: 'open' | 'sealed' | 'freed' = 'open';

  /** @throws RuntimeError when the system gives none */
  constructor(koffi: Koffi, bytes: number) {
    this.#functions = memoryFunctions(koffi);
    this.#bytes = bytes;
    this.place = BigInt(this.#functions.map(0n, bytes, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0));
    if (this.place === FAILED) throw new RuntimeError(`Expected the system to give ${bytes} bytes for code, got none`);
  }

  /** @throws RuntimeError when the system does not let code of a process's own run */
  seal(bytes: Uint8Array): void {
    if (this.#state !== 'open' || bytes.length > this.#bytes) {
      throw new RuntimeError(
        `Expected code of at most ${this.#bytes} bytes for memory that was not sealed yet, got ${bytes.length} bytes`,
      );
    }
    this.#functions.copy(this.place, bytes, bytes.length);
    if (this.#functions.protect(this.place, this.#bytes, READ_EXECUTE) !== 0) {
      this.free();
      throw new RuntimeError('Expected the system to let code run that a process wrote, got a refusal');
    }
    this.#state = 'sealed';
  }

  /** What lay there must not be called any more. */
  free(): void {
    if (this.#state === 'freed') return;
    this.#state = 'freed';
    this.#functions.unmap(this.place, this.#bytes);
  }
}
