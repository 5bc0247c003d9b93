import {
  type Address,
  type Assembler,
  FLOAT_BYTES,
  type Mask,
  R8,
  R9,
  R12,
  RCX,
  RDI,
  RDX,
  RSI,
  VECTOR_BYTES,
} from './assembler.ts';
import type { Run } from './cut.ts';

/**
 * A product of two matrices of float32, result[rows, columns] = left · right, that lie row by row, and what is made of it
 * before it is written.
 */
export interface ProductSpecification {
  readonly rows: number;
  readonly columns: number;
  /** Columns of `left`, rows of `right`. */
  readonly depth: number;
  /** Whether `left` lies as [depth, rows]. */
  readonly transposed: boolean;
  /** Of a second product that is added, whose left matrix lies as [rows, secondDepth]; 0: none. */
  readonly secondDepth: number;
  /** What a product begins with, if anything: one number for each row or for each column. */
  readonly bias: 'rows' | 'columns' | undefined;
  /** A matrix like the result that is added. */
  readonly sum: boolean;
  readonly rectified: boolean;
  /** A matrix like the result: where it is not positive, the result is zero. */
  readonly gated: boolean;
  /** Whether many of `left`'s numbers are zero, as a rectifier leaves them: see `sparse-product.ts`. */
  readonly sparse: boolean;
  /** Whether `right` lies as [columns, depth]: only where `left` is sparse, or thin (see `thin-product.ts`). */
  readonly rightTransposed: boolean;
}

/** A product of matrices that lie row by row, and nothing else. */
export const PLAIN_PRODUCT = {
  transposed: false,
  secondDepth: 0,
  bias: undefined,
  sum: false,
  rectified: false,
  gated: false,
  sparse: false,
  rightTransposed: false,
} as const;

// What a product's code is called with, in the order of System V's convention.
export const RESULT = RDI;
export const LEFT = RSI;
export const RIGHT = RDX;
export const BIAS = RCX;
/** The sum or the gate, of which there is one at most. */
export const OTHER = R8;
export const SECOND_LEFT = R9;
/** To be loaded: the seventh parameter lies on the stack, past what is saved there and the address to return to. */
export const SECOND_RIGHT = R12;

/** The places of a row's last vector, where that is not whole. */
export const TAIL_MASK: Mask = 1;
const GATE_MASK: Mask = 2;

/** Tiles of one width, side by side. */
export interface Strip {
  readonly count: number;
  readonly vectors: number;
  readonly masked: boolean;
}

/** Of tiles with these widths in vectors, the last of which is not whole where there is a tail. */
export function stripsOf(widths: readonly Run[], tail: number): Strip[] {
  const strips = widths.map(({ count, length }) => ({ count, vectors: length, masked: false }));
  const last = strips.at(-1)!;
  if (tail === 0) return strips;
  const whole = { ...last, count: last.count - 1 };
  return [...strips.slice(0, -1), whole, { ...last, count: 1, masked: true }];
}

/** What moves everything that a product's code goes along, to vectors further right and to rows further down. */
export function movesOf(assembler: Assembler, specification: ProductSpecification) {
  const { columns, depth, transposed, rightTransposed, secondDepth, bias, sum, gated } = specification;
  const others = sum || gated ? [OTHER] : [];
  return {
    moveAcross(vectors: number): void {
      const moved = [RESULT, ...(bias === 'columns' ? [BIAS] : []), ...others];
      for (const register of [...moved, ...(secondDepth > 0 ? [SECOND_RIGHT] : [])]) {
        assembler.addConstant(register, VECTOR_BYTES * vectors);
      }
      assembler.addConstant(RIGHT, VECTOR_BYTES * vectors * (rightTransposed ? depth : 1));
    },
    moveDown(rows: number): void {
      for (const register of [RESULT, ...others]) assembler.addConstant(register, FLOAT_BYTES * rows * columns);
      assembler.addConstant(LEFT, FLOAT_BYTES * rows * (transposed ? 1 : depth));
      assembler.addConstant(SECOND_LEFT, FLOAT_BYTES * rows * secondDepth);
      if (bias === 'rows') assembler.addConstant(BIAS, FLOAT_BYTES * rows);
    },
  };
}

/** Writes what becomes of a vector of sums, and puts it into the result. */
export function emitEnding(
  assembler: Assembler,
  { sum, rectified, gated }: ProductSpecification,
  vector: {
    readonly register: number;
    /** A vector of zeros. */
    readonly zero: number;
    readonly displacement: number;
    readonly mask: Mask | undefined;
  },
): void {
  const { register, zero, displacement, mask } = vector;
  const other: Address = { base: OTHER, displacement };
  if (sum) assembler.addFrom(register, register, other, mask);
  // In this order what is not a number stays so.
  if (rectified) assembler.operate('max', register, zero, register);
  if (gated) {
    assembler.compare('lessThan', GATE_MASK, zero, other, mask);
    assembler.vectorMove(register, register, GATE_MASK);
  }
  assembler.vectorStore(register, { base: RESULT, displacement }, mask);
}
