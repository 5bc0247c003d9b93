import type { TensorInfo } from '@tensorflow/tfjs-core';
import { BLOCKED_DOMAIN, type Recorder } from '../recorder.ts';
import { type ConvolutionNote, sameShape, type TracedInfo, traced, tracedOf } from '../value.ts';

/** An input of a node that is left out. */
export const NO_BIAS = '';

/**
 * Appends a convolution; bias and rectifier that follow it join it (the bare node is then dead and removed). A blocked
 * one has the rectifier as an attribute of its own; ONNX Runtime fuses the plain one's itself.
 */
export function appendConvolution(recorder: Recorder, note: ConvolutionNote, shape: readonly number[]): TracedInfo {
  const blocked = recorder.blockSize !== undefined && note.channels % recorder.blockSize === 0;
  const name = recorder.graph.node('Conv', note.inputs, {
    domain: blocked ? BLOCKED_DOMAIN : '',
    attributes: note.attributes,
  });
  return traced(name, shape, { layout: blocked ? 'blocked' : 'nchw', convolution: note });
}

/** A convolution's value plus a bias of one number for each channel, as one node; undefined for any other addition. */
export function withBias(recorder: Recorder, a: TensorInfo, b: TensorInfo): TracedInfo | undefined {
  const note = tracedOf(a).convolution;
  if (note === undefined || !sameShape(b.shape, [note.channels])) return undefined;
  const [input, weights, bias = NO_BIAS, ...sum] = note.inputs as [string, string, string?, string?];
  if (bias !== NO_BIAS) return undefined;
  return appendConvolution(
    recorder,
    { ...note, inputs: [input, weights, recorder.name(b), ...(sum as string[])] },
    a.shape,
  );
}

/** The rectified value of a convolution, as one node; undefined for any other value. */
export function withRectifier(recorder: Recorder, x: TensorInfo): TracedInfo | undefined {
  const { convolution: note, layout } = tracedOf(x);
  if (note === undefined || layout !== 'blocked') return undefined;
  return appendConvolution(recorder, { ...note, attributes: { ...note.attributes, activation: 'Relu' } }, x.shape);
}
