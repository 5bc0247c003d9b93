const OPEN = 0x28;
const CLOSE = 0x29;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Whole numbers of this many digits are exact in a double. */
const EXACT_DIGITS = 15;
const LARGEST_FLOAT = 3.4028234663852886e38;
const LARGEST_INTEGER = 0x7fff_ffff;

/** What C writes for numbers that are none: glibc's spellings, and those of old Microsoft libraries. */
const NOT_FINITE: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '1.#inf': Number.POSITIVE_INFINITY,
  '1.#ind': Number.NaN,
  '1.#qnan': Number.NaN,
};

/**
 * Walks over a datagram's groups, `(tag value …)`, by the rules of the game's own parser: a group reaches from `(` to
 * the next `)`, its first word is the tag, text between groups is skipped, a NUL ends the message, and a group without
 * its `)` does not exist.
 */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  #tagStart = 0;
  #tagEnd = 0;
  #offset = 0;
  /** Index of the `)` of the group under way. */
  #limit = -1;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Goes to the next complete group; false when there is none. */
  nextGroup(): boolean {
    const bytes = this.#bytes;
    const { length } = bytes;
    let start = this.#limit + 1;
    for (; ; start++) {
      if (start >= length) return false;
      const byte = bytes[start]!;
      if (byte === OPEN) break;
      if (byte === 0) return false;
    }
    let limit = start + 1;
    for (; ; limit++) {
      if (limit >= length) return false;
      const byte = bytes[limit]!;
      if (byte === CLOSE) break;
      if (byte === 0) return false;
    }
    this.#limit = limit;
    this.#offset = start + 1;
    this.#skipSpace();
    this.#tagStart = this.#offset;
    while (this.#offset < limit && !isSpace(bytes[this.#offset]!)) this.#offset++;
    this.#tagEnd = this.#offset;
    return true;
  }

  /** Whether the group's tag is this one, case and all. */
  tagIs(tag: Uint8Array): boolean {
    const start = this.#tagStart;
    if (this.#tagEnd - start !== tag.length) return false;
    for (let i = 0; i < tag.length; i++) if (this.#bytes[start + i] !== tag[i]) return false;
    return true;
  }

  /** The group's tag; a byte that is no ASCII stands for the Latin-1 character of its number. */
  get tag(): string {
    return this.#text(this.#tagStart, this.#tagEnd);
  }

  /** Reads every remaining value of the group; undefined when one of them is not a number. */
  readNumbers(): number[] | undefined {
    const values: number[] = [];
    for (;;) {
      this.#skipSpace();
      if (this.#offset >= this.#limit) return values;
      const value = this.#readWord();
      if (value === undefined) return undefined;
      values.push(value);
    }
  }

  /** Reads the next value as C++11's `stream >> float` does: the longest prefix that may be a number, else 0. */
  extractFloat(): number {
    this.#skipSpace();
    const value = this.#readDecimal() ?? 0;
    return Math.max(-LARGEST_FLOAT, Math.min(LARGEST_FLOAT, value));
  }

  /** Reads the next value as C++11's `stream >> int` does: sign and digits, limited to 32 bits, else 0. */
  extractInteger(): number {
    this.#skipSpace();
    const bytes = this.#bytes;
    const sign = bytes[this.#offset];
    if (sign === MINUS || sign === PLUS) this.#offset++;
    let value = 0;
    for (; this.#offset < this.#limit; this.#offset++) {
      const digit = bytes[this.#offset]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = Math.min(value * 10 + digit, LARGEST_INTEGER + 1);
    }
    if (value === 0) return 0;
    return sign === MINUS ? -value : Math.min(value, LARGEST_INTEGER);
  }

  /** Reads the next value as a whole number from 0 to `maximum`; undefined when it is anything else. */
  readWholeNumber(maximum: number): number | undefined {
    this.#skipSpace();
    const value = this.#readWord();
    return value !== undefined && Number.isInteger(value) && value >= 0 && value <= maximum ? value : undefined;
  }

  /** A word that is a number from its first character to its last. */
  #readWord(): number | undefined {
    const start = this.#offset;
    const value = this.#readDecimal();
    if (value !== undefined && (this.#offset === this.#limit || isSpace(this.#bytes[this.#offset]!))) return value;
    while (this.#offset < this.#limit && !isSpace(this.#bytes[this.#offset]!)) this.#offset++;
    // Longer words are no spelling of ours; this also bounds the work on hostile input.
    if (this.#offset - start > 12) return undefined;
    const word = this.#text(start, this.#offset).toLowerCase();
    const magnitude = NOT_FINITE[word.replace(/^[-+]/, '')];
    return magnitude === undefined || !word.startsWith('-') ? magnitude : -magnitude;
  }

  /**
   * Sign, digits, point, digits, exponent. Up to 15 digits the value is one exact division or product, hence correctly
   * rounded; anything else goes to JavaScript's own reader. Undefined when there is no number, or a cut exponent.
   */
  #readDecimal(): number | undefined {
    const bytes = this.#bytes;
    const limit = this.#limit;
    const start = this.#offset;
    let offset = start;
    let negative = false;
    if (offset < limit && (bytes[offset] === MINUS || bytes[offset] === PLUS)) negative = bytes[offset++] === MINUS;
    let mantissa = 0;
    let digits = 0;
    let decimals = 0;
    for (; offset < limit; offset++, digits++) {
      const byte = bytes[offset]!;
      if (byte < ZERO || byte > NINE) break;
      mantissa = mantissa * 10 + (byte - ZERO);
    }
    if (offset < limit && bytes[offset] === POINT) {
      for (offset++; offset < limit; offset++, digits++, decimals++) {
        const byte = bytes[offset]!;
        if (byte < ZERO || byte > NINE) break;
        mantissa = mantissa * 10 + (byte - ZERO);
      }
    }
    this.#offset = offset;
    if (digits === 0) return undefined;
    let exponent = 0;
    if (offset < limit && (bytes[offset]! | 0x20) === 0x65) {
      offset++;
      let exponentNegative = false;
      if (offset < limit && (bytes[offset] === MINUS || bytes[offset] === PLUS)) {
        exponentNegative = bytes[offset++] === MINUS;
      }
      const exponentStart = offset;
      for (; offset < limit; offset++) {
        const byte = bytes[offset]!;
        if (byte < ZERO || byte > NINE) break;
        exponent = Math.min(exponent * 10 + (byte - ZERO), 100_000);
      }
      this.#offset = offset;
      if (offset === exponentStart) return undefined;
      if (exponentNegative) exponent = -exponent;
    }
    const scale = exponent - decimals;
    if (digits > EXACT_DIGITS || scale > 22 || scale < -22) return Number(this.#text(start, offset));
    const magnitude = scale < 0 ? mantissa / EXACT_POWERS[-scale]! : mantissa * EXACT_POWERS[scale]!;
    return negative ? -magnitude : magnitude;
  }

  #skipSpace(): void {
    while (this.#offset < this.#limit && isSpace(this.#bytes[this.#offset]!)) this.#offset++;
  }

  #text(start: number, end: number): string {
    const { buffer, byteOffset } = this.#bytes;
    return Buffer.from(buffer, byteOffset + start, end - start).toString('latin1');
  }
}

/** C's `isspace` in the "C" locale. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
