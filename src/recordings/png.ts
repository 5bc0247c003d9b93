import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { InvalidFileError } from '../core/errors.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A picture as PNG (W3C, Portable Network Graphics, second edition), each row filtered by "Sub" and deflated at level
 * 3. Written here because at 64 × 64 it costs a fraction of handing the picture to sharp's threads (see
 * scripts/frames-cost.ts).
 *
 * @param data height × width × channels bytes
 */
export function encodePng(data: Uint8Array, width: number, height: number, channels: 1 | 3): Buffer {
  const stride = width * channels;
  const filtered = Buffer.allocUnsafe((stride + 1) * height);
  let at = 0;
  for (let row = 0, from = 0; row < height; row++, from += stride) {
    filtered[at++] = 1;
    for (let i = 0; i < channels; i++) filtered[at++] = data[from + i] as number;
    for (let i = channels; i < stride; i++) {
      filtered[at++] = (data[from + i] as number) - (data[from + i - channels] as number);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = channels === 3 ? 2 : 0;
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(filtered, { level: 3 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(12 + payload.length);
  bytes.writeUInt32BE(payload.length, 0);
  bytes.write(type, 4, 'latin1');
  payload.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + payload.length)), 8 + payload.length);
  return bytes;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Width, height and channels from a PNG's header, or undefined when the bytes are no PNG of ours. */
export function pngSize(png: Uint8Array): PictureSize | undefined {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(SIGNATURE)) return undefined;
  const isEightBit = bytes[24] === 8;
  const channels = isEightBit ? { 0: 1, 2: 3 }[bytes[25] as number] : undefined;
  if (channels === undefined) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), channels };
}

/**
 * Pixels of a PNG of the given size, height × width × channels. The size is read from the header first, so that a
 * hostile picture costs no memory.
 *
 * @throws {@link InvalidFileError} when it has another size or does not decode
 */
export async function decodePng(png: Uint8Array, size: PictureSize): Promise<Uint8Array> {
  const { width, height, channels } = size;
  const got = pngSize(png);
  if (got?.width !== width || got.height !== height || got.channels !== channels) {
    const seen = got === undefined ? 'other bytes' : `one of ${got.width}x${got.height}x${got.channels}`;
    throw new InvalidFileError(
      `Expected a PNG picture of ${width}x${height}x${channels}, got ${seen}; verify the recording`,
    );
  }
  try {
    const image = sharp(png, { failOn: 'error', limitInputPixels: width * height });
    const raw = channels === 1 ? image.toColourspace('b-w') : image.toColourspace('srgb').removeAlpha();
    return await raw.raw().toBuffer();
  } catch (error) {
    throw new InvalidFileError(
      `Expected a whole PNG picture, got ${png.length} bytes that do not decode; verify the recording`,
      { cause: error },
    );
  }
}
