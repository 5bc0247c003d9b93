import type { TensorInfo } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../core/box.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { type MachineOperator, operatorName } from '../machine/operator.ts';
import { MACHINE_DOMAIN } from '../machine/program.ts';
import { type ElementType, OnnxGraph } from '../onnx/graph.ts';
import type { MachineNode } from './machine-programs.ts';
import {
  type Layout,
  sameShape,
  type TracedInfo,
  type TracedValue,
  traced,
  tracedOf,
  type ValueOptions,
} from './value.ts';

/** Channels in a block of ONNX Runtime's blocked convolutions: 16 with AVX-512, 8 with AVX2; undefined: use plain ones. */
export type BlockSize = 8 | 16 | undefined;

export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';

export interface RecorderOptions {
  readonly blockSize: BlockSize;
  /** Let the features of rows lie column by column where that makes products with weights quicker. */
  readonly columns: boolean;
  /** Write machine code for products of matrices. Default false. */
  readonly machineCode?: boolean;
}

/** The graph being recorded, and how values of it are laid out. */
export class Recorder {
  readonly graph = new OnnxGraph();
  readonly blockSize: BlockSize;
  readonly columns: boolean;
  readonly machineCode: boolean;
  /** The nodes in machine code, by the name of what comes out. */
  readonly machineNodes = new Map<string, MachineNode>();
  /** TensorFlow.js's operations that were recorded, by the names of their kernels. */
  readonly operations = new Set<string>();

  constructor({ blockSize, columns, machineCode = false }: RecorderOptions) {
    this.blockSize = blockSize;
    this.columns = columns;
    this.machineCode = machineCode;
  }

  /** Name of a tensor's value in the layout that a node needs; converts it where it lies otherwise. */
  name(tensor: TensorInfo, layout: Layout = 'plain'): string {
    const value = tracedOf(tensor);
    const own = this.#ownName(value);
    if (value.layout === layout) return own;
    const known = value.converted[layout];
    if (known !== undefined) return known;
    const name = this.#convert(value, own, layout);
    value.converted[layout] = name;
    return name;
  }

  /** The layout in which a node can take all operands: that of a laid-out one, when the others have its shape or one element. */
  commonLayout(tensors: readonly TensorInfo[], shape: readonly number[]): Layout {
    const laidOut = tensors.find((tensor) => tracedOf(tensor).layout !== 'plain' && sameShape(tensor.shape, shape));
    if (laidOut === undefined) return 'plain';
    const fits = tensors.every(
      (tensor) =>
        sizeOf(tensor.shape) === 1 || (sameShape(tensor.shape, shape) && sameShape(tracedOf(tensor).shape, shape)),
    );
    return fits ? tracedOf(laidOut).layout : 'plain';
  }

  /** An operand of an elementwise node in the common layout. */
  operand(tensor: TensorInfo, layout: Layout): string {
    return this.name(tensor, sizeOf(tensor.shape) === 1 ? 'plain' : layout);
  }

  /** A node on one operand that keeps shape and layout. */
  unary(operator: string, tensor: TensorInfo, options: ValueOptions = {}): TracedInfo {
    const layout = this.commonLayout([tensor], tensor.shape);
    const name = this.graph.node(operator, [this.operand(tensor, layout)]);
    return traced(name, tensor.shape, { type: tensor.dtype, ...options, layout });
  }

  reshape(tensor: TensorInfo, shape: readonly number[]): TracedInfo {
    const name = this.graph.node('Reshape', [this.name(tensor), this.graph.integers(shape)]);
    return traced(name, shape, {
      type: tensor.dtype,
      notes: { flat: { name: this.name(tensor), shape: tensor.shape } },
    });
  }

  /** A node in machine code, whose result has this shape where it lies. */
  machineNode(operator: MachineOperator, shape: readonly number[], inputs: readonly string[]): string {
    const name = `${operatorName(operator)}_as_${shape.join('x')}`;
    const result = this.graph.node(name, inputs, { domain: MACHINE_DOMAIN });
    this.machineNodes.set(result, { operator, shape });
    return result;
  }

  #ownName(value: TracedValue): string {
    value.name ??= this.graph.constant(value.constant!, value.shape, elementType(value));
    return value.name;
  }

  #convert(value: TracedValue, name: string, to: Layout): string {
    if (value.layout === 'columns' || to === 'columns') {
      if (this.machineCode && value.type === 'float32') {
        const [rows, columns] = (to === 'columns' ? value.shape : value.shape.toReversed()) as [number, number];
        return this.machineNode({ kind: 'transposition', rows, columns }, [columns, rows], [name]);
      }
      return this.graph.node('Transpose', [name], { attributes: { perm: [1, 0] } });
    }
    const channels = value.shape[3]!;
    if (value.layout === 'blocked') {
      const options = { domain: BLOCKED_DOMAIN, attributes: { channels, channels_last: to === 'plain' ? 1 : 0 } };
      return this.graph.node('ReorderOutput', [name], options);
    }
    if (value.layout === 'plain' && to === 'nchw') {
      return this.graph.node('Transpose', [name], { attributes: { perm: [0, 3, 1, 2] } });
    }
    if (value.layout === 'nchw' && to === 'plain') {
      return this.graph.node('Transpose', [name], { attributes: { perm: [0, 2, 3, 1] } });
    }
    const options = { domain: BLOCKED_DOMAIN, attributes: { channels_last: value.layout === 'plain' ? 1 : 0 } };
    return this.graph.node('ReorderInput', [name], options);
  }
}

/** ONNX's name of a traced value's type. */
export function elementType({ type }: { readonly type: string }): ElementType {
  if (type === 'float32' || type === 'int32' || type === 'bool') return type;
  throw new InvalidArgumentError(`Expected tensors of float32, int32 or bool in a compiled function, got ${type}`);
}
