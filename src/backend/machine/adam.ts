import {
  type Assembler,
  FLOAT_BYTES,
  R8,
  R9,
  RAX,
  RCX,
  RDI,
  RDX,
  type Register,
  RSI,
  RSP,
  VECTOR_BYTES,
} from './assembler.ts';

const WEIGHTS = RDI;
const FIRST_MOMENT = RSI;
const SECOND_MOMENT = RDX;
const GRADIENT = RCX;
const TARGET = R8;
const GROUPS = R9;
const FACTORS = RAX;
/** Of the seventh parameter, past the address to return to. */
const STACK_PARAMETER = 8;

/** Registers of a step's factors, which lie in this order in memory. */
const [RATE, EPSILON, REST1, REST2, DECAY, SCALE, TAU] = [16, 17, 18, 19, 20, 21, 22] as const;

/**
 * Writes a function (weights, first moment, second moment, gradient, target, groups of 16, factors) that steps as
 * `../optimizer/assembly/optimizer.ts` does, with the same operations in the same order: not a bit differs.
 */
export function emitAdam(assembler: Assembler, { target }: { readonly target: boolean }): void {
  assembler.load(FACTORS, { base: RSP, displacement: STACK_PARAMETER });
  for (const [i, register] of [RATE, EPSILON, REST1, REST2, DECAY, SCALE, TAU].entries()) {
    assembler.broadcast(register, { base: FACTORS, displacement: FLOAT_BYTES * i });
  }
  const at = (base: Register) => ({ base, displacement: 0 });
  assembler.repeatCounted(GROUPS, () => {
    const [weight, gradient, first, second, scratch, followed] = [0, 1, 2, 3, 4, 5] as const;
    assembler.vectorLoad(weight, at(WEIGHTS));
    assembler.vectorLoad(gradient, at(GRADIENT));
    assembler.operate('multiply', gradient, gradient, SCALE);
    assembler.operate('multiply', scratch, weight, DECAY);
    assembler.operate('add', gradient, gradient, scratch);
    assembler.vectorLoad(first, at(FIRST_MOMENT));
    assembler.operate('subtract', scratch, gradient, first);
    assembler.operate('multiply', scratch, scratch, REST1);
    assembler.operate('add', first, first, scratch);
    assembler.vectorLoad(second, at(SECOND_MOMENT));
    assembler.operate('multiply', scratch, gradient, gradient);
    assembler.operate('subtract', scratch, scratch, second);
    assembler.operate('multiply', scratch, scratch, REST2);
    assembler.operate('add', second, second, scratch);
    assembler.vectorStore(first, at(FIRST_MOMENT));
    assembler.vectorStore(second, at(SECOND_MOMENT));
    assembler.squareRoot(second, second);
    assembler.operate('add', second, second, EPSILON);
    assembler.operate('multiply', first, first, RATE);
    assembler.operate('divide', first, first, second);
    assembler.operate('subtract', weight, weight, first);
    assembler.vectorStore(weight, at(WEIGHTS));
    if (target) {
      assembler.vectorLoad(followed, at(TARGET));
      assembler.operate('subtract', weight, weight, followed);
      assembler.operate('multiply', weight, weight, TAU);
      assembler.operate('add', followed, followed, weight);
      assembler.vectorStore(followed, at(TARGET));
      assembler.addConstant(TARGET, VECTOR_BYTES);
    }
    for (const moved of [WEIGHTS, FIRST_MOMENT, SECOND_MOMENT, GRADIENT]) assembler.addConstant(moved, VECTOR_BYTES);
  });
  assembler.leaveVectors();
  assembler.return();
}
