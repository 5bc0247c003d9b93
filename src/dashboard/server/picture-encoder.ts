import sharp from 'sharp';
import { type EncodedPicture, encodePicture } from '../protocol/binary.ts';

/** Pixels of a camera or of a stack, one byte a channel, rows from the top. */
export interface RawPicture {
  readonly kind: EncodedPicture['kind'];
  readonly width: number;
  readonly height: number;
  /** 1 or 3 channels a picture. */
  readonly channels: 1 | 3;
  /** Pictures of a stack, whose channels lie together, the oldest picture's first; 1: none is stacked. */
  readonly pictures: number;
  readonly data: Uint8Array;
}

/** Camera pictures pass through quickly; what the network sees is small, and is shown as it is. */
const QUALITY = { camera: 78, eyes: 95 } as const;

/** Makes a message of a picture; a stack's pictures stand side by side, the oldest on the left. */
export async function encodeRawPicture(picture: RawPicture): Promise<Buffer> {
  const { kind, height, channels, pictures } = picture;
  const data = pictures === 1 ? picture.data : sideBySide(picture);
  const width = picture.width * pictures;
  const jpeg = await sharp(data, { raw: { width, height, channels } })
    .jpeg({ quality: QUALITY[kind], chromaSubsampling: kind === 'eyes' ? '4:4:4' : '4:2:0' })
    .toBuffer();
  return encodePicture({ kind, width, height, pictures, jpeg });
}

/** height × width × (pictures · channels) to height × (pictures · width) × channels. */
export function sideBySide({ width, height, channels, pictures, data }: RawPicture): Uint8Array {
  const strip = new Uint8Array(data.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let picture = 0; picture < pictures; picture++) {
        const to = ((y * pictures + picture) * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) strip[to + channel] = data[at++]!;
      }
    }
  }
  return strip;
}

export interface PictureEncoderParts {
  /** Gets each message. */
  readonly done: (kind: RawPicture['kind'], message: Buffer) => void;
  /** Gets what a picture failed with that could not be encoded; the next one may be. */
  readonly failed: (error: unknown) => void;
  /** Called for each picture that was overtaken. */
  readonly skipped: () => void;
  readonly encode?: (picture: RawPicture) => Promise<Buffer>;
}

/** Encodes the newest picture of each kind, one at a time; those that were overtaken meanwhile are skipped. */
export class PictureEncoder {
  readonly #parts: PictureEncoderParts;
  readonly #waiting = new Map<RawPicture['kind'], RawPicture>();
  #busy = false;

  constructor(parts: PictureEncoderParts) {
    this.#parts = parts;
  }

  add(picture: RawPicture): void {
    if (this.#waiting.has(picture.kind)) this.#parts.skipped();
    this.#waiting.set(picture.kind, picture);
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    const { done, failed, encode = encodeRawPicture } = this.#parts;
    this.#busy = true;
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      try {
        done(next.kind, await encode(next));
      } catch (error) {
        failed(error);
      }
    }
    this.#busy = false;
  }

  #take(): RawPicture | undefined {
    const next = this.#waiting.values().next().value;
    if (next !== undefined) this.#waiting.delete(next.kind);
    return next;
  }
}
