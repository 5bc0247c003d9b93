import { sizeOf } from '../../core/box.ts';
import type { ParameterGroup } from '../../core/engine.ts';
import { InvalidArgumentError } from '../../core/errors.ts';

const PAGE_BYTES = 65_536;
/** The most that WebAssembly can address. */
const MOST_PAGES = 65_536;
/** Where a cache line, and a widest vector, begins. */
const ALIGNMENT_BYTES = 64;

/** Where a weight lies, in bytes from the start of its group, and how many numbers it has. */
export interface Place {
  readonly offset: number;
  readonly length: number;
  readonly shape: readonly number[];
}

/** How a group lies in memory: one weight after the other, each on a cache line of its own. */
export interface GroupLayout {
  readonly places: Readonly<Record<string, Place>>;
  /** Of the whole group; a multiple of the alignment. */
  readonly bytes: number;
}

export function layOut(group: ParameterGroup): GroupLayout {
  let bytes = 0;
  const places = Object.entries(group).map(([name, { shape }]) => {
    const place: Place = { offset: bytes, length: sizeOf(shape), shape };
    bytes += aligned(place.length * Float32Array.BYTES_PER_ELEMENT);
    return [name, place] as const;
  });
  return { places: Object.fromEntries(places), bytes };
}

/**
 * Memory that this thread, a learner's thread, WebAssembly and ONNX Runtime share. It grows as it is asked for more and
 * never moves, so an array in it stays valid while the memory is referenced.
 */
export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  #used = 0;

  /**
   * @param bytes what will be asked for @param spareBytes what may be asked for beside it; address space for both is
   *   reserved at once
   */
  constructor(bytes: number, spareBytes = 0) {
    const needed = Math.ceil(bytes / PAGE_BYTES) + 1;
    if (needed > MOST_PAGES) {
      throw new InvalidArgumentError(
        `Expected networks of less than 4 GiB with gradients and moments, got ${(bytes / 2 ** 30).toFixed(1)} GiB`,
      );
    }
    const maximum = Math.min(needed + Math.ceil(spareBytes / PAGE_BYTES), MOST_PAGES);
    this.memory = new WebAssembly.Memory({ initial: 1, maximum, shared: true });
  }

  /** Reserves bytes, all zero. @returns where they begin */
  allocate(bytes: number): number {
    const begin = this.#used;
    this.#used += aligned(bytes);
    const missing = Math.ceil((this.#used - this.memory.buffer.byteLength) / PAGE_BYTES);
    if (missing > 0) this.memory.grow(missing);
    return begin;
  }

  numbers(offset: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, offset, length);
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}
