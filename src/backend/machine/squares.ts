import { type Assembler, RCX, RDI, RDX, RSI, VECTOR_BYTES } from './assembler.ts';

const NUMBERS = RDI;
const ADDED = RSI;
const GROUPS = RDX;
const SUMS = RCX;

/**
 * Writes a function (numbers, added, groups of 16, sums): adds the second numbers to the first, where `add` says so, and
 * writes 8 sums of squares, in double precision, of what comes out; their sum is that of all.
 */
export function emitSquares(assembler: Assembler, { add }: { readonly add: boolean }): void {
  const [numbers, upper, low, high] = [0, 1, 2, 3] as const;
  const [lowSums, highSums] = [4, 5] as const;
  assembler.zero(lowSums);
  assembler.zero(highSums);
  assembler.repeatCounted(GROUPS, () => {
    assembler.vectorLoad(numbers, { base: NUMBERS, displacement: 0 });
    if (add) {
      assembler.addFrom(numbers, numbers, { base: ADDED, displacement: 0 });
      assembler.vectorStore(numbers, { base: NUMBERS, displacement: 0 });
      assembler.addConstant(ADDED, VECTOR_BYTES);
    }
    assembler.upperHalf(upper, numbers);
    assembler.widen(low, numbers);
    assembler.widen(high, upper);
    assembler.multiplyAddDoubles(lowSums, low, low);
    assembler.multiplyAddDoubles(highSums, high, high);
    assembler.addConstant(NUMBERS, VECTOR_BYTES);
  });
  assembler.operate('addDoubles', lowSums, lowSums, highSums);
  assembler.vectorStore(lowSums, { base: SUMS, displacement: 0 });
  assembler.leaveVectors();
  assembler.return();
}
