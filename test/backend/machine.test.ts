import test from 'ava';
import { SharedMemory } from '../../src/backend/compiled/memory.ts';
import { CompiledEngine } from '../../src/backend/index.ts';
import {
  emitOperator,
  inputParameters,
  type MachineOperator,
  operatorName,
} from '../../src/backend/machine/operator.ts';
import { PLAIN_PRODUCT, type ProductSpecification } from '../../src/backend/machine/product-parts.ts';
import { MachineOptimizer } from '../../src/backend/optimizer/machine-optimizer.ts';
import { type AdamCall, Optimizer } from '../../src/backend/optimizer/optimizer.ts';
import { ExecutableMemory } from '../../src/backend/runtime/executable-memory.ts';
import { loadKoffi } from '../../src/backend/runtime/koffi.ts';
import { runsMachineCode } from '../../src/backend/runtime/machine-code.ts';
import { MachineFunction } from '../../src/backend/runtime/machine-function.ts';
import { Random } from '../../src/core/random.ts';

/** On other machines there is nothing to run. */
const onThisMachine = runsMachineCode() ? test : test.skip;
const random = new Random(1);

function numbers(length: number): Float32Array {
  return Float32Array.from({ length }, () => random.between(-1, 1));
}

/** What is beyond an array must stay as it is. */
const MARGIN = 16;
const UNTOUCHED = 7;

/** Of an operator's code, at most. */
const PARAMETERS = 7;

/** Runs an operator's code on arrays, by number of the parameter from 1. */
function run(operator: MachineOperator, inputs: readonly Float32Array[], length: number): Float32Array {
  const signature = `void machine_operator(${Array.from({ length: PARAMETERS }, (_, i) => `void *p${i}`).join(', ')})`;
  const code = new MachineFunction(signature, (assembler) => emitOperator(assembler, operator));
  const result = new Float32Array(length + MARGIN).fill(UNTOUCHED);
  const parameters: (Float32Array | null)[] = Array.from({ length: PARAMETERS }, (_, i) => (i === 0 ? result : null));
  for (const [i, parameter] of inputParameters(operator).entries()) parameters[parameter] = inputs[i]!;
  code.call(...parameters);
  code.free();
  return result;
}

function expectedProduct(specification: ProductSpecification, inputs: readonly Float32Array[]): number[] {
  const { rows, columns, depth, transposed, secondDepth, bias, sum, rectified, gated, rightTransposed } = specification;
  const [left, right] = inputs as [Float32Array, Float32Array];
  const [secondLeft, secondRight] = inputs.slice(2) as [Float32Array, Float32Array];
  const biases = bias === undefined ? undefined : inputs[secondDepth > 0 ? 4 : 2]!;
  const other = sum || gated ? inputs.at(-1)! : undefined;
  return Array.from({ length: rows * columns }, (_, at) => {
    const row = Math.floor(at / columns);
    const column = at % columns;
    let value = biases?.[bias === 'rows' ? row : column] ?? 0;
    for (let step = 0; step < depth; step++) {
      value +=
        left[transposed ? step * rows + row : row * depth + step]! *
        right[rightTransposed ? column * depth + step : step * columns + column]!;
    }
    for (let step = 0; step < secondDepth; step++) {
      value += secondLeft[row * secondDepth + step]! * secondRight[step * columns + column]!;
    }
    if (sum) value += other![at]!;
    if (rectified) value = Math.max(value, 0);
    return gated && other![at]! <= 0 ? 0 : value;
  });
}

const endings: readonly Omit<ProductSpecification, 'rows' | 'columns' | 'depth'>[] = [
  PLAIN_PRODUCT,
  { ...PLAIN_PRODUCT, bias: 'rows' },
  { ...PLAIN_PRODUCT, bias: 'columns' },
  { ...PLAIN_PRODUCT, bias: 'rows', rectified: true },
  { ...PLAIN_PRODUCT, sum: true },
  { ...PLAIN_PRODUCT, bias: 'columns', sum: true, rectified: true },
  { ...PLAIN_PRODUCT, gated: true },
  { ...PLAIN_PRODUCT, secondDepth: 3, bias: 'rows', rectified: true },
  { ...PLAIN_PRODUCT, secondDepth: 3, bias: 'columns', rectified: true },
  { ...PLAIN_PRODUCT, secondDepth: 9, gated: true },
];
/** Rows, columns, depth: tiles of every height and width, whole vectors and others, one of everything. */
const shapes = [
  ...[
    [300, 32, 40],
    [40, 32, 300],
    [30, 400, 32],
    [31, 128, 7],
    [3, 32, 300],
    [300, 29, 3],
    [1, 17, 3],
  ],
  ...[
    [5, 1, 1],
    [29, 77, 13],
    [64, 300, 1],
    [1, 1, 5],
    [15, 48, 4],
    [33, 300, 150],
    [6, 256, 90],
    [2, 16, 6],
    [57, 33, 9],
  ],
] as const;

const asTheyLie = { transposed: false, sparse: false, rightTransposed: false };
for (const [lying, { transposed, sparse, rightTransposed }] of Object.entries({
  'as they lie': asTheyLie,
  'the left one lying transposed': { ...asTheyLie, transposed: true },
  'without zeros': { ...asTheyLie, sparse: true },
  'the right one lying transposed': { ...asTheyLie, rightTransposed: true },
  'without zeros, the right one lying transposed': { ...asTheyLie, sparse: true, rightTransposed: true },
})) {
  onThisMachine(`products of matrices in machine code, ${lying}`, (t) => {
    for (const [rows, columns, depth] of shapes as readonly (readonly [number, number, number])[]) {
      // The code for a right one that lies so is written out for each row, and takes no second product.
      const isThin = rightTransposed && !sparse;
      if (isThin && rows > 8) continue;
      for (const ending of endings.filter(({ secondDepth }) => !isThin || secondDepth === 0)) {
        const specification: ProductSpecification = {
          rows,
          columns,
          depth,
          ...ending,
          transposed,
          sparse,
          rightTransposed,
        };
        const left = numbers(rows * depth);
        const inputs = [sparse ? left.map((value) => Math.max(value, 0)) : left, numbers(depth * columns)];
        const { secondDepth } = ending;
        if (secondDepth > 0) inputs.push(numbers(rows * secondDepth), numbers(secondDepth * columns));
        if (ending.bias !== undefined) inputs.push(numbers(ending.bias === 'rows' ? rows : columns));
        if (ending.sum || ending.gated) inputs.push(numbers(rows * columns));
        const operator: MachineOperator = { kind: 'product', ...specification };
        const result = run(operator, inputs, rows * columns);
        const expected = expectedProduct(specification, inputs);
        const worst = Math.max(...expected.map((value, i) => Math.abs(value - result[i]!)));
        t.true(worst < 1e-5 * Math.max(1, Math.sqrt(depth)), `${operatorName(operator)}: ${worst}`);
        t.true(result.subarray(rows * columns).every((value) => value === UNTOUCHED));
      }
    }
  });
}

onThisMachine('what is not a number comes out of a product as such, rectified or not', (t) => {
  const product = { ...PLAIN_PRODUCT, rows: 3, columns: 20, depth: 4 };
  for (const sparse of [false, true]) {
    for (const rightTransposed of [false, true]) {
      for (const rectified of [false, true]) {
        const left = numbers(12);
        left[5] = Number.NaN;
        const operator: MachineOperator = { kind: 'product', ...product, rectified, sparse, rightTransposed };
        const result = run(operator, [left, numbers(80)], 60);
        t.deepEqual(
          [...result.subarray(0, 60)].map(Number.isNaN),
          Array.from({ length: 60 }, (_, i) => i >= 20 && i < 40),
          operatorName(operator),
        );
      }
    }
  }
});

onThisMachine('a sparse product takes nothing where its left matrix is zero, whatever stands in the right one', (t) => {
  for (const rightTransposed of [false, true]) {
    const [rows, columns, depth] = [5, 40, 30];
    const specification = { ...PLAIN_PRODUCT, rows, columns, depth, sparse: true, rightTransposed };
    const left = numbers(rows * depth).map((value, at) => (at % depth < 20 ? 0 : value));
    const right = numbers(depth * columns);
    const isOfZeros = (at: number) => (rightTransposed ? at % depth : Math.floor(at / columns)) < 20;
    const others = right.map((value, at) => (isOfZeros(at) ? Number.NaN : value));
    const operator: MachineOperator = { kind: 'product', ...specification };
    t.deepEqual(run(operator, [left, others], rows * columns), run(operator, [left, right], rows * columns));
  }
});

onThisMachine('sums, differences and products number by number', (t) => {
  for (const operation of ['add', 'subtract', 'multiply'] as const) {
    for (const length of [1, 15, 16, 37]) {
      for (const single of ['none', 'first', 'second'] as const) {
        const a = numbers(single === 'first' ? 1 : length);
        const b = numbers(single === 'second' ? 1 : length);
        const result = run({ kind: 'elementwise', operation, length, single }, [a, b], length);
        const expected = Array.from({ length }, (_, i) => {
          const [x, y] = [a[i % a.length]!, b[i % b.length]!];
          return Math.fround(operation === 'add' ? x + y : operation === 'subtract' ? x - y : x * y);
        });
        t.deepEqual([...result.subarray(0, length)], expected);
        t.true(result.subarray(length).every((value) => value === UNTOUCHED));
      }
    }
  }
});

const matrices = [
  [16, 16],
  [32, 400],
  [300, 32],
  [5, 3],
  [17, 33],
  [32, 29],
  [1, 40],
  [40, 1],
  [1, 1],
] as const;

onThisMachine('transpositions in machine code', (t) => {
  for (const [rows, columns] of matrices) {
    const matrix = numbers(rows * columns);
    const result = run({ kind: 'transposition', rows, columns }, [matrix], matrix.length);
    const expected = matrix.map((_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]!);
    t.deepEqual(result.subarray(0, matrix.length), expected, `${rows} × ${columns}`);
    t.true(result.subarray(matrix.length).every((value) => value === UNTOUCHED));
  }
});

onThisMachine('sums and means of columns in machine code', (t) => {
  for (const [rows, columns] of [...matrices, [20, 300]] as const) {
    const matrix = numbers(rows * columns);
    for (const mean of [false, true]) {
      const result = run({ kind: 'column sums', rows, columns, mean }, [matrix], columns);
      for (let column = 0; column < columns; column++) {
        const sum = matrix.reduce((total, value, at) => total + (at % columns === column ? value : 0), 0);
        const expected = mean ? sum / rows : sum;
        t.true(Math.abs(result[column]! - expected) < 1e-5 * (mean ? 1 : rows), `${rows} × ${columns}`);
      }
      t.true(result.subarray(columns).every((value) => value === UNTOUCHED));
    }
  }
});

onThisMachine('sums and means of rows in machine code', (t) => {
  for (const [rows, columns] of matrices) {
    const matrix = numbers(rows * columns);
    for (const mean of [false, true]) {
      const result = run({ kind: 'row sums', rows, columns, mean }, [matrix], rows);
      for (let row = 0; row < rows; row++) {
        const sum = matrix.subarray(row * columns, (row + 1) * columns).reduce((total, value) => total + value, 0);
        const expected = mean ? sum / columns : sum;
        t.true(Math.abs(result[row]! - expected) < 1e-5 * (mean ? 1 : columns), `${rows} × ${columns}`);
      }
      t.true(result.subarray(rows).every((value) => value === UNTOUCHED));
    }
  }
});

onThisMachine("the optimizer's step in machine code is WebAssembly's, to the bit, and so are the sums", (t) => {
  const LENGTH = 160;
  const memory = new SharedMemory(1 << 16);
  const [weights, gradient, firstMoment, secondMoment, target] = Array.from({ length: 5 }, () =>
    memory.allocate(4 * LENGTH),
  ) as [number, number, number, number, number];
  const place = { weights, gradient, firstMoment, secondMoment, length: LENGTH };
  const all = memory.numbers(0, 5 * LENGTH);
  const machine = new MachineOptimizer(memory.memory);
  const portable = new Optimizer(memory.memory);
  for (const withTarget of [false, true]) {
    for (const [step, weightDecay, gradientScale] of [
      [1, 0, 1],
      [7, 0.01, 0.5],
    ] as const) {
      const call: AdamCall = {
        options: { learningRate: 1e-2, weightDecay },
        ...{ learningRate: 1e-2, step, gradientScale },
        ...(withTarget ? { target: { weights: target, tau: 0.05 } } : {}),
      };
      const before = numbers(all.length).map((value, i) =>
        i >= 3 * LENGTH && i < 4 * LENGTH ? Math.abs(value) : value,
      );
      const [fromMachine, fromPortable] = [machine, portable].map((optimizer) => {
        all.set(before);
        optimizer.adam(place, call);
        return all.slice();
      });
      t.deepEqual(fromMachine, fromPortable);
      t.notDeepEqual(fromMachine, before);
    }
  }
  const before = numbers(all.length);
  const results = [machine, portable].map((optimizer) => {
    all.set(before);
    const squares = [optimizer.sumOfSquares(gradient, LENGTH), optimizer.addAndSquare(gradient, weights, LENGTH)];
    return { squares, all: all.slice() };
  });
  t.deepEqual(results[0]!.all, results[1]!.all);
  for (const [i, squares] of results[0]!.squares.entries()) {
    t.true(Math.abs(squares / results[1]!.squares[i]! - 1) < 1e-14);
  }
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
    all.set([wrong], gradient / 4 + 21);
    t.false(Number.isFinite(machine.sumOfSquares(gradient, LENGTH)));
  }
  const call = { options: { learningRate: 1 }, learningRate: 1, step: 1, gradientScale: 1 };
  const message = /open memory/;
  t.throws(() => machine.adam({ ...place, length: 1 << 20 }, call), { code: 'ERR_RUNTIME', message });
  t.throws(() => machine.adam({ ...place, length: 8 }, call), { code: 'ERR_RUNTIME', message });
  machine.dispose();
  t.throws(() => machine.adam(place, call), { code: 'ERR_RUNTIME', message });
});

onThisMachine('memory for code is sealed once, and takes no more than was asked for', (t) => {
  const memory = new ExecutableMemory(loadKoffi(), 8);
  t.throws(() => memory.seal(new Uint8Array(9)), { code: 'ERR_RUNTIME', message: /at most 8 bytes/ });
  memory.seal(new Uint8Array([0xc3]));
  t.throws(() => memory.seal(new Uint8Array([0xc3])), { code: 'ERR_RUNTIME', message: /not sealed yet/ });
  memory.free();
  memory.free();
});

onThisMachine('an engine says whether it writes machine code, and does without where it is asked to', async (t) => {
  const engines = [
    await CompiledEngine.create(),
    await CompiledEngine.create({ machineCode: false }),
    await CompiledEngine.create({ runtime: 'onnxruntime-node' }),
  ];
  t.deepEqual(
    engines.map(({ description }) => description.includes('machine code')),
    [true, false, false],
  );
  for (const engine of engines) await engine.dispose();
});
