import type { DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../../core/errors.ts';

import type { ProductSpecification } from '../machine/product-parts.ts';

/**
 * How a traced value's elements lie in memory:
 * - `plain`: as TensorFlow.js sees it (pictures height, width, channels);
 * - `nchw`: channels first;
 * - `blocked`: ONNX Runtime's NCHWc: channels in blocks, each block's channels innermost;
 * - `columns`: a matrix column by column: its transpose as it would lie plain.
 */
export type Layout = 'plain' | 'nchw' | 'blocked' | 'columns';

/** A convolution that produced a value, so that a bias and a rectifier after it can be made part of it. */
export interface ConvolutionNote {
  readonly input: string;
  readonly weights: string;
  /** What is to be added for each channel before any bias, because input and weights were rewritten. */
  readonly correction?: string;
  readonly bias?: string;
  /** A value of the result's shape that is added. */
  readonly sum?: string;
  readonly attributes: Readonly<Record<string, number | readonly number[] | string>>;
  readonly channels: number;
}

/** A matrix product that produced a value, so that a bias after it can be made part of it. */
export interface ProductNote {
  readonly inputs: readonly [string, string];
  readonly attributes: Readonly<Record<string, number>>;
  readonly layout: 'plain' | 'columns';
}

/** What a matrix product is made of, a · b or a · bᵀ. */
export interface ProductFactors {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly transposeB: boolean;
}

/** A matrix product in machine code that produced a value, so that what follows can be made part of it. */
export interface MachineProductNote {
  readonly specification: ProductSpecification;
  readonly left: string;
  readonly right: string;
  /** Of a second product that is added. */
  readonly second?: readonly [left: string, right: string];
  readonly bias?: string;
  /** The sum or the gate. */
  readonly other?: string;
  readonly factors?: ProductFactors;
  readonly secondFactors?: ProductFactors;
  readonly layout: 'plain' | 'columns';
}

/** A value that is scale × base + offset, base being whole numbers: pictures as they come. */
export interface AffineNote {
  readonly base: TracedInfo;
  readonly scale: number;
  readonly offset: number;
}

/** The same numbers in the same order under another shape. */
export interface FlatNote {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What is known of how a value came about. */
export interface Notes {
  readonly convolution?: ConvolutionNote;
  readonly product?: ProductNote;
  readonly machineProduct?: MachineProductNote;
  /** The value is 1 where this one is positive, else 0. */
  readonly stepOf?: TensorInfo;
  readonly affine?: AffineNote;
  readonly flat?: FlatNote;
}

/** What a TensorFlow.js tensor is while a function is traced: the name of an ONNX value, or a constant. */
export interface TracedValue {
  readonly shape: readonly number[];
  readonly type: DataType;
  readonly layout: Layout;
  /** Absent for a constant that no node has needed yet. */
  name: string | undefined;
  readonly constant?: Float32Array | Int32Array | Uint8Array;
  /** The same value in other layouts, once converted. */
  readonly converted: Partial<Record<Layout, string>>;
  readonly notes: Notes;
  /** The rectified value, when a rectifier was applied: its positive entries are this value's. */
  rectified?: TracedInfo;
}

/** A tensor whose data is a traced value. */
export interface TracedInfo extends TensorInfo {
  readonly dataId: DataId & TracedValue;
}

export interface ValueOptions {
  readonly type?: DataType;
  readonly layout?: Layout;
  readonly notes?: Notes;
}

/** A value that a node computes. */
export function traced(name: string, shape: readonly number[], options: ValueOptions = {}): TracedInfo {
  const { type = 'float32', layout = 'plain', notes = {} } = options;
  return info({ shape, type, layout, name, converted: {}, notes });
}

export function constantValue(
  constant: Float32Array | Int32Array | Uint8Array,
  shape: readonly number[],
  type: DataType,
): TracedInfo {
  return info({ shape, type, layout: 'plain', name: undefined, constant, converted: {}, notes: {} });
}

/** The same value again. */
export function relabelled(tensor: TensorInfo): TracedInfo {
  return { dataId: tracedOf(tensor), shape: [...tensor.shape], dtype: tensor.dtype };
}

/** The number that a constant tensor of one element holds; undefined for any other tensor. */
export function constantNumber(tensor: TensorInfo): number | undefined {
  const { constant } = tracedOf(tensor);
  return constant?.length === 1 ? constant[0] : undefined;
}

/** @throws InvalidArgumentError when the tensor's data is another backend's */
export function tracedOf(tensor: TensorInfo): DataId & TracedValue {
  if ('layout' in tensor.dataId) return tensor.dataId as DataId & TracedValue;
  throw new InvalidArgumentError(
    'Expected a compiled function to use its parameters, its inputs and constants made within it only, got a tensor of another backend',
  );
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

function info(value: TracedValue): TracedInfo {
  return { dataId: value as DataId & TracedValue, shape: [...value.shape], dtype: value.type };
}
