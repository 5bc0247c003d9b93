import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/box.ts';
import { all, type Lowering, type Lowerings, only } from '../lowering.ts';
import { constantValue, relabelled, sameShape, type TracedInfo, traced, tracedOf } from '../value.ts';

function filled(shape: readonly number[], value: number, type: tf.DataType): TracedInfo {
  const values = tf.util.getTypedArrayFromDType(type as 'float32', sizeOf(shape)).fill(value);
  return constantValue(values, shape, type);
}

function fromEnd(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

const reshape: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const shape = tf.util.inferFromImplicitShape([...(attributes['shape'] as number[])], sizeOf(x.shape));
  if (sameShape(shape, x.shape)) return relabelled(x);
  const { constant, type } = tracedOf(x);
  return constant === undefined ? recorder.reshape(x, shape) : constantValue(constant, shape, type);
};

const expandDims: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const shape = [...x.shape];
  shape.splice(fromEnd(attributes['dim'] as number, shape.length + 1), 0, 1);
  return recorder.reshape(x, shape);
};

const transpose: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const permutation = attributes['perm'] as number[];
  const shape = permutation.map((axis) => x.shape[axis]!);
  const { type, layout } = tracedOf(x);
  // Channels moved last are still first in memory: a convolution takes them so.
  if (layout === 'plain' && sameShape(permutation, [0, 2, 3, 1])) {
    return traced(recorder.name(x), shape, { type, layout: 'nchw' });
  }
  const name = recorder.graph.node('Transpose', [recorder.name(x)], { attributes: { perm: permutation } });
  return traced(name, shape, { type });
};

const concat: Lowering = (recorder, inputs, attributes) => {
  const parts = all(inputs).filter((part) => sizeOf(part.shape) > 0);
  const axis = fromEnd(attributes['axis'] as number, parts[0]!.shape.length);
  const shape = [...parts[0]!.shape];
  shape[axis] = parts.reduce((total, part) => total + part.shape[axis]!, 0);
  if (parts.length === 1) return relabelled(parts[0]!);
  const names = parts.map((part) => recorder.name(part));
  return traced(recorder.graph.node('Concat', names, { attributes: { axis } }), shape, { type: parts[0]!.dtype });
};

const split: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const axis = fromEnd(attributes['axis'] as number, x.shape.length);
  const sizes = tf.backend_util.prepareSplitSize(
    x as tf.Tensor,
    attributes['numOrSizeSplits'] as number[] | number,
    axis,
  );
  if (sizes.length === 1) return [relabelled(x)];
  const names = recorder.graph.nodeOf(sizes.length, 'Split', [recorder.name(x), recorder.graph.integers(sizes)], {
    attributes: { axis },
  });
  return sizes.map((size, part) => {
    const shape = x.shape.map((length, i) => (i === axis ? size : length));
    return traced(names[part]!, shape, { type: x.dtype });
  });
};

const slice: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const [begin, size] = tf.slice_util.parseSliceParams(
    x as tf.Tensor,
    attributes['begin'] as number[],
    attributes['size'] as number[],
  ) as [number[], number[]];
  if (sameShape(size, x.shape)) return relabelled(x);
  const end = begin.map((from, axis) => from + size[axis]!);
  const bounds = [recorder.graph.integers(begin), recorder.graph.integers(end)];
  return traced(recorder.graph.node('Slice', [recorder.name(x), ...bounds]), size, { type: x.dtype });
};

const pad: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const paddings = attributes['paddings'] as [number, number][];
  const amounts = [...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)];
  const shape = x.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1]);
  const fill = recorder.graph.scalar(attributes['constantValue'] as number);
  return traced(recorder.graph.node('Pad', [recorder.name(x), recorder.graph.integers(amounts), fill]), shape);
};

const tile: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const repetitions = attributes['reps'] as number[];
  const shape = x.shape.map((length, axis) => length * repetitions[axis]!);
  if (sameShape(shape, x.shape)) return relabelled(x);
  const name = recorder.graph.node('Tile', [recorder.name(x), recorder.graph.integers(repetitions)]);
  return traced(name, shape, { type: x.dtype });
};

const pack: Lowering = (recorder, inputs, attributes) => {
  const parts = all(inputs);
  const axis = fromEnd(attributes['axis'] as number, parts[0]!.shape.length + 1);
  const one = [...parts[0]!.shape];
  one.splice(axis, 0, 1);
  const shape = one.map((length, i) => (i === axis ? parts.length : length));
  const names = parts.map((part) => recorder.name(recorder.reshape(part, one)));
  return traced(recorder.graph.node('Concat', names, { attributes: { axis } }), shape, { type: parts[0]!.dtype });
};

const unpack: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const axis = fromEnd(attributes['axis'] as number, x.shape.length);
  const shape = x.shape.filter((_, i) => i !== axis);
  const count = x.shape[axis]!;
  if (count === 1) return [recorder.reshape(x, shape)];
  const sizes = recorder.graph.integers(Array.from({ length: count }, () => 1));
  const names = recorder.graph.nodeOf(count, 'Split', [recorder.name(x), sizes], { attributes: { axis } });
  return names.map((name) => {
    const reshaped = recorder.graph.node('Reshape', [name, recorder.graph.integers(shape)]);
    return traced(reshaped, shape, { type: x.dtype });
  });
};

export const shapeKernels: Lowerings = {
  Concat: concat,
  ExpandDims: expandDims,
  Fill: (_, __, { shape, value, dtype }) =>
    filled(shape as number[], value as number, (dtype as tf.DataType | undefined) ?? 'float32'),
  OnesLike: (_, inputs) => filled(only(inputs).shape, 1, only(inputs).dtype),
  Pack: pack,
  PadV2: pad,
  Reshape: reshape,
  Slice: slice,
  SplitV: split,
  Tile: tile,
  Transpose: transpose,
  Unpack: unpack,
  ZerosLike: (_, inputs) => filled(only(inputs).shape, 0, only(inputs).dtype),
};
