import type { Layout } from './layout.ts';

/** How an episode stands after a row. Interrupted episodes just have no further row. */
export const GOES_ON = 0;
export const TERMINATED = 1;
export const TRUNCATED = 2;

/** The longest age that is told apart: more than the largest stack, so that a byte is enough. */
export const OLDEST_AGE = 255;

/** A file that holds a whole segment. */
export interface SavedSegment {
  readonly folder: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Consecutive rows of a {@link RowLog}, in one block of memory outside the JavaScript heap. A row is one observation,
 * its newest picture alone, and the step that led to it (action, reward, end). Full segments never change: `previous`
 * and `next` only link rows, and follow from the rest.
 */
export class Segment {
  /** Rows × channels × height × width: channels first, as learners want them. */
  readonly pictures: Uint8Array;
  readonly states: Float32Array;
  readonly actions: Float32Array;
  readonly rewards: Float32Array;
  /** Which environment a row is from. */
  readonly sources: Uint16Array;
  /** Steps since the episode's start, {@link OLDEST_AGE} at most. */
  readonly ages: Uint8Array;
  readonly ends: Uint8Array;
  /** How many rows further back the previous row of the same source lies; 0 when it has none. */
  readonly previous: Uint32Array;
  /** The same forwards. */
  readonly next: Uint32Array;
  readonly bytes: number;
  index = 0;
  firstRow = 0;
  /** Rows written. */
  rows = 0;
  /** Rows written that something still needs. */
  live = 0;
  saved: SavedSegment | undefined;

  readonly #layout: Layout;

  constructor(layout: Layout) {
    this.#layout = layout;
    const { segmentRows: rows, pictureBytes, state, action } = layout;
    const sizes = [rows * pictureBytes, ...[state, action, 1, 1, 1].map((entries) => 4 * rows * entries), 2 * rows];
    sizes.push(rows, rows);
    const offsets = sizes.map(() => 0);
    let bytes = 0;
    sizes.forEach((size, i) => {
      offsets[i] = bytes;
      bytes += Math.ceil(size / 8) * 8;
    });
    const block = new ArrayBuffer(bytes);
    const [picturesAt, statesAt, actionsAt, rewardsAt, previousAt, nextAt, sourcesAt, agesAt, endsAt] = offsets;
    this.bytes = bytes;
    this.pictures = new Uint8Array(block, picturesAt, rows * pictureBytes);
    this.states = new Float32Array(block, statesAt, rows * state);
    this.actions = new Float32Array(block, actionsAt, rows * action);
    this.rewards = new Float32Array(block, rewardsAt, rows);
    this.previous = new Uint32Array(block, previousAt, rows);
    this.next = new Uint32Array(block, nextAt, rows);
    this.sources = new Uint16Array(block, sourcesAt, rows);
    this.ages = new Uint8Array(block, agesAt, rows);
    this.ends = new Uint8Array(block, endsAt, rows);
  }

  get full(): boolean {
    return this.rows === this.#layout.segmentRows;
  }

  /** Takes this memory for other rows. */
  restart(index: number): void {
    this.index = index;
    this.firstRow = index * this.#layout.segmentRows;
    this.rows = 0;
    this.live = 0;
    this.saved = undefined;
  }

  /** The bytes of the first `rows` rows that a file holds, in the file's order. */
  contents(rows: number): Uint8Array[] {
    const { pictureBytes, state, action } = this.#layout;
    const columns: [Uint8Array | Uint16Array | Float32Array, number][] = [
      [this.pictures, pictureBytes],
      [this.states, state],
      [this.actions, action],
      [this.rewards, 1],
      [this.sources, 1],
      [this.ages, 1],
      [this.ends, 1],
    ];
    return columns.map(
      ([array, entries]) => new Uint8Array(array.buffer, array.byteOffset, rows * entries * array.BYTES_PER_ELEMENT),
    );
  }
}
