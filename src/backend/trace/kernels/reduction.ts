import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/box.ts';
import { type Lowering, type Lowerings, only } from '../lowering.ts';
import type { Recorder } from '../recorder.ts';
import { sameShape, type TracedInfo, traced, tracedOf } from '../value.ts';

const reduction =
  (operator: string, axisName: string): Lowering =>
  (recorder, inputs, attributes) => {
    const x = only(inputs);
    const axes = tf.util.parseAxisParam((attributes[axisName] ?? null) as number | number[], x.shape);
    const keepDims = attributes['keepDims'] === true;
    const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
    const shape = keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
    const { graph, blockSize } = recorder;
    const inMachineCode = machineSums(recorder, x, { operator, axes, shape });
    if (inMachineCode !== undefined) return inMachineCode;
    const { layout, name } = tracedOf(x);
    if (layout === 'blocked' && operator === 'ReduceSum' && sameShape(axes, [0, 1, 2]) && !keepDims) {
      // A bias's gradient, summed as the blocks lie.
      const [batch, height, width, channels] = x.shape as [number, number, number, number];
      const block = blockSize!;
      const rows = graph.integers([batch, channels / block, height * width, block]);
      const blocks = graph.node('Reshape', [name!, rows]);
      const sums = graph.node('ReduceSum', [blocks, graph.integers([0, 2])], { attributes: { keepdims: 0 } });
      return traced(graph.node('Reshape', [sums, graph.integers([channels])]), shape);
    }
    if (operator === 'ReduceSum' && x.shape.length === 2 && sameShape(axes, [0]) && x.dtype === 'float32') {
      // A bias's gradient: ones times the rows is quicker than a sum over them.
      const [rows, columns] = x.shape as [number, number];
      const lying = layout === 'columns';
      const ones = graph.constant(new Float32Array(rows).fill(1), lying ? [rows, 1] : [1, rows], 'float32');
      const operands = lying ? [recorder.name(x, layout), ones] : [ones, recorder.name(x)];
      const sums = graph.node('Gemm', operands, { attributes: { transA: 0, transB: 0 } });
      const flat = { name: sums, shape: lying ? [columns, 1] : [1, columns] };
      if (keepDims && !lying) return traced(sums, shape);
      return traced(graph.node('Reshape', [sums, graph.integers(shape)]), shape, { notes: { flat } });
    }
    const operands = [recorder.name(x), graph.integers(axes)];
    const result = graph.node(operator, operands, { attributes: { keepdims: keepDims ? 1 : 0 } });
    return traced(result, shape, { type: x.dtype });
  };

/** A sum or mean in machine code, of everything or over the batch; undefined for any other. */
function machineSums(
  recorder: Recorder,
  x: TensorInfo,
  { operator, axes, shape }: { readonly operator: string; readonly axes: readonly number[]; readonly shape: number[] },
): TracedInfo | undefined {
  const { layout } = tracedOf(x);
  if (!recorder.machineCode || x.dtype !== 'float32' || !['ReduceSum', 'ReduceMean'].includes(operator))
    return undefined;
  if (layout === 'blocked' || layout === 'nchw') return undefined;
  const sums = (kind: 'row sums' | 'column sums', rows: number, columns: number) => {
    const mean = operator === 'ReduceMean';
    return traced(recorder.machineNode({ kind, rows, columns, mean }, shape, [recorder.name(x, layout)]), shape);
  };
  if (axes.length === x.shape.length && x.shape.length > 0) return sums('row sums', 1, sizeOf(x.shape));
  const isOverBatch = x.shape.length === 2 && sameShape(axes, [0]);
  const [batch, features] = x.shape as [number, number];
  if (!isOverBatch) return undefined;
  // One feature lies the same way in both layouts.
  return layout === 'columns' || features === 1
    ? sums('row sums', features, batch)
    : sums('column sums', batch, features);
}

export const reductionKernels: Lowerings = {
  Max: reduction('ReduceMax', 'reductionIndices'),
  Mean: reduction('ReduceMean', 'axis'),
  Min: reduction('ReduceMin', 'axis'),
  Sum: reduction('ReduceSum', 'axis'),
};
