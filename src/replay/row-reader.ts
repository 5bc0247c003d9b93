import type { RowLog } from './row-log.ts';

/** Copies what a row saw into a batch. */
export class RowReader {
  readonly #log: RowLog;
  /** The rows of one stack, oldest first. */
  readonly #stack: Float64Array;

  constructor(log: RowLog) {
    this.#log = log;
    this.#stack = new Float64Array(log.layout.stack);
  }

  state(row: number, into: Float32Array, offset: number): void {
    const segment = this.#log.segmentOf(row);
    const { state } = this.#log.layout;
    copyEntries(segment.numbers, segment.stateAt(row), into, offset, state);
  }

  /** The action of the step that led to the row. */
  action(row: number, into: Float32Array, offset: number): void {
    const segment = this.#log.segmentOf(row);
    const { action } = this.#log.layout;
    copyEntries(segment.numbers, segment.actionAt(row), into, offset, action);
  }

  /** The row's stack, channels first; before the episode's start its first picture is repeated, as `FrameStack` does. */
  pixels(row: number, into: Uint8Array, offset: number): void {
    const { stack, pictureBytes } = this.#log.layout;
    const rows = this.#stack;
    for (let i = stack - 1; i >= 0; i--) {
      rows[i] = row;
      if (i === 0) break;
      const segment = this.#log.segmentOf(row);
      if (segment.age(row) !== 0) row -= segment.previous(row);
    }
    for (let i = 0; i < stack; ) {
      const first = rows[i]!;
      const segment = this.#log.segmentOf(first);
      const end = segment.firstRow + segment.rows;
      // Rows that follow each other lie side by side: one copy for all of them.
      let count = 1;
      while (i + count < stack && rows[i + count] === first + count && first + count < end) count++;
      const from = segment.pictureAt(first);
      into.set(segment.pictures.subarray(from, from + count * pictureBytes), offset);
      offset += count * pictureBytes;
      i += count;
    }
  }
}

/** A loop: for so few entries it is faster than `set` on a view. */
function copyEntries(from: Float32Array, at: number, into: Float32Array, offset: number, count: number): void {
  for (let i = 0; i < count; i++) into[offset + i] = from[at + i]!;
}
