import {
  type Assembler,
  FLOAT_BYTES,
  type Mask,
  R8,
  R9,
  R10,
  RAX,
  RDI,
  type Register,
  RSI,
  VECTOR_FLOATS,
} from './assembler.ts';

/** A matrix of float32 [rows, columns], row by row, that becomes [columns, rows]. */
export interface TranspositionSpecification {
  readonly rows: number;
  readonly columns: number;
}

const RESULT = RDI;
const OPERAND = RSI;
const BLOCK_RESULT = RAX;
const BLOCK_OPERAND = R8;
const OUTER_COUNT = R9;
const INNER_COUNT = R10;
const COLUMN_MASK = 1;
const ROW_MASK = 2;

/** Vectors that hold a block's rows, and those that take what is made of them. */
const ROWS = Array.from({ length: VECTOR_FLOATS }, (_, i) => i);
const OTHERS = ROWS.map((i) => VECTOR_FLOATS + i);
/** Quarters 0 and 2 of two vectors, and 1 and 3. */
const EVEN_QUARTERS = 0x88;
const ODD_QUARTERS = 0xdd;

/** Writes a function (result, operand) that transposes a matrix in blocks of 16 × 16. */
export function emitTransposition(assembler: Assembler, { rows, columns }: TranspositionSpecification): void {
  const tail = { rows: rows % VECTOR_FLOATS, columns: columns % VECTOR_FLOATS };
  const whole = { rows: (rows - tail.rows) / VECTOR_FLOATS, columns: (columns - tail.columns) / VECTOR_FLOATS };
  if (tail.columns > 0) assembler.setMask(COLUMN_MASK, tail.columns);
  if (tail.rows > 0) assembler.setMask(ROW_MASK, tail.rows);
  const block = (height: number, width: number) => {
    emitBlock(assembler, {
      height,
      width,
      from: { base: BLOCK_OPERAND, stride: FLOAT_BYTES * columns },
      to: { base: BLOCK_RESULT, stride: FLOAT_BYTES * rows },
      loading: width < VECTOR_FLOATS ? COLUMN_MASK : undefined,
      storing: height < VECTOR_FLOATS ? ROW_MASK : undefined,
    });
    assembler.addConstant(BLOCK_OPERAND, FLOAT_BYTES * width);
    assembler.addConstant(BLOCK_RESULT, FLOAT_BYTES * width * rows);
  };
  const across = (height: number) => {
    assembler.move(BLOCK_OPERAND, OPERAND);
    assembler.move(BLOCK_RESULT, RESULT);
    assembler.repeat(INNER_COUNT, whole.columns, () => block(height, VECTOR_FLOATS));
    if (tail.columns > 0) block(height, tail.columns);
    assembler.addConstant(OPERAND, FLOAT_BYTES * height * columns);
    assembler.addConstant(RESULT, FLOAT_BYTES * height);
  };
  assembler.repeat(OUTER_COUNT, whole.rows, () => across(VECTOR_FLOATS));
  if (tail.rows > 0) across(tail.rows);
  assembler.leaveVectors();
  assembler.return();
}

/** Where the rows of a block lie: at a register's address, and so many bytes from one another. */
interface BlockRows {
  readonly base: Register;
  readonly stride: number;
}

/** Transposes up to 16 rows of up to 16 numbers; vectors 0 to 31 are used. */
export function emitBlock(
  assembler: Assembler,
  block: {
    readonly height: number;
    readonly width: number;
    readonly from: BlockRows;
    readonly to: BlockRows;
    /** Of a row that is read, where there are less than 16. */
    readonly loading: Mask | undefined;
    /** Of a row that is written; where it is absent, zeros are written beyond the height. */
    readonly storing: Mask | undefined;
  },
): void {
  const { height, width, from, to, loading, storing } = block;
  for (const row of ROWS) {
    if (row < height) assembler.vectorLoad(row, { base: from.base, displacement: row * from.stride }, loading);
    else assembler.zero(row);
  }
  emitSquare(assembler);
  for (let column = 0; column < width; column++) {
    assembler.vectorStore(ROWS[column]!, { base: to.base, displacement: column * to.stride }, storing);
  }
}

/** Transposes the 16 × 16 numbers in vectors 0 to 15 there; vectors 16 to 31 are used. */
export function emitSquare(assembler: Assembler): void {
  // Pairs of rows, then fours: afterwards a vector holds, for each quarter q, column 4q + j of four rows.
  for (let pair = 0; pair < VECTOR_FLOATS; pair += 2) {
    assembler.operate('interleaveLow', OTHERS[pair]!, ROWS[pair]!, ROWS[pair + 1]!);
    assembler.operate('interleaveHigh', OTHERS[pair + 1]!, ROWS[pair]!, ROWS[pair + 1]!);
  }
  for (let four = 0; four < VECTOR_FLOATS; four += 4) {
    const [a, b, c, d] = OTHERS.slice(four, four + 4) as [number, number, number, number];
    assembler.operate('interleavePairsLow', ROWS[four]!, a, c);
    assembler.operate('interleavePairsHigh', ROWS[four + 1]!, a, c);
    assembler.operate('interleavePairsLow', ROWS[four + 2]!, b, d);
    assembler.operate('interleavePairsHigh', ROWS[four + 3]!, b, d);
  }
  for (let j = 0; j < 4; j++) {
    const [a, b, c, d] = [0, 4, 8, 12].map((four) => ROWS[four + j]!) as [number, number, number, number];
    const [upperEven, upperOdd, lowerEven, lowerOdd] = OTHERS.slice(4 * j, 4 * j + 4) as [
      number,
      number,
      number,
      number,
    ];
    assembler.shuffleQuarters(upperEven, a, b, EVEN_QUARTERS);
    assembler.shuffleQuarters(upperOdd, a, b, ODD_QUARTERS);
    assembler.shuffleQuarters(lowerEven, c, d, EVEN_QUARTERS);
    assembler.shuffleQuarters(lowerOdd, c, d, ODD_QUARTERS);
    assembler.shuffleQuarters(a, upperEven, lowerEven, EVEN_QUARTERS);
    assembler.shuffleQuarters(b, upperOdd, lowerOdd, EVEN_QUARTERS);
    assembler.shuffleQuarters(c, upperEven, lowerEven, ODD_QUARTERS);
    assembler.shuffleQuarters(d, upperOdd, lowerOdd, ODD_QUARTERS);
  }
}
