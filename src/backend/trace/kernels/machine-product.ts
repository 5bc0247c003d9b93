import type { TensorInfo } from '@tensorflow/tfjs-core';
import { PLAIN_PRODUCT, type ProductSpecification } from '../../machine/product-parts.ts';
import type { Recorder } from '../recorder.ts';
import {
  type MachineProductNote,
  type ProductFactors,
  sameShape,
  type TracedInfo,
  traced,
  tracedOf,
} from '../value.ts';

/** Fewer rows than a vector has places would leave it half empty. */
const LEAST_MACHINE_ROWS = 16;
/** So many columns of a product leave most of a vector empty; beyond, that costs more than laying a matrix the other way. */
const FEW_OUTPUTS = 3;
/** The same of a matrix that lies plain, and can be taken so by a product of few rows. */
const FEW_PLAIN_OUTPUTS = 8;
/** Columns of a product from which finding zeros is little beside what they save. */
const LEAST_SPARSE_COLUMNS = 48;
/** Rows of a product from which zeros save more than a matrix costs that has to be transposed. */
const LEAST_SPARSE_ROWS = 24;
/** Features from which a gradient is wanted plain: they are a picture's, which convolutions need so. */
const WIDE = 4096;

/**
 * A product in machine code, which gives its result with features or batch as rows, whichever the operand's layout and
 * what it is made of make quicker; undefined where it is not worth it.
 */
export function machineProduct(
  recorder: Recorder,
  factors: ProductFactors & { readonly transposeA: boolean },
): TracedInfo | undefined {
  const { a, b, transposeA, transposeB } = factors;
  if (!recorder.machineCode || (transposeA && transposeB) || a.shape[0]! < LEAST_MACHINE_ROWS) return undefined;
  if (transposeA) return weightGradient(recorder, a, b);
  const { batch, depth, outputs } = sizesOf(factors);
  const isPlain = tracedOf(a).layout === 'plain';
  const isSparse = hasZeros(a);
  if (isSparse && outputs >= LEAST_SPARSE_COLUMNS && (!transposeB || batch >= LEAST_SPARSE_ROWS)) {
    // x · Wᵀ, or d · W, without zeros.
    const zeros = { sparse: true, rightTransposed: transposeB };
    const specification = { ...PLAIN_PRODUCT, rows: batch, columns: outputs, depth, ...zeros };
    return machineNode(recorder, { specification, left: recorder.name(a), right: recorder.name(b), layout: 'plain' });
  }
  if (isSparse && isPlain && outputs <= FEW_PLAIN_OUTPUTS) {
    const specification = { ...PLAIN_PRODUCT, rows: outputs, columns: batch, depth, rightTransposed: true };
    const left = transposeB ? recorder.name(b) : transpose(recorder, b);
    return machineNode(recorder, { specification, left, right: recorder.name(a), layout: 'columns' });
  }
  if (!transposeB && outputs >= WIDE) {
    const left = recorder.name(a, isPlain ? 'plain' : 'columns');
    const specification = { ...PLAIN_PRODUCT, rows: batch, columns: outputs, depth, transposed: !isPlain };
    return machineNode(recorder, { specification, left, right: recorder.name(b), layout: 'plain' });
  }
  // W · xᵀ, or Wᵀ · dᵀ.
  const specification = { ...PLAIN_PRODUCT, rows: outputs, columns: batch, depth, transposed: !transposeB };
  const right = lying(recorder, a, 'columns');
  return machineNode(recorder, { specification, left: recorder.name(b), right, layout: 'columns', factors });
}

/** Dᵀ · X. */
function weightGradient(recorder: Recorder, d: TensorInfo, x: TensorInfo): TracedInfo {
  const [batch, rows] = d.shape as [number, number];
  const columns = x.shape[1]!;
  if (hasZeros(d) && columns >= LEAST_SPARSE_COLUMNS) {
    const specification = { ...PLAIN_PRODUCT, rows, columns, depth: batch, sparse: true };
    const left = lying(recorder, d, 'columns');
    return machineNode(recorder, { specification, left, right: recorder.name(x), layout: 'plain' });
  }
  if (rows <= FEW_OUTPUTS && tracedOf(x).layout === 'columns') {
    // (Xᵀ · D)ᵀ, which needs no X that lies the other way.
    const specification = { ...PLAIN_PRODUCT, rows: columns, columns: rows, depth: batch };
    const inputs = [recorder.name(x, 'columns'), lying(recorder, d, 'plain')];
    // A single column lies as a single row does.
    const lyingShape = rows === 1 ? [rows, columns] : [columns, rows];
    const name = recorder.machineNode({ kind: 'product', ...specification }, lyingShape, inputs);
    return traced(name, [rows, columns], { layout: rows === 1 ? 'plain' : 'columns' });
  }
  const isPlain = tracedOf(d).layout === 'plain';
  const specification = { ...PLAIN_PRODUCT, rows, columns, depth: batch, transposed: isPlain };
  const left = recorder.name(d, isPlain ? 'plain' : 'columns');
  return machineNode(recorder, { specification, left, right: recorder.name(x), layout: 'plain' });
}

/** Whether a rectifier, or its gradient, made some of a value's numbers zero. */
function hasZeros(tensor: TensorInfo): boolean {
  const specification = tracedOf(tensor).notes.machineProduct?.specification;
  return specification !== undefined && (specification.rectified || specification.gated);
}

function sizesOf({ a, b, transposeB }: ProductFactors) {
  const [outputs, depth] = (transposeB ? b.shape : b.shape.toReversed()) as [number, number];
  return { batch: a.shape[0]!, depth, outputs };
}

/** An operand in a layout: a single column lies the same way in both. */
function lying(recorder: Recorder, tensor: TensorInfo, layout: 'plain' | 'columns'): string {
  return recorder.name(tensor, tensor.shape[1] === 1 ? 'plain' : layout);
}

/** The right factor of a product that is to lie plain. */
function plainRight(recorder: Recorder, { b, transposeB }: ProductFactors): string {
  return transposeB ? transpose(recorder, b) : recorder.name(b);
}

/** A matrix that lies plain, transposed. */
function transpose(recorder: Recorder, matrix: TensorInfo): string {
  const name = recorder.name(matrix);
  const [rows, columns] = matrix.shape as [number, number];
  // A single row lies as a single column does.
  if (rows === 1 || columns === 1) return name;
  return recorder.machineNode({ kind: 'transposition', rows, columns }, [columns, rows], [name]);
}

function plainNote(recorder: Recorder, factors: ProductFactors): MachineProductNote {
  const { batch, depth, outputs } = sizesOf(factors);
  const specification = { ...PLAIN_PRODUCT, rows: batch, columns: outputs, depth };
  const left = lying(recorder, factors.a, 'plain');
  return { specification, left, right: plainRight(recorder, factors), layout: 'plain' };
}

/** The same product with its result plain; undefined for one of which the factors are not known. */
function inPlain(recorder: Recorder, note: MachineProductNote): MachineProductNote | undefined {
  const { specification, factors, secondFactors, bias } = note;
  const { secondDepth, sum } = specification;
  if (factors === undefined || sum || (secondDepth > 0 && secondFactors === undefined)) return undefined;
  const plain = plainNote(recorder, factors);
  return {
    ...plain,
    specification: { ...plain.specification, secondDepth, bias: bias === undefined ? undefined : 'columns' },
    ...(bias === undefined ? {} : { bias }),
    ...(secondFactors === undefined
      ? {}
      : { second: [lying(recorder, secondFactors.a, 'plain'), plainRight(recorder, secondFactors)] }),
  };
}

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

/** A bias is one number for each feature, along the rows or the columns as they lie. */
function biasAlong(layout: 'plain' | 'columns'): 'rows' | 'columns' {
  return layout === 'plain' ? 'columns' : 'rows';
}

/** What computes a product with another one, as a part of the same sums; undefined if it cannot. */
function withSecond(
  recorder: Recorder,
  note: MachineProductNote,
  added: MachineProductNote,
): MachineProductNote | undefined {
  const { specification } = note;
  const { bias = note.bias, factors } = added;
  const hasRoom = specification.secondDepth === 0 && (note.bias === undefined || added.bias === undefined);
  const isThin = specification.rightTransposed && !specification.sparse;
  if (isThin || !hasRoom || !isBare(added.specification)) return undefined;
  const alike = added.layout === note.layout ? added : factors === undefined ? undefined : plainNote(recorder, factors);
  if (alike?.layout !== note.layout) return undefined;
  const { rows, columns, depth } = alike.specification;
  if (rows !== specification.rows || columns !== specification.columns) return undefined;
  return {
    ...note,
    specification: {
      ...specification,
      secondDepth: depth,
      bias: bias === undefined ? undefined : biasAlong(note.layout),
    },
    second: [alike.left, alike.right],
    ...(factors === undefined ? {} : { secondFactors: factors }),
    ...(bias === undefined ? {} : { bias }),
  };
}

/** Whether a product takes both matrices as they lie, and nothing but a bias is added. */
function isBare(specification: ProductSpecification): boolean {
  const { transposed, secondDepth, sum, rectified, gated, sparse, rightTransposed } = specification;
  return !transposed && secondDepth === 0 && !sum && !rectified && !gated && !sparse && !rightTransposed;
}

/** A product and what is added to it as one node; undefined where that cannot be. */
export function withMachineBias(
  recorder: Recorder,
  note: MachineProductNote,
  a: TensorInfo,
  b: TensorInfo,
): TracedInfo | undefined {
  const { specification, layout } = note;
  if (specification.rectified || specification.gated || specification.sum) return undefined;
  const added = tracedOf(b).notes.machineProduct;
  const both = added === undefined ? undefined : withSecond(recorder, note, added);
  if (both !== undefined) return machineNode(recorder, both);
  if (sameShape(b.shape, a.shape)) {
    const other = lying(recorder, b, layout);
    return machineNode(recorder, { ...note, specification: { ...specification, sum: true }, other });
  }
  if (specification.bias !== undefined || !sameShape(b.shape, [a.shape[1]!])) return undefined;
  const bias = biasAlong(layout);
  return machineNode(recorder, { ...note, specification: { ...specification, bias }, bias: recorder.name(b) });
}

/** A product in machine code and the rectifier after it; undefined for any other value. */
export function withProductRectifier(recorder: Recorder, x: TensorInfo): TracedInfo | undefined {
  const note = tracedOf(x).notes.machineProduct;
  if (note === undefined || note.specification.gated) return undefined;
  // Products of what comes out leave out its zeros row by row.
  const laid = (isWorthPlain(note) ? inPlain(recorder, note) : undefined) ?? note;
  return machineNode(recorder, { ...laid, specification: { ...laid.specification, rectified: true } });
}

/** Whether transposing the weights is less than transposing what goes in and what comes out. */
function isWorthPlain({ factors, layout }: MachineProductNote): boolean {
  if (factors === undefined || layout === 'plain') return false;
  const { batch, depth, outputs } = sizesOf(factors);
  const isOfSparse = batch >= LEAST_SPARSE_ROWS && outputs >= LEAST_SPARSE_COLUMNS;
  return isOfSparse && depth * outputs <= batch * (depth + outputs);
}

/** A product in machine code that counts only where another value is positive: a rectifier's gradient; undefined for any others. */
export function withProductGate(recorder: Recorder, a: TensorInfo, b: TensorInfo): TracedInfo | undefined {
  const note = tracedOf(a).notes.machineProduct;
  const gate = tracedOf(b).notes.stepOf;
  if (note === undefined || gate === undefined || !sameShape(gate.shape, a.shape)) return undefined;
  const { gated, sum, rectified } = note.specification;
  if (gated || sum || rectified) return undefined;
  const isPlain = tracedOf(gate).layout === 'plain';
  const laid = (isPlain && note.layout === 'columns' ? inPlain(recorder, note) : undefined) ?? note;
  return machineNode(recorder, {
    ...laid,
    specification: { ...laid.specification, gated: true },
    other: lying(recorder, gate, laid.layout),
  });
}
