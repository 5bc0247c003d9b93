/**
 * Writes Protocol Buffers messages (wire format: protobuf.dev/programming-guides/encoding), field by field: enough for
 * the two formats that we write, ONNX models and TensorBoard events.
 */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** A varint field; negative numbers are written as 64 bits of two's complement, as `int64` asks for. */
  integer(field: number, value: number | bigint): this {
    return this.#varint(field * 8).#varint(value);
  }

  /** A `float` field. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#varint(field * 8 + 5).#append(bytes);
  }

  /** A `double` field. */
  double(field: number, value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.#varint(field * 8 + 1).#append(bytes);
  }

  /** A `bytes`, `string` or message field. The bytes are not copied before `finish`. */
  bytes(field: number, value: Uint8Array | string | ProtobufWriter): this {
    if (value instanceof ProtobufWriter) {
      this.#varint(field * 8 + 2).#varint(value.#length);
      for (const part of value.#parts) this.#append(part);
      return this;
    }
    const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
    return this.#varint(field * 8 + 2)
      .#varint(bytes.length)
      .#append(bytes);
  }

  /** The whole message in one array. */
  finish(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #varint(value: number | bigint): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 0x80);
    } while (rest !== 0n);
    return this.#append(Uint8Array.from(bytes));
  }

  #append(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}
