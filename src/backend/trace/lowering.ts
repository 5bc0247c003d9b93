import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Recorder } from './recorder.ts';
import type { TracedInfo } from './value.ts';

/** An operation's attributes, as TensorFlow.js passes them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** Records one operation of TensorFlow.js as ONNX nodes. */
export type Lowering = (
  recorder: Recorder,
  inputs: NamedTensorInfoMap,
  attributes: Attributes,
) => TracedInfo | TracedInfo[];

/** By the name of the kernel. */
export type Lowerings = Readonly<Record<string, Lowering>>;

/** The operand of an operation with one, whatever TensorFlow.js calls it. */
export function only(inputs: NamedTensorInfoMap): TensorInfo {
  return Object.values(inputs)[0] as TensorInfo;
}

/** The operands of an operation with any number of them, in order. */
export function all(inputs: NamedTensorInfoMap): TensorInfo[] {
  return Object.values(inputs) as TensorInfo[];
}
