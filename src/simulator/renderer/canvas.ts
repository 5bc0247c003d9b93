/** What a pixel shows, in its highest byte: only ground gets the ground's texture. */
export const GROUND_TAG = 1 << 24;

/** Polygons flatter than this, pixels, are left out. */
const LEAST_HEIGHT = 0.06;

/**
 * A picture of packed pixels (red in the lowest byte, a tag in the highest), stored column by column: seen from a car,
 * nearly every edge is nearer to the horizontal than to the vertical, so polygons are filled in vertical runs whose
 * ends are smoothed by the share of the pixel that is covered.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Int32Array;
  readonly #top: Float64Array;
  readonly #bottom: Float64Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Int32Array(width * height);
    this.#top = new Float64Array(Math.max(width, height));
    this.#bottom = new Float64Array(Math.max(width, height));
  }

  /**
   * Fills a convex polygon whose corners turn clockwise on the screen; others leave nothing.
   *
   * @param xs, ys corners in pixels from the top left, `count` of them
   * @param solidBottom fill the lowest pixel of each run whole: what is nearer will be painted over it without a seam
   */
  fill(xs: Float64Array, ys: Float64Array, count: number, color: number, solidBottom: boolean): void {
    let left = xs[0]!;
    let right = left;
    let highest = ys[0]!;
    let lowest = highest;
    for (let i = 1; i < count; i++) {
      const x = xs[i]!;
      const y = ys[i]!;
      if (x < left) left = x;
      else if (x > right) right = x;
      if (y < highest) highest = y;
      else if (y > lowest) lowest = y;
    }
    // What is flatter than this would hardly tint a pixel.
    if (highest >= this.height || lowest <= 0 || lowest - highest < LEAST_HEIGHT) return;
    const first = left <= 0.5 ? 0 : Math.ceil(left - 0.5);
    const last = right >= this.width ? this.width - 1 : Math.ceil(right - 0.5) - 1;
    if (first > last) return;
    const tops = this.#top;
    const bottoms = this.#bottom;
    for (let x = first; x <= last; x++) {
      tops[x] = Infinity;
      bottoms[x] = -Infinity;
    }
    let x0 = xs[count - 1]!;
    let y0 = ys[count - 1]!;
    for (let i = 0; i < count; i++) {
      const x1 = xs[i]!;
      const y1 = ys[i]!;
      const rightwards = x1 > x0;
      const begin = rightwards ? x0 : x1;
      const finish = rightwards ? x1 : x0;
      const from = begin <= first + 0.5 ? first : Math.ceil(begin - 0.5);
      const to = finish > last + 0.5 ? last : Math.ceil(finish - 0.5) - 1;
      if (from <= to) {
        const slope = (y1 - y0) / (x1 - x0);
        const into = rightwards ? tops : bottoms;
        let y = y0 + (from + 0.5 - x0) * slope;
        for (let x = from; x <= to; x++, y += slope) into[x] = y;
      }
      x0 = x1;
      y0 = y1;
    }
    this.#runs(first, last, color, solidBottom);
  }

  #runs(first: number, last: number, color: number, solidBottom: boolean): void {
    const { pixels, height } = this;
    const tops = this.#top;
    const bottoms = this.#bottom;
    for (let x = first, base = first * height; x <= last; x++, base += height) {
      let top = tops[x]!;
      let bottom = bottoms[x]!;
      if (!(top < bottom) || bottom <= 0 || top >= height) continue;
      if (top < 0) top = 0;
      if (bottom > height) bottom = height;
      let row = top | 0;
      const end = solidBottom ? Math.ceil(bottom) : bottom | 0;
      if (row >= end) {
        // Top and bottom lie in the same pixel.
        pixels[base + row] = mix(pixels[base + row]!, color, ((bottom - top) * 256) | 0);
        continue;
      }
      const cover = ((row + 1 - top) * 256) | 0;
      if (cover < 256) {
        pixels[base + row] = mix(pixels[base + row]!, color, cover);
        row++;
      }
      for (let at = base + row; at < base + end; at++) pixels[at] = color;
      if (bottom > end) pixels[base + end] = mix(pixels[base + end]!, color, ((bottom - end) * 256) | 0);
    }
  }

  /**
   * A line of given thickness between two points, at least `least` pixels thick, so that it neither breaks into dots
   * nor vanishes far away.
   *
   * @param thickness0, thickness1 thickness at both ends, in pixels across the line's lesser slope
   */
  line(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    thickness0: number,
    thickness1: number,
    least: number,
    color: number,
  ): void {
    const dx = Math.abs(x1 - x0);
    const dy = Math.abs(y1 - y0);
    const steep = dy > dx;
    const along = steep ? dy : dx;
    if (along < 1e-6) return;
    const { pixels, width, height } = this;
    // Along `u` from low to high, `v` across it.
    const forward = steep ? y1 > y0 : x1 > x0;
    const u0 = steep ? (forward ? y0 : y1) : forward ? x0 : x1;
    const u1 = u0 + along;
    const v0 = steep ? (forward ? x0 : x1) : forward ? y0 : y1;
    const v1 = steep ? (forward ? x1 : x0) : forward ? y1 : y0;
    const half0 = Math.max(least, forward ? thickness0 : thickness1) / 2;
    const half1 = Math.max(least, forward ? thickness1 : thickness0) / 2;
    const size = steep ? height : width;
    const across = steep ? width : height;
    const stepU = steep ? 1 : height;
    const stepV = steep ? height : 1;
    const from = Math.max(0, Math.ceil(u0 - 0.5));
    const to = Math.min(size - 1, Math.ceil(u1 - 0.5) - 1);
    for (let u = from; u <= to; u++) {
      const share = (u + 0.5 - u0) / along;
      const middle = v0 + (v1 - v0) * share;
      const half = half0 + (half1 - half0) * share;
      const begin = Math.max(0, middle - half);
      const end = Math.min(across, middle + half);
      if (begin >= end) continue;
      const last = Math.ceil(end) - 1;
      for (let v = begin | 0; v <= last; v++) {
        const covered = Math.min(v + 1, end) - Math.max(v, begin);
        const at = u * stepU + v * stepV;
        pixels[at] = mix(pixels[at]!, color, (covered * 256) | 0);
      }
    }
  }

  /** Writes the picture as RGB bytes, top row first. */
  copyTo(into: Uint8Array): void {
    const { pixels, width, height } = this;
    // In tiles of eight columns: each row of a tile is written at once while its columns stay cached.
    for (let left = 0; left < width; left += 8) {
      const end = Math.min(width, left + 8);
      for (let row = 0; row < height; row++) {
        let at = (row * width + left) * 3;
        for (let from = left * height + row, to = end * height; from < to; from += height, at += 3) {
          const pixel = pixels[from]!;
          into[at] = pixel;
          into[at + 1] = pixel >> 8;
          into[at + 2] = pixel >> 16;
        }
      }
    }
  }
}

/** Between two packed colours; `share` 0 (all `from`) to 256 (all `to`). The tag is that of the greater share. */
export function mix(from: number, to: number, share: number): number {
  const rest = 256 - share;
  const redBlue = ((Math.imul(from & 0xff00ff, rest) + Math.imul(to & 0xff00ff, share)) >>> 8) & 0xff00ff;
  const green = ((Math.imul(from & 0xff00, rest) + Math.imul(to & 0xff00, share)) >>> 8) & 0xff00;
  return redBlue | green | ((share < 128 ? from : to) & 0xff000000);
}

/** A packed colour made darker or lighter by `percent`; its tag is kept. */
export function shade(color: number, percent: number): number {
  return mix(color, percent < 0 ? color & 0xff000000 : (color & 0xff000000) | 0xffffff, (Math.abs(percent) * 2.56) | 0);
}

/** Packs red, green, blue (0 to 255 each). */
export function rgb(red: number, green: number, blue: number): number {
  return red | (green << 8) | (blue << 16);
}
