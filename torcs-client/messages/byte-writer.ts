const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;

/** Digits that `%g` and C++ streams write when nobody says how many. */
export const DEFAULT_PRECISION = 6;

/** Collects the bytes of one datagram; kept and used again, so that a tick allocates only the datagram itself. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(2048);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#length = 0;
  }

  /** A copy of what was written. */
  take(): Buffer {
    const copy = Buffer.allocUnsafe(this.#length);
    this.#bytes.copy(copy, 0, 0, this.#length);
    return copy;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  raw(values: Uint8Array): void {
    this.#reserve(values.length);
    for (let i = 0; i < values.length; i++) this.#bytes[this.#length++] = values[i]!;
  }

  /** ASCII text. */
  text(value: string): void {
    this.#reserve(value.length);
    for (let i = 0; i < value.length; i++) this.#bytes[this.#length++] = value.charCodeAt(i);
  }

  /** A whole number, as `%d`; what has a fraction is cut, what is no number is 0. */
  integer(value: number): void {
    const whole = Number.isFinite(value) ? Math.trunc(value) : 0;
    if (whole < 0) this.byte(MINUS);
    this.#digits(Math.abs(whole));
  }

  /** A number in the shortest form that reads back as the very same double. */
  exact(value: number): void {
    if (Object.is(value, -0)) this.text('-0');
    else if (Number.isInteger(value) && Math.abs(value) < 1e6) this.integer(value);
    else this.text(String(value));
  }

  /**
   * A number as C writes a `float` with `%g`: rounded to single precision, then to `precision` significant digits
   * (half to even, as glibc), trailing zeros removed, with an exponent of at least two digits below 1e-4 and from
   * 10^precision on.
   * @param precision 1 to 6
   */
  general(value: number, precision = DEFAULT_PRECISION): void {
    const single = Math.fround(value);
    const magnitude = Math.abs(single);
    if (single < 0 || Object.is(single, -0)) this.byte(MINUS);
    if (magnitude < 10 ** precision && Number.isInteger(magnitude)) this.#digits(magnitude);
    else if (Number.isNaN(single)) this.text('nan');
    else if (magnitude === Number.POSITIVE_INFINITY) this.text('inf');
    else if (magnitude < 1e-4) this.text(smallExponential(magnitude, precision));
    else if (magnitude >= 1e6) this.#decimal(...roundLarge(magnitude, precision), precision);
    else {
      let exponent = -4;
      while (magnitude >= POWERS[exponent + 5]!) exponent++;
      // Exact: 24 bits of a float times at most 5^9 (21 bits) and a power of two fit in a double's 53.
      const shift = precision - 1 - exponent;
      let digits = shift >= 0 ? roundHalfToEven(magnitude * POWERS[shift + 4]!) : -1;
      if (shift < 0) [digits] = roundLarge(magnitude, precision);
      this.#decimal(digits, exponent, precision);
    }
  }

  /** Writes digits × 10^(exponent - precision + 1), where digits may have been rounded up to 10^precision. */
  #decimal(digits: number, exponent: number, precision: number): void {
    if (digits >= POWERS[precision + 4]!) {
      digits /= 10;
      exponent++;
    }
    let count = precision;
    while (count > 1 && digits % 10 === 0) {
      digits /= 10;
      count--;
    }
    if (exponent < -4 || exponent >= precision) {
      this.#withPoint(digits, count, 1);
      this.text(exponentText(exponent));
    } else if (exponent < 0) {
      this.byte(ZERO);
      this.byte(POINT);
      for (let zeros = -1; zeros > exponent; zeros--) this.byte(ZERO);
      this.#digits(digits);
    } else if (count <= exponent + 1) {
      this.#digits(digits * POWERS[exponent + 1 - count + 4]!);
    } else {
      this.#withPoint(digits, count, exponent + 1);
    }
  }

  /** Writes `count` digits with a point after the first `whole` of them, unless no digit follows it. */
  #withPoint(digits: number, count: number, whole: number): void {
    this.#reserve(count + 1);
    if (count === whole) {
      this.#digits(digits);
      return;
    }
    let at = this.#length + count;
    this.#length = at + 1;
    for (let decimals = count - whole; decimals > 0; decimals--) {
      this.#bytes[at--] = ZERO + (digits % 10);
      digits = Math.floor(digits / 10);
    }
    this.#bytes[at--] = POINT;
    for (; whole > 0; whole--) {
      this.#bytes[at--] = ZERO + (digits % 10);
      digits = Math.floor(digits / 10);
    }
  }

  #digits(value: number): void {
    if (value >= 1e9) {
      this.text(value < 1e21 ? String(value) : BigInt(value).toString());
      return;
    }
    let count = 1;
    for (let power = 10; value >= power; power *= 10) count++;
    this.#reserve(count);
    let at = this.#length + count;
    this.#length = at;
    do {
      const rest = Math.floor(value / 10);
      this.#bytes[--at] = ZERO + (value - rest * 10);
      value = rest;
    } while (value > 0);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + count));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** 10^-4 to 10^14; index 4 is 1. */
const POWERS = Array.from({ length: 19 }, (_, i) => Number(`1e${i - 4}`));

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** Digits and decimal exponent of a number that needs dividing; exact in whole numbers of any size. */
function roundLarge(magnitude: number, precision: number): [digits: number, exponent: number] {
  // 2^23 makes a float's fraction, if it has one, a whole number: of those from 1 on none is finer than 2^-23.
  const scaled = BigInt(magnitude * 2 ** 23);
  const exponent = BigInt(Math.floor(magnitude)).toString().length - 1;
  const divisor = 10n ** BigInt(exponent - precision + 1) * 2n ** 23n;
  const digits = scaled / divisor;
  const twiceRest = 2n * (scaled % divisor);
  const up = twiceRest > divisor || (twiceRest === divisor && digits % 2n === 1n);
  return [Number(digits) + (up ? 1 : 0), exponent];
}

/** A float below 1e-4 never lies halfway between two numbers of 6 digits (5^11 has 8), so any rounding is C's. */
function smallExponential(magnitude: number, precision: number): string {
  const [mantissa = '', exponent = ''] = magnitude.toExponential(precision - 1).split('e');
  const digits = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  // 9.9999999e-5 rounds up to the border, which is written without an exponent.
  if (Number(exponent) >= -4) return '0.0001';
  return digits + exponentText(Number(exponent));
}

function exponentText(exponent: number): string {
  const digits = String(Math.abs(exponent)).padStart(2, '0');
  return `e${exponent < 0 ? '-' : '+'}${digits}`;
}
