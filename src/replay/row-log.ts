import type { Layout } from './layout.ts';
import { Segment } from './segment.ts';

/** More than the segments of a full buffer, so that their places in the table differ. */
const TABLE_SIZE = 256;

/**
 * Rows in the order in which they came, numbered from 0 for good. Memory is taken segment by segment as rows come, and
 * used again when all rows of a segment were released.
 */
export class RowLog {
  readonly layout: Layout;
  /** By number, in ascending order; those whose rows were all released are gone. */
  readonly #segments = new Map<number, Segment>();
  /** Where a segment is found at once, most likely: by its number modulo the size. */
  readonly #table: (Segment | undefined)[] = new Array<undefined>(TABLE_SIZE).fill(undefined);
  #rows = 0;
  /** The segment of the newest row, unless it is gone. */
  #newest: Segment | undefined;
  #spare: Segment | undefined;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  /** A log with these segments, in ascending order; the next row gets the number `rows`. */
  static restore(layout: Layout, segments: readonly Segment[], rows: number): RowLog {
    const log = new RowLog(layout);
    log.#rows = rows;
    for (const segment of segments) log.#enter(segment);
    return log;
  }

  /** Rows that ever came; the number of the next one. */
  get rows(): number {
    return this.#rows;
  }

  get segments(): readonly Segment[] {
    return [...this.#segments.values()];
  }

  /** All memory taken. */
  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, this.#spare?.bytes ?? 0);
  }

  /** The part of {@link bytes} that is for pictures. */
  get pictureBytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.pictures.length, this.#spare?.pictures.length ?? 0);
  }

  /** Rows that were not released. */
  get liveRows(): number {
    return this.segments.reduce((sum, segment) => sum + segment.live, 0);
  }

  /** The segment of a row that was not released. */
  segmentOf(row: number): Segment {
    const index = Math.floor(row / this.layout.segmentRows);
    const segment = this.#table[index % TABLE_SIZE];
    return segment?.index === index ? segment : this.#segments.get(index)!;
  }

  /** Makes room for one more row and gives its number. Its entries hold leavings until they are written. */
  append(): number {
    const row = this.#rows;
    let segment = this.#newest;
    if (segment === undefined || row % this.layout.segmentRows === 0) {
      segment = this.#spare ?? new Segment(this.layout);
      this.#spare = undefined;
      segment.restart(row / this.layout.segmentRows);
      this.#enter(segment);
    }
    segment.rows++;
    segment.live++;
    this.#rows++;
    return row;
  }

  /** Nothing needs this row any more. */
  release(row: number): void {
    const segment = this.segmentOf(row);
    segment.live--;
    if (segment.live > 0 || !segment.full) return;
    this.#segments.delete(segment.index);
    if (segment === this.#newest) this.#newest = undefined;
    this.#spare = segment;
  }

  #enter(segment: Segment): void {
    this.#segments.set(segment.index, segment);
    this.#table[segment.index % TABLE_SIZE] = segment;
    this.#newest = segment;
  }
}
