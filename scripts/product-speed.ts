/**
 * Prints how quick products of matrices are on one thread, in GFLOPS: our machine code beside ONNX Runtime's Gemm, and what
 * the processor does at most (multiply-adds on registers alone):
 *
 *     npx tsx scripts/product-speed.ts [--rows 32,128] [--seconds 0.5]
 *
 * The products are those of a layer of 400 to 300 numbers: forward, the gradient of what comes in, that of the weights.
 * Each runs on four sets of matrices in turn, as an update's nets do, so that they do not all lie in the nearest cache.
 */
import { parseArgs } from 'node:util';
import { R9 } from '../src/backend/machine/assembler.ts';
import { emitProduct } from '../src/backend/machine/product.ts';
import type { ProductSpecification } from '../src/backend/machine/product-parts.ts';
import { OnnxGraph } from '../src/backend/onnx/graph.ts';
import { serializeModel } from '../src/backend/onnx/model.ts';
import { CRuntime } from '../src/backend/runtime/c-runtime.ts';
import { runsMachineCode } from '../src/backend/runtime/machine-code.ts';
import { MachineFunction } from '../src/backend/runtime/machine-function.ts';
import { median } from '../src/core/median.ts';
import { Random } from '../src/core/random.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '32,128' }, seconds: { type: 'string', default: '0.5' } },
});
const SETS = 4;
const INPUTS = 400;
const OUTPUTS = 300;
const random = new Random(1);
const runtime = new CRuntime({ threads: 1 });

type Run = (set: number) => void;

const SIGNATURE = 'void product_speed(void *result, void *left, void *right)';

/** Median time of a run, s. */
function timeOf(run: Run): number {
  const times: number[] = [];
  const end = performance.now() + 1000 * Number(values.seconds);
  for (let i = 0; performance.now() < end; i++) {
    const begun = performance.now();
    run(i % SETS);
    times.push(performance.now() - begun);
  }
  return median(times) / 1000;
}

async function measure(title: string, specification: ProductSpecification): Promise<void> {
  const { rows, columns, depth, transposed } = specification;
  const numbers = (length: number) => Float32Array.from({ length }, () => random.between(-1, 1));
  const sets = Array.from({ length: SETS }, () => ({
    left: numbers(rows * depth),
    right: numbers(depth * columns),
    result: new Float32Array(rows * columns),
  }));
  const graph = new OnnxGraph();
  const shapes = { left: transposed ? [depth, rows] : [rows, depth], right: [depth, columns], result: [rows, columns] };
  graph.input('left', 'float32', shapes.left);
  graph.input('right', 'float32', shapes.right);
  const name = graph.node('Gemm', ['left', 'right'], { attributes: { transA: transposed ? 1 : 0 } });
  graph.output(name, 'float32', shapes.result);
  const session = await runtime.createSession(serializeModel(graph), { threads: 1 });
  const bound = sets.map(({ left, right, result }) =>
    session.bind(
      [
        { name: 'left', array: left, shape: shapes.left },
        { name: 'right', array: right, shape: shapes.right },
      ],
      [{ name, array: result, shape: shapes.result }],
    ),
  );
  const code = new MachineFunction(SIGNATURE, (assembler) => emitProduct(assembler, specification));
  const ours: Run = (set) => {
    const { result, left, right } = sets[set]!;
    code.call(result, left, right);
  };
  const theirs: Run = (set) => {
    bound[set]!.run();
  };
  const operations = 2 * rows * columns * depth;
  const figures = [ours, theirs].map((run) => `${(operations / timeOf(run) / 1e9).toFixed(0)} GFLOPS`);
  process.stdout.write(`${title}: machine code ${figures[0]}, ONNX Runtime ${figures[1]}\n`);
  for (const run of bound) run.dispose();
  await session.dispose();
}

function measurePeak(): void {
  const sums = Array.from({ length: 28 }, (_, i) => i);
  const turns = 20_000;
  const code = new MachineFunction(SIGNATURE, (assembler) => {
    for (const register of [...sums, 30, 31]) assembler.zero(register);
    assembler.repeat(R9, turns, () => {
      for (const register of sums) assembler.multiplyAdd(register, 30, 31);
    });
    assembler.leaveVectors();
    assembler.return();
  });
  const nothing = new Float32Array(1);
  const seconds = timeOf(() => code.call(nothing, nothing, nothing));
  process.stdout.write(
    `multiply-adds on registers: ${((2 * 16 * sums.length * turns) / seconds / 1e9).toFixed(0)} GFLOPS\n`,
  );
}

if (runsMachineCode()) {
  const plain = {
    secondDepth: 0,
    bias: undefined,
    sum: false,
    rectified: false,
    gated: false,
    sparse: false,
    rightTransposed: false,
  };
  measurePeak();
  for (const batch of values.rows.split(',').map(Number)) {
    const [forward, backward] = [
      { rows: OUTPUTS, depth: INPUTS },
      { rows: INPUTS, depth: OUTPUTS },
    ];
    const columns = batch;
    await measure(`${batch} rows, forward`, { ...plain, ...forward, columns, transposed: false });
    await measure(`${batch} rows, backward`, { ...plain, ...backward, columns, transposed: true });
    const weights = { rows: OUTPUTS, columns: INPUTS, depth: batch };
    await measure(`${batch} rows, the weights' gradient`, { ...plain, ...weights, transposed: false });
  }
} else {
  process.stdout.write('This machine does not run our machine code: it needs x86-64 with AVX-512 under Linux\n');
}
runtime.dispose();
