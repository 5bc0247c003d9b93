import {
  type Address,
  type Assembler,
  FLOAT_BYTES,
  type Masking,
  R8,
  R9,
  R10,
  R11,
  R12,
  R13,
  RAX,
  RBX,
  RCX,
  RDI,
  RDX,
  RSI,
  RSP,
  VECTOR_BYTES,
  VECTOR_FLOATS,
} from './assembler.ts';

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
  /** What a product begins with: one number for each row. */
  readonly bias: boolean;
  /** A matrix like the result that is added. */
  readonly sum: boolean;
  readonly rectified: boolean;
  /** A matrix like the result: where it is not positive, the result is zero. */
  readonly gated: boolean;
}

// What the code is called with, in the order of System V's convention.
const RESULT = RDI;
const LEFT = RSI;
const RIGHT = RDX;
const BIAS = RCX;
/** The sum or the gate, of which there is one at most. */
const OTHER = R8;
const SECOND_LEFT = R9;
const SECOND_RIGHT = R12;
/** Of the seventh parameter: past what is saved here and the address to return to. */
const STACK_PARAMETER = 8 * 4;

const LEFT_STEP = RAX;
const RIGHT_STEP = RBX;
const OUTER_COUNT = R13;
const INNER_COUNT = R10;
const STEP_COUNT = R11;

const TAIL_MASK = 1;
const GATE_MASK = 2;
const UNROLLED = 4;

/** Rows of a tile by its width in vectors: its sums, one row of `right` and one number of `left` fit the 32 registers. */
const MOST_TILE_ROWS = [0, 28, 14, 9, 6] as const;

/** Equal pieces that something is cut into, and how many of each length there are. */
interface Run {
  readonly count: number;
  readonly length: number;
}

interface Tile {
  readonly rows: number;
  readonly vectors: number;
  /** Its last vector is not whole. */
  readonly masked: boolean;
}

/** How a left matrix lies, in bytes from row to row and from step to step of its depth. */
interface Strides {
  readonly rowStride: number;
  readonly stepStride: number;
}

/** Tiles of one width, side by side. */
interface Strip {
  readonly count: number;
  readonly vectors: number;
  readonly masked: boolean;
}

/** Writes a function (result, left, right, bias, sum or gate, second left, second right) that computes a product. */
export function emitProduct(assembler: Assembler, specification: ProductSpecification): void {
  const { rows, columns, depth, transposed, secondDepth, bias } = specification;
  const vectors = Math.ceil(columns / VECTOR_FLOATS);
  const tail = columns % VECTOR_FLOATS;
  const { widths, rowsFirst } = chooseTiles(specification, vectors);
  const heights = cut(rows, MOST_TILE_ROWS[widths[0]!.length as 1 | 2 | 3 | 4]);
  const others = specification.sum || specification.gated ? [OTHER] : [];
  const moveAcross = (count: number) => {
    const moved = [RESULT, RIGHT, ...others, ...(secondDepth > 0 ? [SECOND_RIGHT] : [])];
    for (const register of moved) assembler.addConstant(register, VECTOR_BYTES * count);
  };
  const moveDown = (count: number) => {
    assembler.addConstant(LEFT, FLOAT_BYTES * count * (transposed ? 1 : depth));
    for (const register of [RESULT, ...others]) assembler.addConstant(register, FLOAT_BYTES * count * columns);
    if (bias) assembler.addConstant(BIAS, FLOAT_BYTES * count);
    assembler.addConstant(SECOND_LEFT, FLOAT_BYTES * count * secondDepth);
  };
  for (const saved of [RBX, R12, R13]) assembler.push(saved);
  if (secondDepth > 0) assembler.load(SECOND_RIGHT, { base: RSP, displacement: STACK_PARAMETER });
  if (tail > 0) assembler.setMask(TAIL_MASK, tail);
  if (rowsFirst) {
    for (const height of heights) {
      assembler.repeat(OUTER_COUNT, height.count, () => {
        for (const strip of stripsOf(widths, tail)) {
          assembler.repeat(INNER_COUNT, strip.count, () => {
            emitTile(assembler, specification, { rows: height.length, ...strip });
            moveAcross(strip.vectors);
          });
        }
        moveAcross(-vectors);
        moveDown(height.length);
      });
    }
  } else {
    for (const strip of stripsOf(widths, tail)) {
      assembler.repeat(OUTER_COUNT, strip.count, () => {
        for (const height of heights) {
          assembler.repeat(INNER_COUNT, height.count, () => {
            emitTile(assembler, specification, { rows: height.length, ...strip });
            moveDown(height.length);
          });
        }
        moveDown(-rows);
        moveAcross(strip.vectors);
      });
    }
  }
  for (const saved of [R13, R12, RBX]) assembler.pop(saved);
  assembler.leaveVectors();
  assembler.return();
}

/** Of tiles with these widths in vectors, the last of which is not whole where there is a tail. */
function stripsOf(widths: readonly Run[], tail: number): Strip[] {
  const strips = widths.map(({ count, length }) => ({ count, vectors: length, masked: false }));
  const last = strips.at(-1)!;
  if (tail === 0) return strips;
  const whole = { ...last, count: last.count - 1 };
  return [...strips.slice(0, -1), whole, { ...last, count: 1, masked: true }];
}

/** Widths and heights of tiles, and the order in which the least is read again from beyond the nearest cache. */
function chooseTiles({ rows, columns, depth }: ProductSpecification, vectors: number) {
  const options = [4, 3, 2, 1]
    .filter((width) => width <= vectors)
    .map((width) => {
      const widths = cut(vectors, width);
      const tiles = widths.reduce((total, { count }) => total + count, 0);
      const most = MOST_TILE_ROWS[widths[0]!.length as 1 | 2 | 3 | 4];
      const heights = Math.ceil(rows / most);
      // Bytes read from beyond the nearest cache, with the rows or the columns in the outer loop.
      const rowsFirst = rows * depth + heights * depth * columns;
      const columnsFirst = depth * columns + tiles * rows * depth;
      return { widths, rowsFirst: rowsFirst <= columnsFirst, cost: Math.min(rowsFirst, columnsFirst) };
    });
  return options.reduce((best, option) => (option.cost < best.cost ? option : best));
}

/** Cuts a length into pieces of at most so much that differ by one at most, the longer ones first. */
function cut(length: number, most: number): Run[] {
  const pieces = Math.ceil(length / most);
  const short = Math.floor(length / pieces);
  const long = length - short * pieces;
  return [
    { count: long, length: short + 1 },
    { count: pieces - long, length: short },
  ].filter(({ count }) => count > 0);
}

function emitTile(assembler: Assembler, specification: ProductSpecification, tile: Tile): void {
  const { depth, columns, transposed, secondDepth, bias, rectified, gated, sum } = specification;
  const { rows, vectors, masked } = tile;
  const rightStride = FLOAT_BYTES * columns;
  const sumOf = (row: number, vector: number) => row * vectors + vector;
  const rightOf = (vector: number) => rows * vectors + vector;
  const number = rows * vectors + vectors;
  const maskingOf = (vector: number): Masking => ({ mask: masked && vector === vectors - 1 ? TAIL_MASK : 0 });
  const each = (body: (row: number, vector: number) => void) => {
    for (let row = 0; row < rows; row++) for (let vector = 0; vector < vectors; vector++) body(row, vector);
  };
  each((row, vector) => {
    if (bias) assembler.broadcast(sumOf(row, vector), { base: BIAS, displacement: FLOAT_BYTES * row });
    else assembler.zero(sumOf(row, vector));
  });
  const step = (at: number, { rowStride, stepStride }: Strides) => {
    for (let vector = 0; vector < vectors; vector++) {
      const from = { base: RIGHT_STEP, displacement: at * rightStride + VECTOR_BYTES * vector };
      const masking = maskingOf(vector);
      assembler.vectorLoad(rightOf(vector), from, masking.mask === 0 ? masking : { ...masking, zeroing: true });
    }
    for (let row = 0; row < rows; row++) {
      const from = { base: LEFT_STEP, displacement: row * rowStride + at * stepStride };
      if (vectors === 1) {
        assembler.multiplyAddBroadcast(sumOf(row, 0), rightOf(0), from);
        continue;
      }
      assembler.broadcast(number, from);
      for (let vector = 0; vector < vectors; vector++) {
        assembler.multiplyAdd(sumOf(row, vector), rightOf(vector), number);
      }
    }
  };
  const addProduct = (steps: number, strides: Strides) => {
    assembler.repeat(STEP_COUNT, Math.floor(steps / UNROLLED), () => {
      for (let at = 0; at < UNROLLED; at++) step(at, strides);
      assembler.addConstant(LEFT_STEP, UNROLLED * strides.stepStride);
      assembler.addConstant(RIGHT_STEP, UNROLLED * rightStride);
    });
    for (let at = 0; at < steps % UNROLLED; at++) step(at, strides);
  };
  assembler.move(LEFT_STEP, LEFT);
  assembler.move(RIGHT_STEP, RIGHT);
  addProduct(depth, {
    rowStride: FLOAT_BYTES * (transposed ? 1 : depth),
    stepStride: FLOAT_BYTES * (transposed ? specification.rows : 1),
  });
  if (secondDepth > 0) {
    assembler.move(LEFT_STEP, SECOND_LEFT);
    assembler.move(RIGHT_STEP, SECOND_RIGHT);
    addProduct(secondDepth, { rowStride: FLOAT_BYTES * secondDepth, stepStride: FLOAT_BYTES });
  }
  const zero = number;
  if (rectified || gated) assembler.zero(zero);
  each((row, vector) => {
    const displacement = FLOAT_BYTES * row * columns + VECTOR_BYTES * vector;
    const register = sumOf(row, vector);
    const masking = maskingOf(vector);
    const other: Address = { base: OTHER, displacement };
    if (sum) assembler.addFrom(register, register, other, masking);
    // In this order what is not a number stays so.
    if (rectified) assembler.operate('max', register, zero, register);
    if (gated) {
      assembler.lessThan(GATE_MASK, zero, other, masking);
      assembler.vectorMove(register, register, { mask: GATE_MASK, zeroing: true });
    }
    assembler.vectorStore(register, { base: RESULT, displacement }, masking);
  });
}
