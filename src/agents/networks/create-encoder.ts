import { InvalidArgumentError } from '../../core/errors.ts';
import type { Encoder } from './encoder.ts';
import { type EncoderSettings, readsPixels } from './encoder-options.ts';
import { ConvEncoder, type EncoderParts, MlpEncoder } from './feed-forward-encoder.ts';
import { RecurrentEncoder } from './recurrent-encoder.ts';

/** @throws InvalidArgumentError when there are no pixels to encode, or they are too small for the convolutions */
export function createEncoder(settings: EncoderSettings, parts: EncoderParts, actionSize: number): Encoder {
  if (readsPixels(settings) && parts.pictureShape === undefined) {
    throw new InvalidArgumentError(
      'Expected observations with pixels for a `conv` encoder, got an observation space without: use an `mlp` encoder, or an environment with a camera',
    );
  }
  if (settings.kind === 'mlp') return new MlpEncoder(settings, parts);
  if (settings.kind === 'conv') return new ConvEncoder(settings, parts);
  return new RecurrentEncoder(settings, createEncoder(settings.over, parts, actionSize), actionSize);
}
