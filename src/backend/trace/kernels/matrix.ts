import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/box.ts';
import { InvalidArgumentError } from '../../../core/errors.ts';
import type { Lowering, Lowerings } from '../lowering.ts';
import type { Recorder } from '../recorder.ts';
import { sameShape, type TracedInfo, traced, tracedOf } from '../value.ts';

/** Elements from which a matrix is worth a lowering of its own. */
const LARGE_MATRIX = 1 << 20;

const matMul: Lowering = (recorder, { a, b }, attributes) => {
  if (a!.shape.length !== 2 || b!.shape.length !== 2) {
    throw new InvalidArgumentError(
      `Expected matMul of two matrices in a compiled function, got shapes [${a!.shape}] and [${b!.shape}]`,
    );
  }
  const transposeA = attributes['transposeA'] === true;
  const transposeB = attributes['transposeB'] === true;
  const shape = [a!.shape[transposeA ? 1 : 0]!, b!.shape[transposeB ? 0 : 1]!];
  const { graph } = recorder;
  if (transposeB && !transposeA && sizeOf(b!.shape) >= LARGE_MATRIX) {
    // x·Wᵀ with a large W: as (W·xᵀ)ᵀ the matrix library streams W instead of packing it. FusedMatMul, because ONNX
    // Runtime would fold the transposition of a Gemm back into it.
    const flipped = graph.node('FusedMatMul', [recorder.name(b!), recorder.name(a!)], {
      domain: 'com.microsoft',
      attributes: { transA: 0, transB: 1, alpha: { float: 1 } },
    });
    return traced(graph.node('Transpose', [flipped], { attributes: { perm: [1, 0] } }), shape);
  }
  const inputs = [recorder.name(a!), recorder.name(b!)] as const;
  const transposed = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  const name = graph.node('Gemm', inputs, { attributes: transposed });
  return traced(name, shape, { notes: { product: { inputs, attributes: transposed } } });
};

/** A matrix product plus a bias of one number for each column, or a whole matrix, as one node; undefined for any other addition. */
export function withProductBias(recorder: Recorder, a: TensorInfo, b: TensorInfo): TracedInfo | undefined {
  const { product } = tracedOf(a).notes;
  if (product === undefined) return undefined;
  if (!sameShape(b.shape, [a.shape[1]!]) && !sameShape(b.shape, a.shape)) return undefined;
  const inputs = [...product.inputs, recorder.name(b)];
  return traced(recorder.graph.node('Gemm', inputs, { attributes: product.attributes }), a.shape);
}

export const matrixKernels: Lowerings = { BatchMatMul: matMul };
