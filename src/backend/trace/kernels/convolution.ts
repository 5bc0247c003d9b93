import * as tf from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../../../core/errors.ts';
import type { Attributes, Lowering, Lowerings } from '../lowering.ts';
import { BLOCKED_DOMAIN, type Recorder } from '../recorder.ts';
import { type ConvolutionNote, type TracedInfo, traced, tracedOf } from '../value.ts';
import { filterGradient } from './filter-gradient.ts';
import { appendConvolution } from './fused-convolution.ts';

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
  const info = tf.backend_util.computeConv2DInfo(
    inputShape as Shape4,
    filterShape as Shape4,
    attributes['strides'] as [number, number],
    (attributes['dilations'] as [number, number] | undefined) ?? 1,
    attributes['pad'] as 'same' | 'valid',
    attributes['dimRoundingMode'] as 'floor' | undefined,
  );
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1) {
    throw new InvalidArgumentError(
      `Expected conv2d without dilations in a compiled function, got ${info.dilationHeight} and ${info.dilationWidth}`,
    );
  }
  return info;
}

const forward: Lowering = (recorder, inputs, attributes) => {
  const x = inputs['x']!;
  const filter = inputs['filter'] as Filter;
  const info = convolutionInfo(x.shape, filter.shape, attributes);
  const { top, left, bottom, right } = info.padInfo;
  const settings = {
    kernel_shape: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [1, 1],
    pads: [top, left, bottom, right],
    group: 1,
  };
  const block = recorder.blockSize;
  const { input, weights, correction } = withoutAffine(recorder, x, filter, info);
  const note = (from: string, filters: string): ConvolutionNote => ({
    input: from,
    weights: filters,
    attributes: settings,
    channels: info.outChannels,
    ...(correction === undefined ? {} : { correction }),
  });
  if (block === undefined || info.outChannels % block !== 0) {
    const filters = recorder.graph.node('Transpose', [weights], { attributes: { perm: [3, 2, 0, 1] } });
    return appendConvolution(
      recorder,
      note(asFloats(recorder, recorder.name(input, 'nchw'), input), filters),
      info.outShape,
    );
  }
  if (info.inChannels % block === 0) {
    const filters = blockedFilter(recorder, filter, block, weights);
    const picture = input === x ? recorder.name(x, 'blocked') : reordered(recorder, input);
    return appendConvolution(recorder, note(picture, filters), info.outShape);
  }
  return sumOverChannels(recorder, { input, weights, filter, block, note, shape: info.outShape });
};

interface Operands {
  /** The pictures: of floats, or of bytes. */
  readonly input: tf.TensorInfo;
  readonly weights: string;
  readonly correction?: string;
}

/**
 * A convolution of scale × x + offset is one of x, with weights times scale, plus offset × the sum of the weights: bytes
 * need not be scaled first. Not with a border of zeros, which is not scaled.
 */
function withoutAffine(
  recorder: Recorder,
  x: tf.TensorInfo,
  filter: Filter,
  { padInfo: { top, left, bottom, right } }: tf.backend_util.Conv2DInfo,
): Operands {
  const { affine } = tracedOf(x).notes;
  const weights = recorder.name(filter);
  if (affine === undefined || top + left + bottom + right > 0) return { input: x, weights };
  const { graph } = recorder;
  const { base, scale, offset } = affine;
  const scaled = graph.node('Mul', [weights, graph.scalar(scale)]);
  const sums = graph.node('ReduceSum', [weights, graph.integers([0, 1, 2])], { attributes: { keepdims: 0 } });
  return { input: base, weights: scaled, correction: graph.node('Mul', [sums, graph.scalar(offset)]) };
}

/** Bytes become floats; floats stay. */
function asFloats(recorder: Recorder, name: string, { dtype }: tf.TensorInfo): string {
  return dtype === 'float32' ? name : recorder.graph.node('Cast', [name], { attributes: { to: 1 } });
}

/** Pictures of bytes whose channels fill blocks, as floats in blocks. */
function reordered(recorder: Recorder, input: tf.TensorInfo): string {
  const name = asFloats(recorder, recorder.name(input, 'nchw'), input);
  return recorder.graph.node('ReorderInput', [name], { domain: BLOCKED_DOMAIN, attributes: { channels_last: 0 } });
}

interface SumParts {
  readonly input: tf.TensorInfo;
  readonly weights: string;
  readonly filter: Filter;
  readonly block: number;
  readonly note: (input: string, weights: string) => ConvolutionNote;
  readonly shape: readonly number[];
}

/**
 * A convolution whose input channels do not fill blocks: blocked ones take fewer channels than a block as they lie
 * (channels first), so the channels are cut into parts and each part's result is added to the one before.
 */
function sumOverChannels(recorder: Recorder, { input, weights, filter, block, note, shape }: SumParts): TracedInfo {
  const { graph } = recorder;
  const [height, width, inChannels, outChannels] = filter.shape;
  const count = Math.ceil(inChannels / (block - 1));
  const sizes = Array.from({ length: count }, (_, i) => Math.floor((inChannels + i) / count));
  const cut = (name: string, axis: number) =>
    count === 1 ? [name] : graph.nodeOf(count, 'Split', [name, graph.integers(sizes)], { attributes: { axis } });
  const pictures = cut(recorder.name(input, 'nchw'), 1);
  const filters = cut(weights, 2);
  let sum: TracedInfo | undefined;
  for (const [part, size] of sizes.entries()) {
    const partOfFilter = { ...filter, shape: [height, width, size, outChannels] as Shape4 };
    const picture = asFloats(recorder, pictures[part]!, input);
    const { correction, ...own } = note(picture, blockedFilter(recorder, partOfFilter, block, filters[part]));
    const isLast = part === count - 1;
    sum = appendConvolution(
      recorder,
      {
        ...own,
        ...(isLast && correction !== undefined ? { correction } : {}),
        ...(sum === undefined ? {} : { sum: recorder.name(sum, 'blocked') }),
      },
      shape,
    );
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
    const input = recorder.name(dy, 'blocked');
    return appendConvolution(recorder, { input, weights, attributes: settings, channels: inChannels }, inputShape);
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
