import {
  type Assembler,
  FLOAT_BYTES,
  R10,
  R11,
  R12,
  R13,
  RAX,
  RBX,
  RSP,
  VECTOR_BYTES,
  VECTOR_FLOATS,
} from './assembler.ts';
import { cut } from './cut.ts';
import {
  BIAS,
  emitEnding,
  LEFT,
  movesOf,
  type ProductSpecification,
  RIGHT,
  SECOND_LEFT,
  SECOND_RIGHT,
  stripsOf,
  TAIL_MASK,
} from './product-parts.ts';

/** Of the seventh parameter. */
const STACK_PARAMETER = 8 * 4;

const LEFT_STEP = RAX;
const RIGHT_STEP = RBX;
const OUTER_COUNT = R13;
const INNER_COUNT = R10;
const STEP_COUNT = R11;

const UNROLLED = 4;

/** Rows of a tile by its width in vectors: its sums, one row of `right` and one number of `left` fit the 32 registers. */
const MOST_TILE_ROWS = [0, 28, 14, 9, 6] as const;

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

/** Writes a function (result, left, right, bias, sum or gate, second left, second right) that computes a product. */
export function emitProduct(assembler: Assembler, specification: ProductSpecification): void {
  const { rows, columns, secondDepth } = specification;
  const vectors = Math.ceil(columns / VECTOR_FLOATS);
  const tail = columns % VECTOR_FLOATS;
  const { widths, rowsFirst } = chooseTiles(specification, vectors);
  const heights = cut(rows, MOST_TILE_ROWS[widths[0]!.length as 1 | 2 | 3 | 4]);
  const { moveAcross, moveDown } = movesOf(assembler, specification);
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

function emitTile(assembler: Assembler, specification: ProductSpecification, tile: Tile): void {
  const { depth, columns, transposed, secondDepth, bias, rectified, gated } = specification;
  const { rows, vectors, masked } = tile;
  const rightStride = FLOAT_BYTES * columns;
  const sumOf = (row: number, vector: number) => row * vectors + vector;
  const rightOf = (vector: number) => rows * vectors + vector;
  const number = rows * vectors + vectors;
  const maskOf = (vector: number) => (masked && vector === vectors - 1 ? TAIL_MASK : undefined);
  const each = (body: (row: number, vector: number) => void) => {
    for (let row = 0; row < rows; row++) for (let vector = 0; vector < vectors; vector++) body(row, vector);
  };
  each((row, vector) => {
    const sum = sumOf(row, vector);
    if (bias === 'rows') assembler.broadcast(sum, { base: BIAS, displacement: FLOAT_BYTES * row });
    else if (bias === undefined) assembler.zero(sum);
    else if (row > 0) assembler.vectorMove(sum, sumOf(0, vector));
    else assembler.vectorLoad(sum, { base: BIAS, displacement: VECTOR_BYTES * vector }, maskOf(vector));
  });
  const step = (at: number, { rowStride, stepStride }: Strides) => {
    for (let vector = 0; vector < vectors; vector++) {
      const from = { base: RIGHT_STEP, displacement: at * rightStride + VECTOR_BYTES * vector };
      assembler.vectorLoad(rightOf(vector), from, maskOf(vector));
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
    emitEnding(assembler, specification, { register: sumOf(row, vector), zero, displacement, mask: maskOf(vector) });
  });
}
