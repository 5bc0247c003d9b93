import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/box.ts';
import type { ElementwiseOperation } from '../../machine/elementwise.ts';
import { all, type Lowering, type Lowerings, only } from '../lowering.ts';
import type { Recorder } from '../recorder.ts';
import {
  type AffineNote,
  constantNumber,
  type Layout,
  relabelled,
  type TracedInfo,
  traced,
  tracedOf,
} from '../value.ts';
import { withBias, withRectifier } from './fused-convolution.ts';
import { withProductGate, withProductRectifier } from './machine-product.ts';
import { withProductBias } from './matrix.ts';

/** Close to the largest float32. */
const STEEPEST = 3e38;

const CAST_TYPES: Readonly<Record<string, number>> = { float32: 1, int32: 6, bool: 9 };

/** A node on several operands that broadcast. */
function elementwise(
  recorder: Recorder,
  operator: string,
  operands: readonly tf.TensorInfo[],
  type: tf.DataType = operands.at(-1)!.dtype,
): TracedInfo {
  const shape = operands
    .map((operand) => operand.shape)
    .reduce((a, b) => tf.backend_util.assertAndGetBroadcastShape(a, b));
  const layout = recorder.commonLayout(operands, shape);
  const names = operands.map((operand) => recorder.operand(operand, layout));
  const inMachineCode = machineElementwise(recorder, { operator, operands, names, shape, layout });
  if (inMachineCode !== undefined) return inMachineCode;
  return traced(recorder.graph.node(operator, names), shape, { type, layout });
}

const MACHINE_OPERATIONS: Readonly<Record<string, ElementwiseOperation>> = {
  Add: 'add',
  Sub: 'subtract',
  Mul: 'multiply',
};

/** The same in machine code, where both operands are as long or one is one number; undefined for any other. */
function machineElementwise(
  recorder: Recorder,
  parts: {
    readonly operator: string;
    readonly operands: readonly tf.TensorInfo[];
    readonly names: readonly string[];
    readonly shape: readonly number[];
    readonly layout: Layout;
  },
): TracedInfo | undefined {
  const { operator, operands, names, shape, layout } = parts;
  const operation = MACHINE_OPERATIONS[operator];
  if (!recorder.machineCode || operation === undefined || operands.some(({ dtype }) => dtype !== 'float32')) {
    return undefined;
  }
  if (layout === 'blocked' || layout === 'nchw' || names.every((name) => recorder.graph.isFixed(name)))
    return undefined;
  const length = sizeOf(shape);
  const [first, second] = operands.map((operand) => sizeOf(operand.shape)) as [number, number];
  if ((first !== length && first !== 1) || (second !== length && second !== 1) || length === 0) return undefined;
  const single = first < length ? 'first' : second < length ? 'second' : 'none';
  const lying = layout === 'columns' ? shape.toReversed() : shape;
  const name = recorder.machineNode({ kind: 'elementwise', operation, length, single }, lying, names);
  return traced(name, shape, { layout });
}

type Affine = Pick<AffineNote, 'scale' | 'offset'>;

/** Notes that the result of an operation with a number is still a scaled and shifted picture of bytes. */
function affine(
  result: TracedInfo,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  change: (before: Affine, by: number) => Affine,
): TracedInfo {
  const before = tracedOf(a).notes.affine;
  const by = constantNumber(b);
  if (before === undefined || by === undefined) return result;
  const { shape, type, layout, name } = result.dataId;
  return traced(name!, shape, { type, layout, notes: { affine: { base: before.base, ...change(before, by) } } });
}

const binary =
  (operator: string, type?: tf.DataType): Lowering =>
  (recorder, { a, b }) =>
    elementwise(recorder, operator, [a!, b!], type);

const unary =
  (operator: string): Lowering =>
  (recorder, inputs) =>
    recorder.unary(operator, only(inputs));

/** 1 where the operand is positive, else alpha; with 0 the derivative of the rectifier. */
const step: Lowering = (recorder, inputs, { alpha }) => {
  const x = only(inputs);
  // A rectified value is positive where its operand is; using it, the operand need not be kept.
  const tested = tracedOf(x).rectified ?? x;
  const layout = recorder.commonLayout([tested], tested.shape);
  const operand = recorder.operand(tested, layout);
  const { graph } = recorder;
  if (alpha === 0) {
    // min(1, max(0, x × as much as a float can be)): one node instead of a comparison and a cast.
    const attributes = { alpha: { float: STEEPEST }, beta: { float: 0 } };
    const name = graph.node('HardSigmoid', [operand], { attributes });
    return traced(name, x.shape, { layout, notes: { stepOf: tested } });
  }
  const positive = graph.node('Greater', [operand, graph.scalar(0)]);
  const name = graph.node('Where', [positive, graph.scalar(1), graph.scalar(alpha as number)]);
  return traced(name, x.shape, { layout });
};

const relu: Lowering = (recorder, inputs) => {
  const x = only(inputs);
  const rectified = withRectifier(recorder, x) ?? withProductRectifier(recorder, x) ?? recorder.unary('Relu', x);
  tracedOf(x).rectified = rectified;
  return rectified;
};

const cast: Lowering = (recorder, inputs, attributes) => {
  const x = only(inputs);
  const type = attributes['dtype'] as tf.DataType;
  if (type === x.dtype) return relabelled(x);
  const layout = recorder.commonLayout([x], x.shape);
  const name = recorder.graph.node('Cast', [recorder.operand(x, layout)], { attributes: { to: CAST_TYPES[type] } });
  const notes =
    type === 'float32' && x.dtype === 'int32' ? { affine: { base: relabelled(x), scale: 1, offset: 0 } } : {};
  return traced(name, x.shape, { type, layout, notes });
};

const clip: Lowering = (recorder, inputs, { clipValueMin, clipValueMax }) => {
  const x = only(inputs);
  const layout = recorder.commonLayout([x], x.shape);
  const bounds = [clipValueMin, clipValueMax].map((bound) => recorder.graph.scalar(bound as number));
  return traced(recorder.graph.node('Clip', [recorder.operand(x, layout), ...bounds]), x.shape, { layout });
};

export const elementwiseKernels: Lowerings = {
  Add: (recorder, { a, b }) =>
    withBias(recorder, a!, b!) ??
    withProductBias(recorder, a!, b!) ??
    affine(elementwise(recorder, 'Add', [a!, b!]), a!, b!, ({ scale, offset }, by) => ({ scale, offset: offset + by })),
  AddN: (recorder, inputs) => elementwise(recorder, 'Sum', all(inputs)),
  Sub: (recorder, { a, b }) =>
    affine(elementwise(recorder, 'Sub', [a!, b!]), a!, b!, ({ scale, offset }, by) => ({ scale, offset: offset - by })),
  Multiply: (recorder, { a, b }) =>
    withProductGate(recorder, a!, b!) ??
    affine(elementwise(recorder, 'Mul', [a!, b!]), a!, b!, ({ scale, offset }, by) => ({
      scale: scale * by,
      offset: offset * by,
    })),
  RealDiv: (recorder, { a, b }) =>
    affine(elementwise(recorder, 'Div', [a!, b!]), a!, b!, ({ scale, offset }, by) => ({
      scale: scale / by,
      offset: offset / by,
    })),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  Greater: binary('Greater', 'bool'),
  GreaterEqual: binary('GreaterOrEqual', 'bool'),
  Less: binary('Less', 'bool'),
  LessEqual: binary('LessOrEqual', 'bool'),
  Equal: binary('Equal', 'bool'),
  LogicalAnd: binary('And', 'bool'),
  LogicalOr: binary('Or', 'bool'),
  LogicalNot: unary('Not'),
  Abs: unary('Abs'),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Neg: unary('Neg'),
  Sigmoid: unary('Sigmoid'),
  Sign: unary('Sign'),
  Sqrt: unary('Sqrt'),
  Tanh: unary('Tanh'),
  Square: (recorder, inputs) => elementwise(recorder, 'Mul', [only(inputs), only(inputs)]),
  SquaredDifference: (recorder, { a, b }) => {
    const difference = elementwise(recorder, 'Sub', [a!, b!]);
    return elementwise(recorder, 'Mul', [difference, difference]);
  },
  Rsqrt: (recorder, inputs) => recorder.unary('Reciprocal', recorder.unary('Sqrt', only(inputs))),
  Reciprocal: unary('Reciprocal'),
  Select: (recorder, { condition, t, e }) => elementwise(recorder, 'Where', [condition!, t!, e!]),
  ClipByValue: clip,
  Cast: cast,
  Identity: (_, inputs) => relabelled(only(inputs)),
  Relu: relu,
  Step: step,
};
