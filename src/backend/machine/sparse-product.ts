import {
  type Assembler,
  FLOAT_BYTES,
  type Mask,
  R10,
  R11,
  R12,
  R13,
  R14,
  R15,
  RAX,
  RBP,
  RBX,
  type Register,
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
  RESULT,
  RIGHT,
  SECOND_LEFT,
  SECOND_RIGHT,
  type Strip,
  stripsOf,
  TAIL_MASK,
} from './product-parts.ts';
import { emitBlock } from './transposition.ts';

const SAVED = [RBX, RBP, R12, R13, R14, R15] as const;
/** Of the seventh parameter. */
const STACK_PARAMETER = 8 * (SAVED.length + 1);

const STRIP_COUNT = R15;
const BLOCK_COUNT = R14;
const ROW_COUNT = R13;
/** The step of the depth that is next, and where its row of the copy lies. */
const STEP = RAX;
const RIGHT_ROW = RBP;
/** Steps, one bit each, at which both rows of a pair are not zero, and only the one or the other is. */
const BOTH = R11;
const ONLY = [RBX, R10] as const;

/** The last steps of a block that are not as many as a vector's places. */
const STEP_MASK: Mask = 3;
const NOT_ZERO_MASK: Mask = 4;

const ZERO = 31;
/** A number of each row of a pair. */
const NUMBERS = [30, 29] as const;
const RIGHT_VECTOR = 28;

/** Vectors of a strip, so that a block has as many steps as can be. */
const MOST_VECTORS = 7;
/** Steps of a block: bits of a register. */
const MOST_STEPS = 64;
/** Vectors of a block's part of `right`: most of the nearest cache, which holds 512 of them. */
const MOST_BLOCK_VECTORS = 448;

/** Steps of the depth that are done with all rows before the next. */
interface Block {
  readonly steps: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/**
 * Writes a function (result, left, right, bias, sum or gate, second left, second right) that computes a product and leaves
 * out what a zero of `left` is multiplied with: half of the work where a rectifier made them. `left` lies row by row. A
 * block's part of `right` is first copied onto the stack, its rows next to each other: it stays in the nearest cache while
 * all rows of `left` are gone through.
 */
export function emitSparseProduct(assembler: Assembler, specification: ProductSpecification): void {
  const { rows, columns, depth, secondDepth, rightTransposed } = specification;
  const vectors = Math.ceil(columns / VECTOR_FLOATS);
  const tail = columns % VECTOR_FLOATS;
  const strips = stripsOf(cut(vectors, MOST_VECTORS), tail);
  const mostVectors = strips[0]!.vectors;
  const blocks = blocksOf(depth, Math.min(MOST_STEPS, Math.floor(MOST_BLOCK_VECTORS / mostVectors)));
  const frameBytes = VECTOR_BYTES * mostVectors * blocks[0]!.steps;
  const { moveAcross, moveDown } = movesOf(assembler, specification);
  const moveIn = (steps: number) => {
    assembler.addConstant(LEFT, FLOAT_BYTES * steps);
    assembler.addConstant(RIGHT, FLOAT_BYTES * steps * (rightTransposed ? 1 : columns));
  };
  for (const register of SAVED) assembler.push(register);
  if (secondDepth > 0) assembler.load(SECOND_RIGHT, { base: RSP, displacement: STACK_PARAMETER });
  takeFrame(assembler, frameBytes);
  if (tail > 0) assembler.setMask(TAIL_MASK, tail);
  assembler.zero(ZERO);
  for (const strip of strips) {
    assembler.repeat(STRIP_COUNT, strip.count, () => {
      for (const { count, ...block } of blocks) {
        if (block.steps % VECTOR_FLOATS > 0) assembler.setMask(STEP_MASK, block.steps % VECTOR_FLOATS);
        assembler.repeat(BLOCK_COUNT, count, () => {
          if (rightTransposed) emitTransposedCopy(assembler, specification, strip, block);
          else emitCopy(assembler, specification, strip, block);
          assembler.repeat(ROW_COUNT, Math.floor(rows / 2), () => {
            emitRows(assembler, specification, { rows: 2, strip, block });
            moveDown(2);
          });
          if (rows % 2 > 0) {
            emitRows(assembler, specification, { rows: 1, strip, block });
            moveDown(1);
          }
          moveDown(-rows);
          moveIn(block.steps);
        });
      }
      moveIn(-depth);
      moveAcross(strip.vectors);
    });
  }
  assembler.load(RSP, { base: RSP, displacement: frameBytes });
  for (const register of SAVED.toReversed()) assembler.pop(register);
  assembler.leaveVectors();
  assembler.return();
}

/** Makes room on the stack that begins at a cache line; where the stack ended lies beyond it. */
function takeFrame(assembler: Assembler, bytes: number): void {
  assembler.move(RAX, RSP);
  assembler.addConstant(RSP, -(bytes + VECTOR_BYTES));
  assembler.moveConstant(RBX, BigInt(-VECTOR_BYTES));
  assembler.and(RSP, RBX);
  assembler.store(RAX, { base: RSP, displacement: bytes });
}

/** Copies a block's part of `right` onto the stack. */
function emitCopy(assembler: Assembler, { columns }: ProductSpecification, strip: Strip, { steps }: Block): void {
  const [from, to, count] = [R11, RBP, RBX];
  assembler.move(from, RIGHT);
  assembler.move(to, RSP);
  assembler.repeat(count, steps, () => {
    for (let vector = 0; vector < strip.vectors; vector++) {
      const at = { displacement: VECTOR_BYTES * vector };
      const mask = strip.masked && vector === strip.vectors - 1 ? TAIL_MASK : undefined;
      assembler.vectorLoad(0, { base: from, ...at }, mask);
      assembler.vectorStore(0, { base: to, ...at });
    }
    assembler.addConstant(from, FLOAT_BYTES * columns);
    assembler.addConstant(to, VECTOR_BYTES * strip.vectors);
  });
}

/** The same for a matrix that lies transposed. */
function emitTransposedCopy(
  assembler: Assembler,
  { columns, depth }: ProductSpecification,
  strip: Strip,
  { steps }: Block,
): void {
  const [from, to, vectorCount, groupCount] = [R11, RBP, RBX, R10];
  const stride = VECTOR_BYTES * strip.vectors;
  const groups = Math.floor(steps / VECTOR_FLOATS);
  assembler.move(from, RIGHT);
  assembler.move(to, RSP);
  const copyVector = (height: number) => {
    const copyGroup = (width: number) => {
      emitBlock(assembler, {
        height,
        width,
        from: { base: from, stride: FLOAT_BYTES * depth },
        to: { base: to, stride },
        loading: width < VECTOR_FLOATS ? STEP_MASK : undefined,
        storing: undefined,
      });
      assembler.addConstant(from, FLOAT_BYTES * width);
      assembler.addConstant(to, stride * width);
    };
    assembler.repeat(groupCount, groups, () => copyGroup(VECTOR_FLOATS));
    if (steps % VECTOR_FLOATS > 0) copyGroup(steps % VECTOR_FLOATS);
    assembler.addConstant(from, FLOAT_BYTES * (VECTOR_FLOATS * depth - steps));
    assembler.addConstant(to, VECTOR_BYTES - stride * steps);
  };
  assembler.repeat(vectorCount, strip.vectors - (strip.masked ? 1 : 0), () => copyVector(VECTOR_FLOATS));
  if (strip.masked) copyVector(columns % VECTOR_FLOATS);
  assembler.zero(ZERO);
}

function blocksOf(depth: number, most: number): (Block & { readonly count: number })[] {
  const all = cut(depth, most).flatMap(({ count, length }) => Array.from({ length: count }, () => length));
  const runs: (Block & { count: number })[] = [];
  for (const [i, steps] of all.entries()) {
    const block: Block = { steps, isFirst: i === 0, isLast: i === all.length - 1 };
    const last = runs.at(-1);
    if (last !== undefined && last.steps === steps && !last.isFirst && !block.isLast) last.count += 1;
    else runs.push({ ...block, count: 1 });
  }
  return runs;
}

/** One or two rows of the result within a strip, as far as a block's steps. */
function emitRows(
  assembler: Assembler,
  specification: ProductSpecification,
  part: { readonly rows: 1 | 2; readonly strip: Strip; readonly block: Block },
): void {
  const { columns, depth, secondDepth, bias } = specification;
  const { rows, strip, block } = part;
  const { vectors, masked } = strip;
  const sumOf = (row: number, vector: number) => row * vectors + vector;
  const maskOf = (vector: number) => (masked && vector === vectors - 1 ? TAIL_MASK : undefined);
  const ofResult = (row: number, vector: number) => FLOAT_BYTES * row * columns + VECTOR_BYTES * vector;
  const rowNumbers = Array.from({ length: rows }, (_, row) => row);
  const each = (body: (row: number, vector: number) => void) => {
    for (const row of rowNumbers) for (let vector = 0; vector < vectors; vector++) body(row, vector);
  };
  const begin = (row: number, vector: number) => {
    const to = sumOf(row, vector);
    const alongRow = { displacement: VECTOR_BYTES * vector };
    if (!block.isFirst) {
      assembler.vectorLoad(to, { base: RESULT, displacement: ofResult(row, vector) }, maskOf(vector));
    } else if (bias === 'rows') assembler.broadcast(to, { base: BIAS, displacement: FLOAT_BYTES * row });
    else if (bias === 'columns') assembler.vectorLoad(to, { base: BIAS, ...alongRow }, maskOf(vector));
    else assembler.zero(to);
  };
  each(begin);
  const addSecond = (step: number) => {
    for (const row of rowNumbers) {
      assembler.broadcast(NUMBERS[row]!, { base: SECOND_LEFT, displacement: FLOAT_BYTES * (row * secondDepth + step) });
    }
    for (let vector = 0; vector < vectors; vector++) {
      const displacement = FLOAT_BYTES * step * columns + VECTOR_BYTES * vector;
      assembler.vectorLoad(RIGHT_VECTOR, { base: SECOND_RIGHT, displacement }, maskOf(vector));
      for (const row of rowNumbers) assembler.multiplyAdd(sumOf(row, vector), RIGHT_VECTOR, NUMBERS[row]!);
    }
  };
  if (block.isFirst) for (let step = 0; step < secondDepth; step++) addSecond(step);
  for (const row of rowNumbers) emitNotZero(assembler, ONLY[row]!, { displacement: FLOAT_BYTES * row * depth, block });
  const addSteps = (steps: Register, ofRows: readonly number[]) => {
    assembler.whileNotZero(steps, () => {
      assembler.lowestBit(STEP, steps);
      assembler.clearLowestBit(steps);
      assembler.multiplyConstant(RIGHT_ROW, STEP, VECTOR_BYTES * vectors);
      assembler.add(RIGHT_ROW, RSP);
      for (const row of ofRows) {
        assembler.broadcast(NUMBERS[row]!, { base: LEFT, index: STEP, displacement: FLOAT_BYTES * row * depth });
      }
      for (let vector = 0; vector < vectors; vector++) {
        const from = { base: RIGHT_ROW, displacement: VECTOR_BYTES * vector };
        if (ofRows.length > 1) assembler.vectorLoad(RIGHT_VECTOR, from);
        for (const row of ofRows) {
          if (ofRows.length > 1) assembler.multiplyAdd(sumOf(row, vector), RIGHT_VECTOR, NUMBERS[row]!);
          else assembler.multiplyAddFrom(sumOf(row, vector), NUMBERS[row]!, from);
        }
      }
    });
  };
  if (rows === 2) {
    assembler.move(BOTH, ONLY[0]);
    assembler.and(BOTH, ONLY[1]);
    for (const register of ONLY) assembler.exclusiveOr(register, BOTH);
    addSteps(BOTH, rowNumbers);
  }
  for (const row of rowNumbers) addSteps(ONLY[row]!, [row]);
  each((row, vector) => {
    const displacement = ofResult(row, vector);
    const register = sumOf(row, vector);
    const mask = maskOf(vector);
    if (block.isLast) emitEnding(assembler, specification, { register, zero: ZERO, displacement, mask });
    else assembler.vectorStore(register, { base: RESULT, displacement }, mask);
  });
}

/** Sets a register's bits to the steps of a block at which a row of `left` is not zero: what is not a number is not. */
function emitNotZero(
  assembler: Assembler,
  to: Register,
  { displacement, block }: { readonly displacement: number; readonly block: Block },
): void {
  for (let begin = 0; begin < block.steps; begin += VECTOR_FLOATS) {
    const isWhole = begin + VECTOR_FLOATS <= block.steps;
    const from = { base: LEFT, displacement: displacement + FLOAT_BYTES * begin };
    assembler.compare('notEqual', NOT_ZERO_MASK, ZERO, from, isWhole ? undefined : STEP_MASK);
    assembler.bitsOf(begin === 0 ? to : STEP, NOT_ZERO_MASK);
    if (begin === 0) continue;
    assembler.shiftLeft(STEP, begin);
    assembler.or(to, STEP);
  }
}
