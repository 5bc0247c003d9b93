/**
 * Prints how quick products of matrices are on one thread, in GFLOPS: our machine code beside ONNX Runtime's Gemm, and what
 * the processor does at most (multiply-adds on registers alone):
 *
 *     npx tsx scripts/product-speed.ts [--rows 32,128] [--seconds 0.5]
 *
 * The products are those of a layer of 400 to 300 numbers: forward, the gradient of what comes in, that of the weights.
 * Each runs on four sets of matrices in turn, as an update's nets do, so that they do not all lie in the nearest cache.
 * Then the code that leaves out zeros, where all, a half and a tenth of the left matrix is not zero; as if zeros counted.
 */
import { parseArgs } from 'node:util';
import { R9 } from '../src/backend/machine/assembler.ts';
import { emitOperator } from '../src/backend/machine/operator.ts';
import { PLAIN_PRODUCT, type ProductSpecification } from '../src/backend/machine/product-parts.ts';
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

interface MatrixSet {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly result: Float32Array;
}

/** @param share of the left matrix's numbers that are not zero */
function makeSets({ rows, columns, depth }: ProductSpecification, share: number): readonly MatrixSet[] {
  const numbers = (length: number, most: number) =>
    Float32Array.from({ length }, () => (random.uniform() < most ? random.between(-1, 1) : 0));
  return Array.from({ length: SETS }, () => ({
    left: numbers(rows * depth, share),
    right: numbers(depth * columns, 1),
    result: new Float32Array(rows * columns),
  }));
}

/** GFLOPS of our code. */
function speedOf(specification: ProductSpecification, sets: readonly MatrixSet[]): string {
  const code = new MachineFunction(SIGNATURE, (assembler) =>
    emitOperator(assembler, { kind: 'product', ...specification }),
  );
  const seconds = timeOf((set) => {
    const { result, left, right } = sets[set]!;
    code.call(result, left, right);
  });
  code.free();
  return inGflops(specification, seconds);
}

function inGflops({ rows, columns, depth }: ProductSpecification, seconds: number): string {
  return ((2 * rows * columns * depth) / seconds / 1e9).toFixed(0);
}

/** @param sparse the same product by the code that leaves out zeros, which lies otherwise */
async function measure(title: string, specification: ProductSpecification, sparse: ProductSpecification) {
  const { rows, columns, depth, transposed } = specification;
  const sets = makeSets(specification, 1);
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
  const ours = speedOf(specification, sets);
  const theirs = inGflops(
    specification,
    timeOf((set) => {
      bound[set]!.run();
    }),
  );
  const [all, half, tenth] = [1, 0.5, 0.1].map((share) => speedOf(sparse, makeSets(sparse, share)));
  process.stdout.write(
    `${title}: machine code ${ours} GFLOPS, ONNX Runtime ${theirs}; by the code without zeros ${all}, as if ${half} where a half is not zero, ${tenth} where a tenth is not\n`,
  );
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
  measurePeak();
  for (const batch of values.rows.split(',').map(Number)) {
    const [forward, backward] = [
      { rows: OUTPUTS, depth: INPUTS },
      { rows: INPUTS, depth: OUTPUTS },
    ];
    const columns = batch;
    const zeros = { ...PLAIN_PRODUCT, rows: batch, sparse: true };
    await measure(
      `${batch} rows, forward`,
      { ...PLAIN_PRODUCT, ...forward, columns },
      { ...zeros, columns: OUTPUTS, depth: INPUTS, rightTransposed: true },
    );
    await measure(
      `${batch} rows, backward`,
      { ...PLAIN_PRODUCT, ...backward, columns, transposed: true },
      { ...zeros, columns: INPUTS, depth: OUTPUTS },
    );
    const weights = { ...PLAIN_PRODUCT, rows: OUTPUTS, columns: INPUTS, depth: batch };
    await measure(`${batch} rows, the weights' gradient`, weights, { ...weights, sparse: true });
  }
} else {
  process.stdout.write('This machine does not run our machine code: it needs x86-64 with AVX-512 under Linux\n');
}
runtime.dispose();
