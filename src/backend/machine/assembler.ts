/** A general register of x86-64, by its number in an instruction. */
export type Register = number;

export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RBX = 3;
export const RSP = 4;
export const RBP = 5;
export const RSI = 6;
export const RDI = 7;
export const R8 = 8;
export const R9 = 9;
export const R10 = 10;
export const R11 = 11;
export const R12 = 12;
export const R13 = 13;
export const R14 = 14;
export const R15 = 15;

/** What lies at a register's address plus a displacement in bytes. */
export interface Address {
  readonly base: Register;
  /** A register whose numbers of float32 are added. */
  readonly index?: Register;
  readonly displacement: number;
}

/** A vector instruction's place in the tables of opcodes (Intel's manual, volume 2, "EVEX"). */
interface VectorOperation {
  readonly map: 1 | 2 | 3;
  readonly prefix: 0 | 1;
  readonly wide?: boolean;
  readonly opcode: number;
}

const LOAD: VectorOperation = { map: 1, prefix: 0, opcode: 0x10 };
const STORE: VectorOperation = { map: 1, prefix: 0, opcode: 0x11 };
const MOVE: VectorOperation = { map: 1, prefix: 0, opcode: 0x28 };
const BROADCAST: VectorOperation = { map: 2, prefix: 1, opcode: 0x18 };
const COMPARE: VectorOperation = { map: 1, prefix: 0, opcode: 0xc2 };
const ZERO: VectorOperation = { map: 1, prefix: 1, opcode: 0xef };
const SQUARE_ROOT: VectorOperation = { map: 1, prefix: 0, opcode: 0x51 };
const MULTIPLY_ADD: VectorOperation = { map: 2, prefix: 1, opcode: 0xb8 };
const SHUFFLE_QUARTERS: VectorOperation = { map: 3, prefix: 1, opcode: 0x23 };

const WIDEN: VectorOperation = { map: 1, prefix: 0, opcode: 0x5a };
const UPPER_HALF: VectorOperation = { map: 3, prefix: 1, wide: true, opcode: 0x1b };
const MULTIPLY_ADD_DOUBLES: VectorOperation = { map: 2, prefix: 1, wide: true, opcode: 0xb8 };
const SPREAD: VectorOperation = { map: 2, prefix: 1, opcode: 0x7c };

/** Operations on three vectors: the first becomes the second with the third. */
const VECTOR_OPERATIONS = {
  add: { map: 1, prefix: 0, opcode: 0x58 },
  multiply: { map: 1, prefix: 0, opcode: 0x59 },
  subtract: { map: 1, prefix: 0, opcode: 0x5c },
  divide: { map: 1, prefix: 0, opcode: 0x5e },
  max: { map: 1, prefix: 0, opcode: 0x5f },
  addDoubles: { map: 1, prefix: 1, wide: true, opcode: 0x58 },
  interleaveLow: { map: 1, prefix: 0, opcode: 0x14 },
  interleaveHigh: { map: 1, prefix: 0, opcode: 0x15 },
  interleavePairsLow: { map: 1, prefix: 1, wide: true, opcode: 0x14 },
  interleavePairsHigh: { map: 1, prefix: 1, wide: true, opcode: 0x15 },
} as const satisfies Readonly<Record<string, VectorOperation>>;

/** A mask register by its number: what is not in its places is neither read nor written. */
export type Mask = number;

/** All places. */
const UNMASKED: Mask = 0;

/** Bytes of a vector. */
export const VECTOR_BYTES = 64;
/** Numbers in a vector. */
export const VECTOR_FLOATS = 16;
/** Bytes of a number. */
export const FLOAT_BYTES = 4;

/** Comparisons by their numbers in an instruction. What is not a number is not less, and not equal to anything. */
const COMPARISONS = { lessThan: 1, notEqual: 4 } as const;

/** The machine code that is written by a function. */
export function assemble(emit: (assembler: Assembler) => void): Uint8Array {
  const assembler = new Assembler();
  emit(assembler);
  return assembler.finish();
}

/** Writes machine code for x86-64 with AVX-512F and BMI1, which every processor with the former has. */
export class Assembler {
  readonly #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  // General instructions

  moveConstant(to: Register, value: bigint): void {
    this.#emit(0x48 | (to >> 3), 0xb8 | (to & 7));
    for (let i = 0n; i < 64n; i += 8n) this.#emit(Number((value >> i) & 0xffn));
  }

  move(to: Register, from: Register): void {
    this.#twoRegisters(0x89, to, from);
  }

  load(to: Register, from: Address): void {
    this.#wide(to, from.base, [0x8b]);
    this.#memory(to, from);
  }

  store(from: Register, to: Address): void {
    this.#wide(from, to.base, [0x89]);
    this.#memory(from, to);
  }

  /** The address itself. */
  addressOf(to: Register, of: Address): void {
    this.#wide(to, of.base, [0x8d]);
    this.#memory(to, of);
  }

  addConstant(to: Register, value: number): void {
    if (value === 0) return;
    this.#wide(0, to, [0x81]);
    this.#emit(0xc0 | (to & 7));
    this.#int32(value);
  }

  add(to: Register, from: Register): void {
    this.#twoRegisters(0x01, to, from);
  }

  /** to and from, bit by bit. */
  and(to: Register, from: Register): void {
    this.#twoRegisters(0x21, to, from);
  }

  or(to: Register, from: Register): void {
    this.#twoRegisters(0x09, to, from);
  }

  exclusiveOr(to: Register, from: Register): void {
    this.#twoRegisters(0x31, to, from);
  }

  shiftLeft(register: Register, places: number): void {
    this.#wide(0, register, [0xc1]);
    this.#emit(0xe0 | (register & 7), places);
  }

  multiplyConstant(to: Register, from: Register, value: number): void {
    this.#wide(to, from, [0x69]);
    this.#emit(0xc0 | ((to & 7) << 3) | (from & 7));
    this.#int32(value);
  }

  /** The number of the lowest bit that is set. */
  lowestBit(to: Register, of: Register): void {
    this.#emit(0xf3);
    this.#wide(to, of, [0x0f, 0xbc]);
    this.#emit(0xc0 | ((to & 7) << 3) | (of & 7));
  }

  /** Sets the lowest bit that is set to zero. */
  clearLowestBit(register: Register): void {
    // VEX: the destination is inverted in its third byte, the operand's upper bit in its second.
    this.#emit(0xc4, 0xc2 | (register > 7 ? 0 : 0x20), 0x80 | ((~register & 15) << 3), 0xf3, 0xc8 | (register & 7));
  }

  push(register: Register): void {
    if (register > 7) this.#emit(0x41);
    this.#emit(0x50 | (register & 7));
  }

  pop(register: Register): void {
    if (register > 7) this.#emit(0x41);
    this.#emit(0x58 | (register & 7));
  }

  call(register: Register): void {
    if (register > 7) this.#emit(0x41);
    this.#emit(0xff, 0xd0 | (register & 7));
  }

  return(): void {
    this.#emit(0xc3);
  }

  /** Sets the flags by whether a register is zero. */
  test(register: Register): void {
    this.#twoRegisters(0x85, register, register);
  }

  /** Jumps, where the last flag says not zero, to a place that is set later. @returns what sets it */
  jumpIfNotZero(): () => void {
    this.#emit(0x0f, 0x85);
    const at = this.length;
    this.#int32(0);
    return () => this.#patch(at, this.length - (at + 4));
  }

  /** Code that runs so many times, counted down in a register; none for none. */
  repeat(counter: Register, times: number, body: () => void): void {
    if (times === 0) return;
    if (times === 1) {
      body();
      return;
    }
    this.moveConstant(counter, BigInt(times));
    this.repeatCounted(counter, body);
  }

  /** Code that runs as often as a register says, which is counted down: once at least. */
  repeatCounted(counter: Register, body: () => void): void {
    const begin = this.length;
    body();
    this.addConstant(counter, -1);
    this.#emit(0x0f, 0x85);
    this.#int32(begin - (this.length + 4));
  }

  /** Code that runs again and again while a register is not zero. */
  whileNotZero(register: Register, body: () => void): void {
    this.test(register);
    this.#emit(0x0f, 0x84);
    const at = this.length;
    this.#int32(0);
    const begin = this.length;
    body();
    this.test(register);
    this.#emit(0x0f, 0x85);
    this.#int32(begin - (this.length + 4));
    this.#patch(at, this.length - (at + 4));
  }

  // Vector instructions

  /** Zero in other places than the mask's. */
  vectorLoad(to: number, from: Address, mask = UNMASKED): void {
    this.#vector(LOAD, { reg: to, memory: from, unit: VECTOR_BYTES, mask, zeroing: mask !== UNMASKED });
  }

  vectorStore(from: number, to: Address, mask = UNMASKED): void {
    this.#vector(STORE, { reg: from, memory: to, unit: VECTOR_BYTES, mask });
  }

  /** Zero in other places than the mask's. */
  vectorMove(to: number, from: number, mask = UNMASKED): void {
    this.#vector(MOVE, { reg: to, rm: from, mask, zeroing: mask !== UNMASKED });
  }

  /** The number at an address in all places. */
  broadcast(to: number, from: Address): void {
    this.#vector(BROADCAST, { reg: to, memory: from, unit: FLOAT_BYTES });
  }

  zero(to: number): void {
    this.#vector(ZERO, { reg: to, second: to, rm: to });
  }

  operate(name: keyof typeof VECTOR_OPERATIONS, to: number, a: number, b: number): void {
    this.#vector(VECTOR_OPERATIONS[name], { reg: to, second: a, rm: b });
  }

  squareRoot(to: number, of: number): void {
    this.#vector(SQUARE_ROOT, { reg: to, rm: of });
  }

  addFrom(to: number, a: number, b: Address, mask = UNMASKED): void {
    this.#vector(VECTOR_OPERATIONS.add, { reg: to, second: a, memory: b, unit: VECTOR_BYTES, mask });
  }

  /** to += a × b. */
  multiplyAdd(to: number, a: number, b: number): void {
    this.#vector(MULTIPLY_ADD, { reg: to, second: a, rm: b });
  }

  multiplyAddFrom(to: number, a: number, b: Address): void {
    this.#vector(MULTIPLY_ADD, { reg: to, second: a, memory: b, unit: VECTOR_BYTES });
  }

  /** to += a × b, of 8 numbers in double precision. */
  multiplyAddDoubles(to: number, a: number, b: number): void {
    this.#vector(MULTIPLY_ADD_DOUBLES, { reg: to, second: a, rm: b });
  }

  /** The lower 8 numbers of a vector in double precision. */
  widen(to: number, from: number): void {
    this.#vector(WIDEN, { reg: to, rm: from });
  }

  /** The upper 8 numbers of a vector as the lower ones of another. */
  upperHalf(to: number, from: number): void {
    this.#vector(UPPER_HALF, { reg: from, rm: to });
    this.#emit(1);
  }

  /** A number in all places. RAX is used. */
  constant(to: number, value: number): void {
    this.moveConstant(RAX, BigInt(new Uint32Array(Float32Array.of(value).buffer)[0]!));
    this.#vector(SPREAD, { reg: to, rm: RAX });
  }

  /** to += a × the number at an address. */
  multiplyAddBroadcast(to: number, a: number, b: Address): void {
    this.#vector(MULTIPLY_ADD, { reg: to, second: a, memory: b, unit: FLOAT_BYTES, broadcast: true });
  }

  /** A mask of the places, of another mask's, where a compares so with what is in memory. */
  compare(name: keyof typeof COMPARISONS, to: Mask, a: number, b: Address, mask = UNMASKED): void {
    this.#vector(COMPARE, { reg: to, second: a, memory: b, unit: VECTOR_BYTES, mask });
    this.#emit(COMPARISONS[name]);
  }

  /** Quarters of a and of b, two of each, by two bits each. */
  shuffleQuarters(to: number, a: number, b: number, choice: number): void {
    this.#vector(SHUFFLE_QUARTERS, { reg: to, second: a, rm: b });
    this.#emit(choice);
  }

  /** Sets a mask register to the lowest so many places. RAX is used. */
  setMask(mask: Mask, places: number): void {
    this.moveConstant(RAX, BigInt((1 << places) - 1));
    this.#emit(0xc5, 0xf8, 0x92, 0xc0 | (mask << 3));
  }

  /** The places of a mask register as bits. */
  bitsOf(to: Register, mask: Mask): void {
    this.#emit(0xc5, to > 7 ? 0x78 : 0xf8, 0x93, 0xc0 | ((to & 7) << 3) | mask);
  }

  /** To be called before code returns that used vectors. */
  leaveVectors(): void {
    this.#emit(0xc5, 0xf8, 0x77);
  }

  #vector(
    operation: VectorOperation,
    operands: {
      readonly reg: number;
      readonly second?: number;
      readonly rm?: number;
      readonly memory?: Address;
      readonly unit?: number;
      readonly broadcast?: boolean;
      readonly mask?: Mask;
      /** Whether what is not in the mask's places becomes zero instead of staying what it is. */
      readonly zeroing?: boolean;
    },
  ): void {
    const { reg, second = 0, rm, memory, unit = 1, broadcast = false, mask = UNMASKED, zeroing = false } = operands;
    const low = rm ?? memory!.base;
    const inverted = (value: number, bit: number) => ((value >> bit) & 1) ^ 1;
    this.#emit(
      0x62,
      (inverted(reg, 3) << 7) |
        ((rm === undefined ? inverted(memory!.index ?? 0, 3) : inverted(rm, 4)) << 6) |
        (inverted(low, 3) << 5) |
        (inverted(reg, 4) << 4) |
        operation.map,
      ((operation.wide === true ? 1 : 0) << 7) | ((~second & 15) << 3) | 4 | operation.prefix,
      ((zeroing ? 1 : 0) << 7) | (2 << 5) | ((broadcast ? 1 : 0) << 4) | (inverted(second, 4) << 3) | mask,
      operation.opcode,
    );
    if (rm === undefined) this.#memory(reg, memory!, unit);
    else this.#emit(0xc0 | ((reg & 7) << 3) | (rm & 7));
  }

  #twoRegisters(opcode: number, to: Register, from: Register): void {
    this.#wide(from, to, [opcode]);
    this.#emit(0xc0 | ((from & 7) << 3) | (to & 7));
  }

  #wide(reg: Register, rm: Register, opcode: readonly number[]): void {
    this.#emit(0x48 | ((reg >> 3) << 2) | (rm >> 3), ...opcode);
  }

  /** The operand bytes of a register and an address; a displacement in so many units takes one byte, if it fits. */
  #memory(reg: number, { base, index, displacement }: Address, unit = 1): void {
    const needsIndex = index !== undefined || (base & 7) === RSP;
    const short = displacement / unit;
    const isShort = Number.isInteger(short) && short >= -128 && short < 128;
    this.#emit((isShort ? 0x40 : 0x80) | ((reg & 7) << 3) | (needsIndex ? RSP : base & 7));
    // An index of RSP stands for none; the scale is that of float32.
    if (needsIndex) this.#emit((2 << 6) | (((index ?? RSP) & 7) << 3) | (base & 7));
    if (isShort) this.#emit(short & 255);
    else this.#int32(displacement);
  }

  #int32(value: number): void {
    this.#emit(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
  }

  #patch(at: number, value: number): void {
    for (let i = 0; i < 4; i++) this.#bytes[at + i] = (value >> (8 * i)) & 255;
  }

  #emit(...bytes: readonly number[]): void {
    this.#bytes.push(...bytes);
  }
}
