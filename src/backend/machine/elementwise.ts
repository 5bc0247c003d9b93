import {
  type Address,
  type Assembler,
  type Mask,
  R9,
  RDI,
  RDX,
  RSI,
  VECTOR_BYTES,
  VECTOR_FLOATS,
} from './assembler.ts';

export type ElementwiseOperation = 'add' | 'subtract' | 'multiply';

/** Two arrays of float32 as long as each other, or one number and an array, number by number. */
export interface ElementwiseSpecification {
  readonly operation: ElementwiseOperation;
  readonly length: number;
  /** Which operand is one number for all of the other's. */
  readonly single: 'none' | 'first' | 'second';
}

const RESULT = RDI;
const OPERANDS = [RSI, RDX] as const;
const COUNT = R9;
const TAIL_MASK = 1;

/** Writes a function (result, first, second). The result may lie where an operand does. */
export function emitElementwise(assembler: Assembler, { operation, length, single }: ElementwiseSpecification): void {
  const tail = length % VECTOR_FLOATS;
  const whole = Math.floor(length / VECTOR_FLOATS);
  if (tail > 0) assembler.setMask(TAIL_MASK, tail);
  const isSingle = [single === 'first', single === 'second'] as const;
  for (const operand of [0, 1] as const) {
    if (isSingle[operand]) assembler.broadcast(operand, { base: OPERANDS[operand], displacement: 0 });
  }
  const step = (mask?: Mask) => {
    for (const operand of [0, 1] as const) {
      if (isSingle[operand]) continue;
      const from: Address = { base: OPERANDS[operand], displacement: 0 };
      assembler.vectorLoad(operand, from, mask);
      assembler.addConstant(OPERANDS[operand], VECTOR_BYTES);
    }
    assembler.operate(operation, 2, 0, 1);
    assembler.vectorStore(2, { base: RESULT, displacement: 0 }, mask);
    assembler.addConstant(RESULT, VECTOR_BYTES);
  };
  assembler.repeat(COUNT, whole, () => step());
  if (tail > 0) step(TAIL_MASK);
  assembler.leaveVectors();
  assembler.return();
}
