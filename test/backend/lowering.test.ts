import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import test from 'ava';
import { probeBlockSize } from '../../src/backend/compiled/block-size.ts';
import { loweredOperations } from '../../src/backend/index.ts';
import { createRuntime } from '../../src/backend/runtime/create-runtime.ts';
import { runsMachineCode } from '../../src/backend/runtime/machine-code.ts';
import type { MachineCode } from '../../src/backend/trace/compile.ts';
import type { BlockSize } from '../../src/backend/trace/recorder.ts';
import { sizeOf } from '../../src/core/box.ts';
import type { ParameterGroup } from '../../src/core/engine.ts';
import { Random } from '../../src/core/random.ts';
import { compiledPhase, eagerPhase, type PhaseCase, relativeDifference } from './gradients.ts';
import { type OperationCase, operationCases } from './operations.ts';

interface Variant {
  readonly blockSize: BlockSize;
  readonly rowwise: boolean;
  readonly machineCode: MachineCode;
}

/** Step of the finite differences: large enough for float32, small enough for the curvature of these operations. */
const STEP = 5e-3;

const runtime = createRuntime({ threads: 1 });
const seen = new Set<string>();
const blockSize = await probeBlockSize(runtime);
await tf.setBackend('cpu');
/** Every way in which a graph may be laid out. */
const variants: readonly Variant[] = [
  { blockSize: undefined, rowwise: false, machineCode: 'none' },
  { blockSize: undefined, rowwise: true, machineCode: 'none' },
  ...(blockSize === undefined ? [] : [{ blockSize, rowwise: true, machineCode: 'none' as const }]),
  ...(runsMachineCode()
    ? (['joined', 'separate'] as const).map((machineCode) => ({ blockSize, rowwise: true, machineCode }))
    : []),
];

/** The operation's result, weighted so that every entry has a gradient of its own. */
function phaseOf({ shapes, range = [-1, 1], compute }: OperationCase): PhaseCase {
  const random = new Random(7);
  const draw = () => {
    const value = random.between(range[0], range[1]);
    // Not where signs change.
    return Math.abs(value) < 0.05 ? value + 0.1 : value;
  };
  const operands: ParameterGroup = Object.fromEntries(
    shapes.map((shape, i) => [`operand${i}`, { shape, initial: Float32Array.from({ length: sizeOf(shape) }, draw) }]),
  );
  return {
    groups: { operands },
    inputs: {},
    arrays: {},
    phase: {
      trains: 'operands',
      reads: [],
      inputs: [],
      optimizer: { learningRate: 0 },
      loss: ({ operands: tensors }) => {
        const result = compute(...Object.values(tensors!));
        const weights = Float32Array.from({ length: result.size }, (_, i) => Math.sin(1 + i));
        const weighted = tf.sum(tf.mul(result, tf.tensor(weights, result.shape)));
        return { loss: weighted as tf.Scalar, outputs: { result: tf.cast(result, 'float32') } };
      },
    },
  };
}

for (const operation of operationCases) {
  test.serial(
    `${operation.title}: as TensorFlow.js computes it${operation.kinks === true ? '' : ', and its gradient as finite differences say'}`,
    async (t) => {
      const phase = phaseOf(operation);
      const expected = eagerPhase('cpu', phase);
      for (const { rowwise, ...options } of variants) {
        const compiled = await compiledPhase(runtime, { ...phase, phase: { ...phase.phase, rowwise } }, options);
        const layout = `${rowwise ? 'by columns' : 'by rows'}${options.machineCode === 'none' ? '' : `, ${options.machineCode} in machine code`}`;
        const variant = `in blocks of ${options.blockSize}, ${layout}`;
        for (const name of compiled.graph.operations) seen.add(name);
        const values = await compiled.run();
        t.deepEqual(Object.keys(values).sort(), Object.keys(expected).sort());
        for (const [name, array] of Object.entries(values)) {
          t.true(relativeDifference(array, expected[name]!) < 2e-5, `${name} ${variant}`);
        }
        const operands = operation.kinks === true ? {} : phase.groups['operands']!;
        for (const [name, { initial }] of Object.entries(operands)) {
          const differences = new Float32Array(initial.length);
          // A few entries of a large operand are enough: each runs the whole graph twice.
          const stride = Math.max(1, Math.floor(initial.length / 24));
          const gradient = values[`gradient:${name}`]!.map((value, i) => (i % stride === 0 ? value : 0));
          for (let i = 0; i < initial.length; i += stride) {
            const at = async (offset: number) => {
              const moved = initial.slice();
              moved[i]! += offset;
              return (await compiled.run({ operands: { [name]: moved } }))['loss']![0]!;
            };
            differences[i] = ((await at(STEP)) - (await at(-STEP))) / (2 * STEP);
          }
          t.true(relativeDifference(gradient, differences) < 1e-2, `finite differences of ${name} ${variant}`);
        }
        await compiled.dispose();
      }
    },
  );
}

for (const [title, pad, filter, stride] of [
  ['no border', 'valid', [3, 3, 9, 16], 2],
  ['channels that fill blocks', 'valid', [4, 4, 16, 16], 4],
  ['a border, which is not scaled', 'same', [3, 3, 5, 8], 1],
] as const) {
  test.serial(`pictures of bytes, scaled before a convolution: ${title}`, async (t) => {
    const [, , channels, filters] = filter;
    const random = new Random(9);
    const draw = (shape: readonly number[]) => ({
      shape,
      initial: Float32Array.from({ length: sizeOf(shape) }, () => random.between(-1, 1)),
    });
    const phase: PhaseCase = {
      groups: { net: { filter: draw(filter), bias: draw([filters]) } },
      inputs: { pixels: { shape: [3, channels, 9, 10], dtype: 'uint8' } },
      arrays: { pixels: Uint8Array.from({ length: 3 * channels * 90 }, () => random.below(256)) },
      phase: {
        trains: 'net',
        reads: [],
        inputs: ['pixels'],
        optimizer: { learningRate: 0 },
        loss: ({ net }, { pixels }) => {
          const pictures = tf.sub(tf.mul(tf.cast(tf.transpose(pixels!, [0, 2, 3, 1]), 'float32'), 1 / 255), 0.5);
          const product = tf.conv2d(pictures as tf.Tensor4D, net!['filter'] as tf.Tensor4D, stride, pad);
          const result = tf.relu(tf.add(product, net!['bias']!));
          return { loss: tf.mean(tf.square(result)), outputs: { result } };
        },
      },
    };
    const expected = eagerPhase('cpu', phase);
    for (const blocks of new Set<BlockSize>([undefined, blockSize])) {
      const compiled = await compiledPhase(runtime, phase, { blockSize: blocks, machineCode: 'none' });
      for (const [name, array] of Object.entries(await compiled.run())) {
        t.true(relativeDifference(array, expected[name]!) < 2e-5, `${name} in blocks of ${blocks}`);
      }
      await compiled.dispose();
    }
  });
}

test.serial('every operation that can be compiled was tried', (t) => {
  t.deepEqual(
    loweredOperations.filter((name) => !seen.has(name)),
    [],
  );
});

test.after.always(() => runtime.dispose());
