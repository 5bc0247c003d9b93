import sharp from 'sharp';
import type { Picture } from './picture.ts';

/** What stays the same from picture to picture, drawn once from SVG and laid over each: only where it shows. */
export class StaticLayer {
  readonly #width: number;
  readonly #height: number;
  /** Runs of pixels that are not clear: place of the first in the picture, and how many. */
  readonly #starts: Int32Array;
  readonly #lengths: Int32Array;
  /** Of each pixel of the runs: red, green, blue times opacity, and 255 less the opacity. */
  readonly #pixels: Uint8Array;

  private constructor(width: number, height: number, rgba: Uint8Array) {
    this.#width = width;
    this.#height = height;
    const starts: number[] = [];
    const lengths: number[] = [];
    const pixels: number[] = [];
    let open = false;
    for (let i = 0; i < width * height; i++) {
      const opacity = rgba[i * 4 + 3]!;
      if (opacity === 0) {
        open = false;
        continue;
      }
      if (open) lengths[lengths.length - 1]!++;
      else {
        starts.push(i);
        lengths.push(1);
        open = true;
      }
      for (let c = 0; c < 3; c++) pixels.push(Math.round((rgba[i * 4 + c]! * opacity) / 255));
      pixels.push(255 - opacity);
    }
    this.#starts = Int32Array.from(starts);
    this.#lengths = Int32Array.from(lengths);
    this.#pixels = Uint8Array.from(pixels);
  }

  /** @param elements SVG elements of a picture of that size, without the `svg` around them */
  static async fromSvg(width: number, height: number, elements: string): Promise<StaticLayer> {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${elements}</svg>`;
    const rgba = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer();
    return new StaticLayer(width, height, rgba);
  }

  /** Lays it over a picture of its size. */
  apply({ width, height, data }: Picture): void {
    if (width !== this.#width || height !== this.#height) {
      throw new RangeError(`Expected a picture of ${this.#width}x${this.#height}, got ${width}x${height}`);
    }
    const pixels = this.#pixels;
    let from = 0;
    for (let run = 0; run < this.#starts.length; run++) {
      let to = this.#starts[run]! * 3;
      const end = to + this.#lengths[run]! * 3;
      for (; to < end; to += 3, from += 4) {
        // A division by 255 that is exact enough for bytes: times 257 over 65536.
        const rest = pixels[from + 3]! * 257;
        data[to] = pixels[from]! + ((data[to]! * rest + 32_768) >> 16);
        data[to + 1] = pixels[from + 1]! + ((data[to + 1]! * rest + 32_768) >> 16);
        data[to + 2] = pixels[from + 2]! + ((data[to + 2]! * rest + 32_768) >> 16);
      }
    }
  }
}
