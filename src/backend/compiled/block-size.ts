import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/box.ts';
import type { FunctionSpecification } from '../../core/engine.ts';
import { type Runtime, RuntimeError } from '../runtime/runtime.ts';
import { compileFunction } from '../trace/compile.ts';
import type { BlockSize } from '../trace/recorder.ts';

const PICTURE = [1, 6, 6, 16] as const;
const FILTER = [3, 3, 16, 16] as const;
const RESULT = [1, 4, 4, 16] as const;

const convolution: FunctionSpecification = {
  reads: ['filters'],
  inputs: { picture: { shape: PICTURE, dtype: 'float32' } },
  compute: ({ filters }, { picture }) => ({
    result: tf.conv2d(picture as tf.Tensor4D, filters!['filter'] as tf.Tensor4D, 1, 'valid'),
  }),
};

/**
 * The block of channels that ONNX Runtime's blocked convolutions use on this machine: 16 with AVX-512, 8 with AVX2. It
 * is tried out, because a wrong one gives wrong numbers and no error.
 *
 * @returns undefined where there are no blocked convolutions
 */
export async function probeBlockSize(runtime: Runtime): Promise<BlockSize> {
  const expected = await convolve(runtime, undefined);
  for (const blockSize of [16, 8] as const) {
    try {
      const result = await convolve(runtime, blockSize);
      if (result.every((value, i) => Math.abs(value - expected[i]!) < 1e-3)) return blockSize;
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
    }
  }
  return undefined;
}

async function convolve(runtime: Runtime, blockSize: BlockSize): Promise<Float32Array> {
  const filter = Float32Array.from({ length: sizeOf(FILTER) }, (_, i) => Math.sin(i));
  const picture = Float32Array.from({ length: sizeOf(PICTURE) }, (_, i) => Math.cos(i));
  const result = new Float32Array(sizeOf(RESULT));
  const graph = compileFunction({ filters: { filter: { shape: FILTER, initial: filter } } }, convolution, blockSize);
  const session = await runtime.createSession(graph.model);
  const bound = session.bind(
    [
      { name: graph.parameters[0]!.input, array: filter, shape: FILTER },
      { name: graph.inputs[0]!.input, array: picture, shape: PICTURE },
    ],
    [{ name: graph.outputs[0]!.output, array: result, shape: RESULT }],
  );
  try {
    await bound.run();
  } finally {
    bound.dispose();
    await session.dispose();
  }
  return result;
}
