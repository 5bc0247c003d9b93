import {
  type Assembler,
  FLOAT_BYTES,
  type Mask,
  R10,
  R11,
  RAX,
  RBX,
  VECTOR_BYTES,
  VECTOR_FLOATS,
} from './assembler.ts';
import { BIAS, emitEnding, LEFT, OTHER, type ProductSpecification, RESULT, RIGHT, TAIL_MASK } from './product-parts.ts';
import { emitSumsOfPlaces } from './row-sums.ts';

const LEFT_STEP = RAX;
const RIGHT_STEP = RBX;
const GROUP_COUNT = R11;
const STEP_COUNT = R10;

/** The last numbers of a row that are not a whole vector. */
const DEPTH_MASK: Mask = 3;
/** Of `left` and of `right`, beside the 16 sums. */
const LEFT_VECTOR = 16;
const RIGHT_VECTOR = 17;
const ZERO = 17;

/**
 * Writes a function (result, left, right, bias, sum or gate) that computes a product of few rows with a matrix that lies
 * transposed, so that both lie number after number along the depth: 16 columns at a time, each a sum of products of
 * vectors, whose places are added up at the end.
 */
export function emitThinProduct(assembler: Assembler, specification: ProductSpecification): void {
  const { rows, columns, depth, bias, sum, gated } = specification;
  const tail = columns % VECTOR_FLOATS;
  const depthTail = depth % VECTOR_FLOATS;
  const others = sum || gated ? [OTHER] : [];
  assembler.push(RBX);
  if (tail > 0) assembler.setMask(TAIL_MASK, tail);
  if (depthTail > 0) assembler.setMask(DEPTH_MASK, depthTail);
  const step = (width: number, mask?: Mask) => {
    assembler.vectorLoad(LEFT_VECTOR, { base: LEFT_STEP, displacement: 0 }, mask);
    for (let column = 0; column < width; column++) {
      const from = { base: RIGHT_STEP, displacement: FLOAT_BYTES * depth * column };
      if (mask === undefined) {
        assembler.multiplyAddFrom(column, LEFT_VECTOR, from);
        continue;
      }
      assembler.vectorLoad(RIGHT_VECTOR, from, mask);
      assembler.multiplyAdd(column, RIGHT_VECTOR, LEFT_VECTOR);
    }
    for (const register of [LEFT_STEP, RIGHT_STEP]) assembler.addConstant(register, VECTOR_BYTES);
  };
  const group = (width: number) => {
    for (let row = 0; row < rows; row++) {
      for (let place = 0; place < VECTOR_FLOATS; place++) assembler.zero(place);
      assembler.move(LEFT_STEP, LEFT);
      assembler.addConstant(LEFT_STEP, FLOAT_BYTES * depth * row);
      assembler.move(RIGHT_STEP, RIGHT);
      assembler.repeat(STEP_COUNT, Math.floor(depth / VECTOR_FLOATS), () => step(width));
      if (depthTail > 0) step(width, DEPTH_MASK);
      emitSumsOfPlaces(assembler);
      const mask = width < VECTOR_FLOATS ? TAIL_MASK : undefined;

      if (bias === 'rows') assembler.broadcast(LEFT_VECTOR, { base: BIAS, displacement: FLOAT_BYTES * row });
      if (bias === 'columns') assembler.vectorLoad(LEFT_VECTOR, { base: BIAS, displacement: 0 }, mask);
      if (bias !== undefined) assembler.operate('add', 0, 0, LEFT_VECTOR);
      assembler.zero(ZERO);
      const displacement = FLOAT_BYTES * row * columns;
      emitEnding(assembler, specification, { register: 0, zero: ZERO, displacement, mask });
    }
    assembler.addConstant(RIGHT, FLOAT_BYTES * depth * width);
    const moved = [RESULT, ...others, ...(bias === 'columns' ? [BIAS] : [])];
    for (const register of moved) assembler.addConstant(register, FLOAT_BYTES * width);
  };
  assembler.repeat(GROUP_COUNT, Math.floor(columns / VECTOR_FLOATS), () => group(VECTOR_FLOATS));
  if (tail > 0) group(tail);
  assembler.pop(RBX);
  assembler.leaveVectors();
  assembler.return();
}
