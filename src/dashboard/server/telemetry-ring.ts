import { encodeTelemetry } from '../protocol/binary.ts';

/** The last rows of a session's telemetry, by their numbers. */
export class TelemetryRing {
  readonly session: number;
  readonly channels: number;
  readonly #capacity: number;
  readonly #rows: Float32Array;
  #end = 0;
  #encoded: { readonly from: number; readonly end: number; readonly bytes: Buffer } | undefined;

  /** @param capacity rows that are kept */
  constructor(session: number, channels: number, capacity: number) {
    this.session = session;
    this.channels = channels;
    this.#capacity = capacity;
    this.#rows = new Float32Array(capacity * channels);
  }

  /** Number of the next row. */
  get end(): number {
    return this.#end;
  }

  /** @param rows whole rows */
  add(rows: Float32Array): void {
    for (let at = 0; at + this.channels <= rows.length; at += this.channels) {
      const place = (this.#end++ % this.#capacity) * this.channels;
      this.#rows.set(rows.subarray(at, at + this.channels), place);
    }
  }

  /** The rows from a number on, as far as they are kept; undefined when there are none. Viewers in step share the bytes. */
  since(from: number): Buffer | undefined {
    const first = Math.max(from, this.#end - this.#capacity, 0);
    if (first >= this.#end) return undefined;
    if (this.#encoded?.from === first && this.#encoded.end === this.#end) return this.#encoded.bytes;
    const rows = new Float32Array((this.#end - first) * this.channels);
    for (let row = first; row < this.#end; row++) {
      const place = (row % this.#capacity) * this.channels;
      rows.set(this.#rows.subarray(place, place + this.channels), (row - first) * this.channels);
    }
    const bytes = encodeTelemetry({ session: this.session, channels: this.channels, first, rows });
    this.#encoded = { from: first, end: this.#end, bytes };
    return bytes;
  }
}
