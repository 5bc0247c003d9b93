import {
  type Assembler,
  FLOAT_BYTES,
  type Mask,
  R8,
  R9,
  R10,
  RDI,
  RSI,
  VECTOR_BYTES,
  VECTOR_FLOATS,
} from './assembler.ts';
import { emitSquare } from './transposition.ts';

/** The sums of the rows of a matrix of float32 [rows, columns], row by row. */
export interface RowSumsSpecification {
  readonly rows: number;
  readonly columns: number;
  /** The sums of each row's numbers, or their means. */
  readonly mean: boolean;
}

const RESULT = RDI;
const OPERAND = RSI;
const STEP = R8;
const OUTER_COUNT = R9;
const INNER_COUNT = R10;
const COLUMN_MASK = 1;
const ROW_MASK = 2;
const SCRATCH = 31;
const FACTOR = 31;

/** Writes a function (result, operand), 16 rows at a time. */
export function emitRowSums(assembler: Assembler, { rows, columns, mean }: RowSumsSpecification): void {
  const tailRows = rows % VECTOR_FLOATS;
  const tailColumns = columns % VECTOR_FLOATS;
  const wholeBlocks = Math.floor(rows / VECTOR_FLOATS);
  const wholeVectors = Math.floor(columns / VECTOR_FLOATS);
  if (tailColumns > 0) assembler.setMask(COLUMN_MASK, tailColumns);
  if (tailRows > 0) assembler.setMask(ROW_MASK, tailRows);
  const add = (height: number, mask?: Mask) => {
    for (let row = 0; row < height; row++) {
      assembler.vectorLoad(SCRATCH, { base: STEP, displacement: FLOAT_BYTES * row * columns }, mask);
      assembler.operate('add', row, row, SCRATCH);
    }
    assembler.addConstant(STEP, VECTOR_BYTES);
  };
  const block = (height: number) => {
    for (let row = 0; row < VECTOR_FLOATS; row++) assembler.zero(row);
    assembler.move(STEP, OPERAND);
    assembler.repeat(INNER_COUNT, wholeVectors, () => add(height));
    if (tailColumns > 0) add(height, COLUMN_MASK);
    emitSumsOfPlaces(assembler);
    if (mean) {
      assembler.constant(FACTOR, 1 / columns);
      assembler.operate('multiply', 0, 0, FACTOR);
    }
    assembler.vectorStore(0, { base: RESULT, displacement: 0 }, height < VECTOR_FLOATS ? ROW_MASK : undefined);
    assembler.addConstant(OPERAND, FLOAT_BYTES * height * columns);
    assembler.addConstant(RESULT, VECTOR_BYTES);
  };
  assembler.repeat(OUTER_COUNT, wholeBlocks, () => block(VECTOR_FLOATS));
  if (tailRows > 0) block(tailRows);
  assembler.leaveVectors();
  assembler.return();
}

/** Makes vector 0 hold the sums of each of vectors 0 to 15's places; vectors 1 to 31 are used. */
export function emitSumsOfPlaces(assembler: Assembler): void {
  // A vector's numbers become a column; then the rows of columns are added up, in pairs.
  emitSquare(assembler);
  for (let apart = 1; apart < VECTOR_FLOATS; apart *= 2) {
    for (let row = 0; row < VECTOR_FLOATS; row += 2 * apart) assembler.operate('add', row, row, row + apart);
  }
}
