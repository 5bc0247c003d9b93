import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/box.ts';
import { InvalidArgumentError } from '../../../core/errors.ts';
import type { Lowering, Lowerings } from '../lowering.ts';
import type { Recorder } from '../recorder.ts';
import { type ProductNote, sameShape, type TracedInfo, traced, tracedOf } from '../value.ts';
import { machineProduct, withMachineBias } from './machine-product.ts';

/** Elements from which a matrix is worth a lowering of its own. */
const LARGE_MATRIX = 1 << 20;

/** Thinner products than these are as quick either way. */
const LEAST_ROWS = 8;
const LEAST_OUTPUTS = 16;

const matMul: Lowering = (recorder, { a, b }, attributes) => {
  if (a!.shape.length !== 2 || b!.shape.length !== 2) {
    throw new InvalidArgumentError(
      `Expected matMul of two matrices in a compiled function, got shapes [${a!.shape}] and [${b!.shape}]`,
    );
  }
  const transposeA = attributes['transposeA'] === true;
  const transposeB = attributes['transposeB'] === true;
  const shape = [a!.shape[transposeA ? 1 : 0]!, b!.shape[transposeB ? 0 : 1]!];
  const inMachineCode = machineProduct(recorder, { a: a!, b: b!, transposeA, transposeB });
  if (inMachineCode !== undefined) return inMachineCode;
  const { graph } = recorder;
  const [rows, outputs] = shape as [number, number];
  const left = stored(recorder, a!, transposeA);
  const right = stored(recorder, b!, transposeB);
  if (recorder.columns && transposeB && !transposeA && rows >= LEAST_ROWS && outputs >= LEAST_OUTPUTS) {
    // (W·xᵀ)ᵀ: the matrix library packs its second operand anew in every run, and x is the smaller one.
    return product(recorder, shape, {
      inputs: [right.name, left.name],
      attributes: { transA: right.transposed ? 0 : 1, transB: left.transposed ? 0 : 1 },
      layout: 'columns',
    });
  }
  if (transposeB && !transposeA && sizeOf(b!.shape) >= LARGE_MATRIX) {
    // The same for a large W where values lie plain.
    const flipped = unfoldable(graph, [recorder.name(b!), recorder.name(a!)], { transA: 0, transB: 1 });
    return traced(graph.node('Transpose', [flipped], { attributes: { perm: [1, 0] } }), shape);
  }
  if (recorder.columns && !transposeA && !transposeB && left.transposed) {
    // A gradient of such a value: taking W as it lies and transposing the smaller result is quicker than Wᵀ.
    return traced(unfoldable(graph, [left.name, right.name], transposed(left, right)), shape);
  }
  return product(recorder, shape, {
    inputs: [left.name, right.name],
    attributes: transposed(left, right),
    layout: 'plain',
  });
};

/** An operand as it lies, and whether a product takes it transposed. */
interface Operand {
  readonly name: string;
  readonly transposed: boolean;
}

function transposed(left: Operand, right: Operand) {
  return { transA: left.transposed ? 1 : 0, transB: right.transposed ? 1 : 0 };
}

/** A product whose result is then transposed: ONNX Runtime would fold that back into a Gemm. */
function unfoldable(
  graph: Recorder['graph'],
  inputs: readonly [string, string],
  flags: Readonly<Record<'transA' | 'transB', number>>,
): string {
  const attributes = { ...flags, alpha: { float: 1 } };
  return graph.node('FusedMatMul', inputs, { domain: 'com.microsoft', attributes });
}

function stored(recorder: Recorder, tensor: TensorInfo, transposed: boolean): Operand {
  return tracedOf(tensor).layout === 'columns'
    ? { name: recorder.name(tensor, 'columns'), transposed: !transposed }
    : { name: recorder.name(tensor), transposed };
}

function product(recorder: Recorder, shape: readonly number[], note: ProductNote): TracedInfo {
  const name = recorder.graph.node('Gemm', note.inputs, { attributes: note.attributes });
  return traced(name, shape, { layout: note.layout, notes: { product: note } });
}

/** A matrix product plus a bias of one number for each column, or a whole matrix, as one node; undefined for any other addition. */
export function withProductBias(recorder: Recorder, a: TensorInfo, b: TensorInfo): TracedInfo | undefined {
  const { machineProduct } = tracedOf(a).notes;
  if (machineProduct !== undefined) return withMachineBias(recorder, machineProduct, a, b);
  const note = tracedOf(a).notes.product;
  if (note === undefined) return undefined;
  const { inputs, attributes, layout } = note;
  const added = (): string | undefined => {
    if (sameShape(b.shape, a.shape)) return recorder.name(b, layout);
    if (!sameShape(b.shape, [a.shape[1]!])) return undefined;
    if (layout === 'plain') return recorder.name(b);
    return recorder.graph.node('Reshape', [recorder.name(b), recorder.graph.integers([a.shape[1]!, 1])]);
  };
  const third = added();
  if (third === undefined) return undefined;
  return traced(recorder.graph.node('Gemm', [...inputs, third], { attributes }), a.shape, { layout });
}

export const matrixKernels: Lowerings = { BatchMatMul: matMul };
