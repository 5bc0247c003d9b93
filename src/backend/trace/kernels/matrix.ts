import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../core/box.ts';
import { InvalidArgumentError } from '../../../core/errors.ts';
import type { Lowering, Lowerings } from '../lowering.ts';
import type { Recorder } from '../recorder.ts';
import { type MachineProductNote, type ProductNote, sameShape, type TracedInfo, traced, tracedOf } from '../value.ts';

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

/** Fewer rows than a vector has places would leave it half empty. */
const LEAST_MACHINE_ROWS = 16;
/** So many columns of a product leave most of a vector empty; beyond, that costs more than laying a matrix the other way. */
const FEW_OUTPUTS = 3;
/** Features from which a gradient is wanted plain: they are a picture's, which convolutions need so. */
const WIDE = 4096;

/**
 * A product in machine code, which takes its right operand as it lies and gives its result with features or batch as
 * rows, whichever the operand's layout makes quicker; undefined where it is not worth it.
 */
function machineProduct(
  recorder: Recorder,
  factors: {
    readonly a: TensorInfo;
    readonly b: TensorInfo;
    readonly transposeA: boolean;
    readonly transposeB: boolean;
  },
): TracedInfo | undefined {
  const { a, b, transposeA, transposeB } = factors;
  if (!recorder.machineCode || (transposeA && transposeB)) return undefined;
  const batch = a.shape[0]!;
  if (batch < LEAST_MACHINE_ROWS) return undefined;
  const isLaidOut = tracedOf(a).layout === 'columns';
  if (transposeA) {
    // A weight's gradient: Dᵀ · X.
    const [rows, columns] = [a.shape[1]!, b.shape[1]!];
    const left = recorder.name(a, isLaidOut ? 'columns' : 'plain');
    if (rows <= FEW_OUTPUTS && tracedOf(b).layout === 'columns') {
      // (Xᵀ · D)ᵀ, which needs no X that lies the other way.
      const specification = { rows: columns, columns: rows, depth: batch, transposed: false, ...PLAIN_PRODUCT };
      const inputs = [recorder.name(b, 'columns'), lying(recorder, a, 'plain')];
      // A single column lies as a single row does.
      const lyingShape = rows === 1 ? [rows, columns] : [columns, rows];
      const name = recorder.machineNode({ kind: 'product', ...specification }, lyingShape, inputs);
      return traced(name, [rows, columns], { layout: rows === 1 ? 'plain' : 'columns' });
    }
    const specification = { rows, columns, depth: batch, transposed: !isLaidOut, ...PLAIN_PRODUCT };
    return machineNode(recorder, { specification, left, right: recorder.name(b), layout: 'plain' });
  }
  const [depth, outputs] = transposeB ? [b.shape[1]!, b.shape[0]!] : [b.shape[0]!, b.shape[1]!];
  if (!transposeB && outputs >= WIDE) {
    const left = recorder.name(a, isLaidOut ? 'columns' : 'plain');
    const specification = { rows: batch, columns: outputs, depth, transposed: isLaidOut, ...PLAIN_PRODUCT };
    return machineNode(recorder, { specification, left, right: recorder.name(b), layout: 'plain' });
  }
  // W · xᵀ, or Wᵀ · dᵀ.
  const specification = { rows: outputs, columns: batch, depth, transposed: !transposeB, ...PLAIN_PRODUCT };
  const right = lying(recorder, a, 'columns');
  return machineNode(recorder, { specification, left: recorder.name(b), right, layout: 'columns' });
}

/** An operand in a layout: a single column lies the same way in both. */
function lying(recorder: Recorder, tensor: TensorInfo, layout: 'plain' | 'columns'): string {
  return recorder.name(tensor, tensor.shape[1] === 1 ? 'plain' : layout);
}

const PLAIN_PRODUCT = { secondDepth: 0, bias: false, sum: false, rectified: false, gated: false } as const;

function machineNode(recorder: Recorder, note: MachineProductNote): TracedInfo {
  const { specification, left, right, second = [], bias, other, layout } = note;
  const inputs = [left, right, ...second, bias, other].filter((input) => input !== undefined);
  const { rows, columns } = specification;
  // A single row of features lies as a column of the batch does.
  const upright = layout === 'columns' && rows === 1;
  const lyingShape = upright ? [columns, rows] : [rows, columns];
  const name = recorder.machineNode({ kind: 'product', ...specification }, lyingShape, inputs);
  const shape = layout === 'columns' ? [columns, rows] : [rows, columns];
  return traced(name, shape, { layout: upright ? 'plain' : layout, notes: { machineProduct: note } });
}

/** Whether a product can be computed with another one, as a part of the same sums. */
function canBeSecond(note: MachineProductNote, added: MachineProductNote): boolean {
  const { specification, layout } = added;
  const { rows, columns, transposed, secondDepth, sum, rectified, gated } = specification;
  const isPlain = !transposed && secondDepth === 0 && !sum && !rectified && !gated;
  const isAlike = layout === note.layout && rows === note.specification.rows && columns === note.specification.columns;
  const hasRoom = note.specification.secondDepth === 0 && (note.bias === undefined || added.bias === undefined);
  return isPlain && isAlike && hasRoom;
}

function withMachineBias(
  recorder: Recorder,
  note: MachineProductNote,
  a: TensorInfo,
  b: TensorInfo,
): TracedInfo | undefined {
  const { specification, layout } = note;
  if (specification.rectified || specification.gated || specification.sum) return undefined;
  const added = tracedOf(b).notes.machineProduct;
  if (added !== undefined && canBeSecond(note, added)) {
    const { bias = note.bias, left, right } = added;
    return machineNode(recorder, {
      ...note,
      specification: { ...specification, secondDepth: added.specification.depth, bias: bias !== undefined },
      second: [left, right],
      ...(bias === undefined ? {} : { bias }),
    });
  }
  if (sameShape(b.shape, a.shape)) {
    return machineNode(recorder, {
      ...note,
      specification: { ...specification, sum: true },
      other: lying(recorder, b, layout),
    });
  }
  if (layout !== 'columns' || specification.bias || !sameShape(b.shape, [a.shape[1]!])) return undefined;
  return machineNode(recorder, { ...note, specification: { ...specification, bias: true }, bias: recorder.name(b) });
}

/** A product in machine code and the rectifier after it; undefined for any other value. */
export function withProductRectifier(recorder: Recorder, x: TensorInfo): TracedInfo | undefined {
  const note = tracedOf(x).notes.machineProduct;
  if (note === undefined || note.specification.gated) return undefined;
  return machineNode(recorder, { ...note, specification: { ...note.specification, rectified: true } });
}

/** A product in machine code that counts only where another value is positive: a rectifier's gradient; undefined for any others. */
export function withProductGate(recorder: Recorder, a: TensorInfo, b: TensorInfo): TracedInfo | undefined {
  const note = tracedOf(a).notes.machineProduct;
  const gate = tracedOf(b).notes.stepOf;
  if (note === undefined || gate === undefined || !sameShape(gate.shape, a.shape)) return undefined;
  const { specification, layout } = note;
  if (specification.gated || specification.sum || specification.rectified) return undefined;
  return machineNode(recorder, {
    ...note,
    specification: { ...specification, gated: true },
    other: lying(recorder, gate, layout),
  });
}

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
