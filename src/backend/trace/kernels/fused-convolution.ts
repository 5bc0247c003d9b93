import type { TensorInfo } from '@tensorflow/tfjs-core';
import { BLOCKED_DOMAIN, type Recorder } from '../recorder.ts';
import { type ConvolutionNote, sameShape, type TracedInfo, traced, tracedOf } from '../value.ts';

/** An input of a node that is left out. */
const NONE = '';

/**
 * Appends a convolution; bias and rectifier that follow it join it (the bare node is then dead and removed). A blocked
 * one has the rectifier as an attribute of its own; ONNX Runtime fuses the plain one's itself.
 */
export function appendConvolution(recorder: Recorder, note: ConvolutionNote, shape: readonly number[]): TracedInfo {
  const { graph, blockSize } = recorder;
  const blocked = blockSize !== undefined && note.channels % blockSize === 0;
  const { input, weights, correction, bias, sum } = note;
  const added =
    bias !== undefined && correction !== undefined ? graph.node('Add', [bias, correction]) : (bias ?? correction);
  const inputs = [input, weights, added ?? NONE, sum ?? NONE];
  while (inputs.at(-1) === NONE) inputs.pop();
  const name = graph.node('Conv', inputs, { domain: blocked ? BLOCKED_DOMAIN : '', attributes: note.attributes });
  return traced(name, shape, { layout: blocked ? 'blocked' : 'nchw', notes: { convolution: note } });
}

/** A convolution's value plus a bias of one number for each channel, as one node; undefined for any other addition. */
export function withBias(recorder: Recorder, a: TensorInfo, b: TensorInfo): TracedInfo | undefined {
  const note = tracedOf(a).notes.convolution;
  if (note === undefined || note.bias !== undefined || !sameShape(b.shape, [note.channels])) return undefined;
  return appendConvolution(recorder, { ...note, bias: recorder.name(b) }, a.shape);
}

/** The rectified value of a convolution, as one node; undefined for any other value. */
export function withRectifier(recorder: Recorder, x: TensorInfo): TracedInfo | undefined {
  const { notes, layout } = tracedOf(x);
  const note = notes.convolution;
  if (note === undefined || layout !== 'blocked') return undefined;
  return appendConvolution(recorder, { ...note, attributes: { ...note.attributes, activation: 'Relu' } }, x.shape);
}
