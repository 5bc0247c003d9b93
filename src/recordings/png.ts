import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { InvalidFileError } from '../core/errors.ts';

/** The filter that predicts a byte from its left neighbour. */
const SUB = 1;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A picture as PNG (W3C, Portable Network Graphics, second edition), each row filtered by "Sub" and deflated at level
 * 1, the quickest. Written here because at 64 × 64 it costs a fraction of handing the picture to sharp's threads (see
 * scripts/frames-cost.ts).
 *
 * @param data height × width × channels bytes
 */
export function encodePng(data: Uint8Array, width: number, height: number, channels: 1 | 3): Buffer {
  const stride = width * channels;
  const filtered = Buffer.allocUnsafe((stride + 1) * height);
  let at = 0;
  for (let row = 0, from = 0; row < height; row++, from += stride) {
    filtered[at++] = SUB;
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
    chunk('IDAT', deflateSync(filtered, { level: 1 })),
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
  const [depth, colour, , , interlace] = bytes.subarray(24, 29);
  const channels = { 0: 1, 2: 3 }[colour as number];
  if (channels === undefined || depth !== 8 || interlace !== 0) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), channels };
}

/**
 * Pixels of a PNG of the given size, height × width × channels: 8 bits a channel, grey or RGB, not interlaced, with any
 * filters. The size is read from the header first, and no more is inflated than it says, so that a hostile picture
 * costs no memory. Like {@link encodePng} it spares the way to sharp's threads, whose heaps grow with the pictures.
 *
 * @throws {@link InvalidFileError} when it has another size or does not decode
 */
export function decodePng(png: Uint8Array, size: PictureSize): Uint8Array {
  const { width, height, channels } = size;
  const got = pngSize(png);
  if (got?.width !== width || got.height !== height || got.channels !== channels) {
    const seen = got === undefined ? 'other bytes' : `one of ${got.width}x${got.height}x${got.channels}`;
    throw new InvalidFileError(
      `Expected a PNG picture of ${width}x${height}x${channels}, got ${seen}; verify the recording`,
    );
  }
  try {
    const stride = width * channels;
    const filtered = inflateSync(imageData(png), { maxOutputLength: (stride + 1) * height });
    if (filtered.length !== (stride + 1) * height) throw new Error(`its rows end after ${filtered.length} bytes`);
    return unfilter(filtered, stride, height, channels);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidFileError(
      `Expected a whole PNG picture, got ${png.length} bytes: ${reason}; verify the recording`,
      { cause: error },
    );
  }
}

/** The compressed pixels of all IDAT chunks. */
function imageData(png: Uint8Array): Buffer {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; ; ) {
    if (at + 12 > bytes.length) throw new Error('it ends before its end mark');
    const type = bytes.toString('latin1', at + 4, at + 8);
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new Error(`its chunk ${type} is cut`);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) {
      throw new Error(`its chunk ${type} is altered`);
    }
    if (type === 'IEND') return Buffer.concat(parts);
    if (type === 'IDAT') parts.push(bytes.subarray(at + 8, end - 4));
    at = end;
  }
}

/** Undoes the filters of the rows (PNG, section 9): each byte was predicted from its left, upper and upper left one. */
function unfilter(filtered: Uint8Array, stride: number, height: number, channels: number): Uint8Array {
  const pixels = new Uint8Array(stride * height);
  for (let row = 0, from = 0, to = 0; row < height; row++) {
    const filter = filtered[from++] as number;
    if (filter === SUB) {
      // What we write ourselves: without a call per byte.
      for (let i = 0; i < channels; i++) pixels[to++] = filtered[from++] as number;
      for (const end = to + stride - channels; to < end; to++) {
        pixels[to] = (filtered[from++] as number) + (pixels[to - channels] as number);
      }
      continue;
    }
    const predict = PREDICTORS[filter];
    if (predict === undefined) throw new Error(`row ${row} has the filter ${filter}`);
    for (let i = 0; i < stride; i++, from++, to++) {
      const left = i < channels ? 0 : (pixels[to - channels] as number);
      const up = row === 0 ? 0 : (pixels[to - stride] as number);
      const upLeft = i < channels || row === 0 ? 0 : (pixels[to - stride - channels] as number);
      pixels[to] = (filtered[from] as number) + predict(left, up, upLeft);
    }
  }
  return pixels;
}

/** By the filter's number: None, Sub, Up, Average, Paeth. */
const PREDICTORS: readonly ((left: number, up: number, upLeft: number) => number)[] = [
  () => 0,
  (left) => left,
  (_left, up) => up,
  (left, up) => (left + up) >> 1,
  (left, up, upLeft) => {
    const [byLeft, byUp, byUpLeft] = [Math.abs(up - upLeft), Math.abs(left - upLeft), Math.abs(left + up - 2 * upLeft)];
    if (byLeft <= byUp && byLeft <= byUpLeft) return left;
    return byUp <= byUpLeft ? up : upLeft;
  },
];
