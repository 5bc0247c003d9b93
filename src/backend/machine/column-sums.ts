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
import { cut } from './cut.ts';

/** The sums of the columns of a matrix of float32 [rows, columns], row by row, or their means. */
export interface ColumnSumsSpecification {
  readonly rows: number;
  readonly columns: number;
  readonly mean: boolean;
}

const RESULT = RDI;
const OPERAND = RSI;
const STEP = R8;
const OUTER_COUNT = R9;
const INNER_COUNT = R10;
const TAIL_MASK: Mask = 1;
const SCRATCH = 31;
const FACTOR = 31;
/** Vectors of columns that are summed at a time. */
const MOST_VECTORS = 8;

/** Writes a function (result, operand). */
export function emitColumnSums(assembler: Assembler, { rows, columns, mean }: ColumnSumsSpecification): void {
  const tail = columns % VECTOR_FLOATS;
  if (tail > 0) assembler.setMask(TAIL_MASK, tail);
  const strip = (vectors: number, mask?: Mask) => {
    for (let vector = 0; vector < vectors; vector++) assembler.zero(vector);
    assembler.move(STEP, OPERAND);
    assembler.repeat(INNER_COUNT, rows, () => {
      for (let vector = 0; vector < vectors; vector++) {
        assembler.vectorLoad(SCRATCH, { base: STEP, displacement: VECTOR_BYTES * vector }, mask);
        assembler.operate('add', vector, vector, SCRATCH);
      }
      assembler.addConstant(STEP, FLOAT_BYTES * columns);
    });
    if (mean) assembler.constant(FACTOR, 1 / rows);
    for (let vector = 0; vector < vectors; vector++) {
      if (mean) assembler.operate('multiply', vector, vector, FACTOR);
      assembler.vectorStore(vector, { base: RESULT, displacement: VECTOR_BYTES * vector }, mask);
    }
    for (const register of [OPERAND, RESULT]) assembler.addConstant(register, VECTOR_BYTES * vectors);
  };
  const whole = Math.floor(columns / VECTOR_FLOATS);
  for (const { count, length } of cut(whole, MOST_VECTORS)) assembler.repeat(OUTER_COUNT, count, () => strip(length));
  if (tail > 0) strip(1, TAIL_MASK);
  assembler.leaveVectors();
  assembler.return();
}
