import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../../../core/errors.ts';
import type { Attributes, Lowering, Lowerings } from '../lowering.ts';
import type { Recorder } from '../recorder.ts';
import { type ConvolutionNote, type TracedInfo, traced, tracedOf } from '../value.ts';
import { filterGradient } from './filter-gradient.ts';
import { appendConvolution, NO_BIAS } from './fused-convolution.ts';

type Shape4 = [number, number, number, number];
type Filter = tf.TensorInfo & { readonly shape: Shape4 };

/** What TensorFlow.js knows of a convolution. */
export function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: Attributes,
): tf.backend_util.Conv2DInfo {
  const dataFormat = attributes['dataFormat'] ?? 'NHWC';
  if (dataFormat !== 'NHWC') throw new InvalidArgumentError(`Expected conv2d of NHWC pictures, got ${dataFormat}`);
  return tf.backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    attributes['strides'] as [number, number],
    (attributes['dilations'] as [number, number] | undefined) ?? 1,
    attributes['pad'] as 'same' | 'valid',
    attributes['dimRoundingMode'] as 'floor' | undefined,
  );
}

const forward: Lowering = (recorder, inputs, attributes) => {
  const x = inputs['x']!;
  const filter = inputs['filter'] as Filter;
  const info = convolutionInfo(x.shape, filter.shape, attributes);
  const { top, left, bottom, right } = info.padInfo;
  const settings = {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: [top, left, bottom, right],
    group: 1,
  };
  const block = recorder.blockSize;
  const note = (input: string, weights: string): ConvolutionNote => ({
    inputs: [input, weights],
    attributes: settings,
    channels: info.outChannels,
  });
  if (block === undefined || info.outChannels % block !== 0) {
    const weights = recorder.graph.node('Transpose', [recorder.name(filter)], { attributes: { perm: [3, 2, 0, 1] } });
    return appendConvolution(recorder, note(recorder.name(x, 'nchw'), weights), info.outShape);
  }
  if (info.inChannels % block === 0) {
    const weights = blockedFilter(recorder, filter, block);
    return appendConvolution(recorder, note(recorder.name(x, 'blocked'), weights), info.outShape);
  }
  return sumOverChannels(recorder, x, filter, block, note, info.outShape);
};

/**
 * A convolution whose input channels do not fill blocks: blocked ones take fewer channels than a block as they lie
 * (channels first), so the channels are cut into parts and each part's result is added to the one before.
 */
function sumOverChannels(
  recorder: Recorder,
  x: tf.TensorInfo,
  filter: Filter,
  block: number,
  note: (input: string, weights: string) => ConvolutionNote,
  shape: readonly number[],
): TracedInfo {
  const { graph } = recorder;
  const [height, width, inChannels, outChannels] = filter.shape;
  const count = Math.ceil(inChannels / (block - 1));
  const sizes = Array.from({ length: count }, (_, i) => Math.floor((inChannels + i) / count));
  const cut = (name: string, axis: number) =>
    count === 1 ? [name] : graph.nodeOf(count, 'Split', [name, graph.integers(sizes)], { attributes: { axis } });
  const inputs = cut(recorder.name(x, 'nchw'), 1);
  const filters = cut(recorder.name(filter), 2);
  let sum: TracedInfo | undefined;
  for (const [part, size] of sizes.entries()) {
    const partOfFilter = { ...filter, shape: [height, width, size, outChannels] as Shape4 };
    const own = note(inputs[part]!, blockedFilter(recorder, partOfFilter, block, filters[part]));
    const operands = sum === undefined ? own.inputs : [...own.inputs, NO_BIAS, recorder.name(sum, 'blocked')];
    sum = appendConvolution(recorder, { ...own, inputs: operands }, shape);
  }
  return sum!;
}

/** A filter as blocked convolutions want it: O/b × I/b × H × W × b(in) × b(out), or O/b × I × H × W × b for few channels. */
function blockedFilter(recorder: Recorder, filter: Filter, block: number, name = recorder.name(filter)): string {
  const [height, width, inChannels, outChannels] = filter.shape;
  const { graph } = recorder;
  const inBlocks = inChannels % block === 0 ? [inChannels / block, block] : [inChannels, 1];
  const split = graph.integers([height, width, ...inBlocks, outChannels / block, block]);
  const blocked = graph.node('Transpose', [graph.node('Reshape', [name, split])], {
    attributes: { perm: [4, 2, 0, 1, 3, 5] },
  });
  return graph.node('Reshape', [blocked, graph.integers([outChannels, inChannels, height, width])]);
}

const inputGradient: Lowering = (recorder, inputs, attributes) => {
  const dy = inputs['dy']!;
  const filter = inputs['filter'] as Filter;
  const inputShape = attributes['inputShape'] as Shape4;
  const info = convolutionInfo(inputShape, filter.shape, attributes);
  const [height, width, inChannels, outChannels] = filter.shape;
  const { top, left, bottom, right } = info.padInfo;
  const { graph, blockSize: block } = recorder;
  if (info.strideHeight !== 1 || info.strideWidth !== 1) return transposedConvolution(recorder, dy, filter, info);
  // The filter turned by half a circle, its channels exchanged, over a picture with the rest of the filter around it.
  const settings = {
    kernel_shape: [height, width],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [height - 1 - top, width - 1 - left, height - 1 - bottom, width - 1 - right],
    group: 1,
  };
  const flat = graph.node('Reshape', [
    recorder.name(filter),
    graph.integers([height * width, inChannels, outChannels]),
  ]);
  const backwards = Array.from({ length: height * width }, (_, i) => height * width - 1 - i);
  const turned = graph.node('Gather', [flat, graph.integers(backwards)], { attributes: { axis: 0 } });
  if (block !== undefined && inChannels % block === 0 && outChannels % block === 0) {
    const split = [height, width, inChannels / block, block, outChannels / block, block];
    const blocked = graph.node('Transpose', [graph.node('Reshape', [turned, graph.integers(split)])], {
      attributes: { perm: [2, 4, 0, 1, 5, 3] },
    });
    const weights = graph.node('Reshape', [blocked, graph.integers([inChannels, outChannels, height, width])]);
    const names = [recorder.name(dy, 'blocked'), weights];
    return appendConvolution(recorder, { inputs: names, attributes: settings, channels: inChannels }, inputShape);
  }
  const shaped = graph.node('Reshape', [turned, graph.integers([height, width, inChannels, outChannels])]);
  const weights = graph.node('Transpose', [shaped], { attributes: { perm: [2, 3, 0, 1] } });
  const names = [recorder.name(dy, 'nchw'), weights];
  return traced(graph.node('Conv', names, { attributes: settings }), inputShape, { layout: 'nchw' });
};

function transposedConvolution(
  recorder: Recorder,
  dy: tf.TensorInfo,
  filter: Filter,
  info: tf.backend_util.Conv2DInfo,
) {
  const { graph } = recorder;
  const { top, left, bottom, right } = info.padInfo;
  const weights = graph.node('Transpose', [recorder.name(filter)], { attributes: { perm: [3, 2, 0, 1] } });
  const reached = (size: number, stride: number, length: number, padding: number) =>
    (size - 1) * stride + length - padding;
  const name = graph.node('ConvTranspose', [recorder.name(dy, 'nchw'), weights], {
    attributes: {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      pads: [top, left, bottom, right],
      output_padding: [
        info.inHeight - reached(info.outHeight, info.strideHeight, info.filterHeight, top + bottom),
        info.inWidth - reached(info.outWidth, info.strideWidth, info.filterWidth, left + right),
      ],
      group: 1,
    },
  });
  return traced(name, info.inShape, { layout: 'nchw' });
}

const filterGradientKernel: Lowering = (recorder, inputs, attributes) => {
  const x = inputs['x']!;
  const dy = inputs['dy']!;
  const filterShape = attributes['filterShape'] as Shape4;
  const name = filterGradient(recorder, x, dy, convolutionInfo(x.shape, filterShape, attributes));
  return traced(name, filterShape, { type: tracedOf(x).type });
};

export const convolutionKernels: Lowerings = {
  Conv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradientKernel,
};
