import { HEADER_WORDS, type Layout } from './layout.ts';

/** How an episode stands after a row. Interrupted episodes just have no further row. */
export const GOES_ON = 0;
export const TERMINATED = 1;
export const TRUNCATED = 2;

/** The longest age that is told apart: more than the largest stack, so that a byte is enough. */
export const OLDEST_AGE = 255;

/** Words of a record's header: see {@link HEADER_WORDS}. */
const PREVIOUS = 0;
const NEXT = 1;
/** Source in the upper half, then age and end. */
const PLACE = 2;
const REWARD = 3;

/** A file that holds a whole segment. */
export interface SavedSegment {
  readonly folder: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Where a row stands. */
export interface RowPlace {
  /** Which environment it is from. */
  readonly source: number;
  /** Steps since the episode's start, {@link OLDEST_AGE} at most. */
  readonly age: number;
  /** {@link GOES_ON}, {@link TERMINATED} or {@link TRUNCATED}. */
  readonly end: number;
}

/**
 * Consecutive rows of a {@link RowLog}, in one block of memory outside the JavaScript heap. A row is one observation,
 * of its stack the newest picture alone, and the step that led to it. All that is no picture lies together in a record
 * (links, place, reward, action, state): drawing reads rows here and there, and waits for memory once a row.
 * Full segments never change but for their links, which follow from the order of all rows.
 */
export class Segment {
  /** Rows × channels × height × width: channels first, as learners want them. */
  readonly pictures: Uint8Array;
  /** The records, for their actions, at {@link actionAt}, and states, at {@link stateAt}. */
  readonly numbers: Float32Array;
  readonly bytes: number;
  index = 0;
  firstRow = 0;
  /** Rows written. */
  rows = 0;
  /** Rows written that something still needs. */
  live = 0;
  saved: SavedSegment | undefined;

  readonly #layout: Layout;
  /** The same memory as `numbers`. */
  readonly #words: Uint32Array;

  constructor(layout: Layout) {
    this.#layout = layout;
    const { segmentRows, pictureBytes, recordWords } = layout;
    const recordsAt = Math.ceil((segmentRows * pictureBytes) / 4) * 4;
    this.bytes = recordsAt + 4 * segmentRows * recordWords;
    const block = new ArrayBuffer(this.bytes);
    this.pictures = new Uint8Array(block, 0, segmentRows * pictureBytes);
    this.numbers = new Float32Array(block, recordsAt);
    this.#words = new Uint32Array(block, recordsAt);
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

  /** How many rows further back the previous row of the same source lies; 0 when it has none. */
  previous(row: number): number {
    return this.#words[this.#at(row) + PREVIOUS]!;
  }

  setPrevious(row: number, distance: number): void {
    this.#words[this.#at(row) + PREVIOUS] = distance;
  }

  /** The same forwards. */
  next(row: number): number {
    return this.#words[this.#at(row) + NEXT]!;
  }

  setNext(row: number, distance: number): void {
    this.#words[this.#at(row) + NEXT] = distance;
  }

  source(row: number): number {
    return this.#words[this.#at(row) + PLACE]! >>> 16;
  }

  age(row: number): number {
    return (this.#words[this.#at(row) + PLACE]! >>> 8) & 255;
  }

  end(row: number): number {
    return this.#words[this.#at(row) + PLACE]! & 255;
  }

  setPlace(row: number, { source, age, end }: RowPlace): void {
    this.#words[this.#at(row) + PLACE] = source * 65_536 + Math.min(age, OLDEST_AGE) * 256 + end;
  }

  reward(row: number): number {
    return this.numbers[this.#at(row) + REWARD]!;
  }

  setReward(row: number, reward: number): void {
    this.numbers[this.#at(row) + REWARD] = reward;
  }

  actionAt(row: number): number {
    return this.#at(row) + HEADER_WORDS;
  }

  stateAt(row: number): number {
    return this.#at(row) + HEADER_WORDS + this.#layout.action;
  }

  pictureAt(row: number): number {
    return (row - this.firstRow) * this.#layout.pictureBytes;
  }

  /** The memory of the first `rows` rows, links and all: first all pictures, then all records. */
  contents(rows: number): [pictures: Uint8Array, records: Uint8Array] {
    const { pictureBytes, recordWords } = this.#layout;
    const { buffer, byteOffset } = this.numbers;
    return [this.pictures.subarray(0, rows * pictureBytes), new Uint8Array(buffer, byteOffset, 4 * rows * recordWords)];
  }

  /** The same without links, which change while the rest stays. */
  contentsToSave(): Uint8Array[] {
    const [pictures, records] = this.contents(this.rows);
    const words = new Uint32Array(records.slice().buffer);
    for (let at = 0; at < words.length; at += this.#layout.recordWords) words[at + PREVIOUS] = words[at + NEXT] = 0;
    return [pictures, new Uint8Array(words.buffer)];
  }

  #at(row: number): number {
    return (row - this.firstRow) * this.#layout.recordWords;
  }
}
