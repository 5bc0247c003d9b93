import * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../core/engine.ts';
import { InvalidArgumentError } from '../../core/errors.ts';
import { constant, fanIn, type InitialWeights, orthogonal } from './initial-weights.ts';
import type { ParameterDeclaration } from './parameters.ts';

/** A convolutional layer with a rectifier behind it. */
export interface ConvolutionLayer {
  readonly filters: number;
  /** Height and width of a filter, pixels. */
  readonly size: number;
  readonly stride: number;
  readonly padding: 'valid' | 'same';
}

const layer = (size: number, stride: number): ConvolutionLayer => ({ filters: 32, size, stride, padding: 'valid' });

/**
 * - `paper`: three layers of 32 filters (Lillicrap et al. 2015, section 7, which does not give sizes and strides: 3×3
 *   with stride 2, 1, 1 here);
 * - `fast`: 8×8 with stride 4 in front of two 3×3: a sixth of the weights and of the time.
 */
export const CONVOLUTION_PRESETS = {
  paper: [layer(3, 2), layer(3, 1), layer(3, 1)],
  fast: [layer(8, 4), layer(3, 1), layer(3, 1)],
} as const;

/** Added to a picture's variance, in which 0 to 255 count as 0 to 1: one that is nearly flat keeps its noise small. */
const PICTURE_EPSILON = 1e-3;

export interface ConvolutionsOptions {
  readonly layers: readonly ConvolutionLayer[];
  readonly normalizePictures: boolean;
  readonly initialWeights: InitialWeights;
}

/** Parameters of convolutions begin with this. */
export const CONVOLUTION_NAME = 'encoder.conv';

/** Convolutions over byte pictures: rows × channels × height × width → rows × features. */
export class Convolutions {
  readonly parameters: readonly ParameterDeclaration[];
  readonly outputSize: number;
  readonly #layers: readonly ConvolutionLayer[];
  readonly #normalizePictures: boolean;

  /** @param pictureShape height, width, channels */
  constructor(
    pictureShape: readonly [number, number, number],
    { layers, normalizePictures, initialWeights }: ConvolutionsOptions,
  ) {
    this.#layers = layers;
    this.#normalizePictures = normalizePictures;
    let [height, width, channels] = pictureShape;
    this.parameters = layers.flatMap(({ filters, size, stride, padding }, i) => {
      const inputs = size * size * channels;
      const shape = [size, size, channels, filters];
      height = lengthAfter(height, size, stride, padding);
      width = lengthAfter(width, size, stride, padding);
      if (height < 1 || width < 1) {
        throw new InvalidArgumentError(
          `Expected pictures that the convolutions fit in, got ${pictureShape[0]} × ${pictureShape[1]} pixels: layer ${i + 1} leaves none; use larger pictures or fewer layers`,
        );
      }
      channels = filters;
      // With a rectifier behind it, half of the variance is lost: hence the gain of √2 (as DrQ-v2 does it).
      const orthogonally = initialWeights === 'orthogonal';
      return [
        {
          name: `${CONVOLUTION_NAME}.${i}.weight`,
          shape,
          initial: orthogonally ? orthogonal(filters, Math.SQRT2, 'last') : fanIn(inputs),
        },
        {
          name: `${CONVOLUTION_NAME}.${i}.bias`,
          shape: [filters],
          initial: orthogonally ? constant(0) : fanIn(inputs),
        },
      ];
    });
    this.outputSize = height * width * channels;
  }

  apply(weights: Tensors, pixels: tf.Tensor): tf.Tensor {
    // In this order, which engines know: bytes stay bytes until they are where the convolution wants them.
    const pictures = tf.cast(tf.transpose(pixels, [0, 2, 3, 1]), 'float32');
    let x: tf.Tensor = tf.sub(tf.mul(pictures, 1 / 255), 0.5);
    if (this.#normalizePictures) x = normalizeEach(x);
    this.#layers.forEach(({ stride, padding }, i) => {
      const filter = weights[`${CONVOLUTION_NAME}.${i}.weight`] as tf.Tensor4D;
      const convolved = tf.conv2d(x as tf.Tensor4D, filter, stride, padding);
      x = tf.relu(tf.add(convolved, weights[`${CONVOLUTION_NAME}.${i}.bias`]!));
    });
    return tf.reshape(x, [x.shape[0]!, this.outputSize]);
  }
}

/** Each picture less its mean, over its standard deviation. */
function normalizeEach(pictures: tf.Tensor): tf.Tensor {
  const centred = tf.sub(pictures, tf.mean(pictures, [1, 2, 3], true));
  const variance = tf.mean(tf.square(centred), [1, 2, 3], true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, PICTURE_EPSILON)));
}

function lengthAfter(length: number, size: number, stride: number, padding: 'valid' | 'same'): number {
  return padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - size) / stride) + 1;
}
