import sharp from 'sharp';
import { z } from 'zod';
import { InvalidArgumentError } from '../core/errors.ts';
import type { CameraFrame, FramePreprocessor } from '../core/frame.ts';
import { parseOptions } from '../core/options.ts';
import { COLOURS } from './colours.ts';
import { greyOf } from './grey.ts';

// Pictures of a game are small: threads within one picture cost more than they gain (scripts/frames-cost.ts), and no
// picture comes twice, so that a cache only holds memory.
sharp.concurrency(1);
sharp.cache(false);

type OneChannel = Exclude<(typeof COLOURS)[number], 'rgb'>;
type LevelOf = (red: number, green: number, blue: number) => number;

/** Of a pixel's colours, 0 to 255 each, what is kept where it is one channel. */
const LEVELS_OF: Readonly<Record<OneChannel, LevelOf>> = {
  grey: greyOf,
  blue: (_red, _green, blue) => blue,
  pale: (red, green, blue) => Math.max(0, 2 * Math.min(red, green, blue) - Math.max(red, green, blue)),
  opponent: (red, green, blue) => Math.min(Math.max(128 + 2 * blue - red - green, 0), 255),
};

const side = z.number().int().min(1).max(4096);
const schema = z.strictObject({
  /** Size of the camera's pictures, pixels, 1 to 4096. */
  inputWidth: side,
  inputHeight: side,
  /** Part of the picture to keep, pixels from the top left; default all of it. */
  crop: z
    .strictObject({
      left: z.number().int().nonnegative(),
      top: z.number().int().nonnegative(),
      width: side,
      height: side,
    })
    .optional(),
  /** Size that comes out, pixels, 1 to 4096. */
  width: side,
  height: side,
  /** See {@link COLOURS}. Default `rgb`. */
  colour: z.enum(COLOURS).default('rgb'),
  /** Resampling kernel of libvips. Default `linear`: it averages when shrinking, and is the cheapest that does. */
  kernel: z.enum(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']).default('linear'),
});

export type PreprocessorOptions = z.input<typeof schema>;

/**
 * Makes what turns camera pictures into what a network sees: crop, then resize (without keeping the aspect), then
 * colour. Sharp resizes; where nothing is, pixels are taken over one by one, which costs a picture of this size far less.
 *
 * @throws {@link InvalidArgumentError} for options out of range or a crop beyond the picture
 */
export function createPreprocessor(options: PreprocessorOptions): FramePreprocessor {
  const checked = parseOptions(schema, options, 'frame options');
  const { inputWidth, inputHeight, width, height, colour, kernel } = checked;
  const crop = checked.crop ?? { left: 0, top: 0, width: inputWidth, height: inputHeight };
  if (crop.left + crop.width > inputWidth || crop.top + crop.height > inputHeight) {
    throw new InvalidArgumentError(
      `Expected \`crop\` within ${inputWidth}x${inputHeight}, got ${crop.width}x${crop.height} at ${crop.left},${crop.top}`,
    );
  }
  const channels = colour === 'rgb' ? 3 : 1;
  const size = width * height * channels;
  const isCropAlone = crop.width === width && crop.height === height;

  async function process(frame: CameraFrame, into: Uint8Array, offset: number): Promise<void> {
    const expected = inputWidth * inputHeight * 3;
    if (frame.width !== inputWidth || frame.height !== inputHeight || frame.data.length !== expected) {
      throw new InvalidArgumentError(
        `Expected a picture of ${inputWidth}x${inputHeight}, ${expected} bytes, got ${frame.width}x${frame.height}, ${frame.data.length} bytes`,
      );
    }
    if (offset < 0 || offset + size > into.length) {
      throw new InvalidArgumentError(`Expected room for ${size} bytes at ${offset}, got a buffer of ${into.length}`);
    }
    const out = into.subarray(offset, offset + size);
    if (isCropAlone) {
      if (colour === 'rgb') copyRows(frame, crop, out);
      else writeLevels(frame, crop, LEVELS_OF[colour], out);
    } else {
      const resized = await resize(frame);
      if (resized.length === size) out.set(resized);
      else
        writeLevels({ data: resized, width }, { left: 0, top: 0, width, height }, LEVELS_OF[colour as OneChannel], out);
    }
  }

  async function resize(frame: CameraFrame): Promise<Uint8Array> {
    let image = sharp(frame.data, { raw: { width: inputWidth, height: inputHeight, channels: 3 } });
    if (crop.width !== inputWidth || crop.height !== inputHeight) image = image.extract(crop);
    image = image.resize(width, height, { fit: 'fill', kernel, fastShrinkOnLoad: false });
    if (colour === 'grey') image = image.grayscale();
    if (colour === 'blue') image = image.extractChannel('blue');
    return image.raw().toBuffer();
  }

  return { outputShape: [height, width, channels], process };
}

interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Pixels = Pick<CameraFrame, 'data' | 'width'>;

function copyRows({ data, width }: Pixels, crop: Crop, into: Uint8Array): void {
  for (let row = 0; row < crop.height; row++) {
    const from = ((crop.top + row) * width + crop.left) * 3;
    into.set(data.subarray(from, from + crop.width * 3), row * crop.width * 3);
  }
}

function writeLevels({ data, width }: Pixels, crop: Crop, levelOf: LevelOf, into: Uint8Array): void {
  let at = 0;
  for (let row = 0; row < crop.height; row++) {
    let from = ((crop.top + row) * width + crop.left) * 3;
    for (let x = 0; x < crop.width; x++, from += 3) into[at++] = levelOf(data[from]!, data[from + 1]!, data[from + 2]!);
  }
}
