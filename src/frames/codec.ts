import sharp from 'sharp';
import { InvalidArgumentError, InvalidFileError } from '../core/errors.ts';

/** A picture's pixels: height × width × channels, channels 1 (grey) or 3 (RGB). */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/** Largest picture that is decoded, pixels: a hostile file must not fill the memory. */
const MOST_PIXELS = 4096 * 4096;

/** Encodes as PNG (lossless) or JPEG (quality 90). @throws {@link InvalidArgumentError} when the size is wrong */
export async function encodePicture(picture: Pixels, type: 'png' | 'jpeg'): Promise<Uint8Array> {
  const { width, height, channels, data } = picture;
  if (data.length !== width * height * channels || data.length === 0) {
    throw new InvalidArgumentError(`Expected ${width}x${height}x${channels} bytes, got ${data.length}`);
  }
  const image = sharp(data, { raw: { width, height, channels } });
  return type === 'png' ? image.png({ compressionLevel: 6 }).toBuffer() : image.jpeg({ quality: 90 }).toBuffer();
}

/** Decodes a PNG or JPEG file's bytes to RGB or grey. @throws {@link InvalidFileError} for anything else, or a cut file */
export async function decodePicture(bytes: Uint8Array, colour: 'rgb' | 'grey' = 'rgb'): Promise<Pixels> {
  try {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: MOST_PIXELS });
    const { format } = await image.metadata();
    if (format !== 'png' && format !== 'jpeg') throw new Error(`its format is ${format}`);
    const form = colour === 'grey' ? image.toColourspace('b-w') : image.toColourspace('srgb');
    const { data, info } = await form.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: colour === 'grey' ? 1 : 3, data };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidFileError(`Expected a PNG or JPEG picture, got ${bytes.length} bytes: ${reason}`, {
      cause: error,
    });
  }
}
