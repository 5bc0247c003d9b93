/**
 * A picture of packed pixels (red in the lowest byte) and the filling of convex polygons in it. Edges are smoothed
 * along rows by the exact share of each pixel that is covered, so that a line thinner than a pixel becomes fainter
 * instead of flickering; rows are sampled at their middle.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint32Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint32Array(width * height);
    this.#left = new Float64Array(height);
    this.#right = new Float64Array(height);
  }

  /** @param xs, ys corners in pixels from the top left, `count` of them, in either direction of turning */
  fill(xs: Float64Array, ys: Float64Array, count: number, color: number): void {
    let top = ys[0]!;
    let bottom = top;
    for (let i = 1; i < count; i++) {
      const y = ys[i]!;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
    }
    const first = Math.max(0, Math.ceil(top - 0.5));
    const last = Math.min(this.height - 1, Math.ceil(bottom - 0.5) - 1);
    if (first > last) return;
    const left = this.#left;
    const right = this.#right;
    for (let y = first; y <= last; y++) {
      left[y] = Infinity;
      right[y] = -Infinity;
    }
    let previous = count - 1;
    for (let i = 0; i < count; previous = i++) {
      const y0 = ys[previous]!;
      const y1 = ys[i]!;
      if (y0 === y1) continue;
      const x0 = xs[previous]!;
      const slope = (xs[i]! - x0) / (y1 - y0);
      const from = Math.max(first, Math.ceil((y0 < y1 ? y0 : y1) - 0.5));
      const to = Math.min(last, Math.ceil((y0 < y1 ? y1 : y0) - 0.5) - 1);
      let x = x0 + (from + 0.5 - y0) * slope;
      for (let y = from; y <= to; y++, x += slope) {
        if (x < left[y]!) left[y] = x;
        if (x > right[y]!) right[y] = x;
      }
    }
    for (let y = first; y <= last; y++) this.#span(y, left[y]!, right[y]!, color);
  }

  #span(y: number, left: number, right: number, color: number): void {
    const from = left < 0 ? 0 : left;
    const to = right > this.width ? this.width : right;
    if (!(from < to)) return;
    const row = y * this.width;
    const start = Math.floor(from);
    const end = Math.floor(to);
    if (start === end) {
      this.#blend(row + start, color, to - from);
      return;
    }
    this.#blend(row + start, color, start + 1 - from);
    const pixels = this.pixels;
    for (let at = row + start + 1; at < row + end; at++) pixels[at] = color;
    if (to > end) this.#blend(row + end, color, to - end);
  }

  #blend(at: number, color: number, share: number): void {
    this.pixels[at] = mix(this.pixels[at]!, color, (share * 256 + 0.5) | 0);
  }

  /** Writes the picture as RGB bytes, top row first. */
  copyTo(into: Uint8Array): void {
    const pixels = this.pixels;
    for (let i = 0, at = 0; i < pixels.length; i++, at += 3) {
      const pixel = pixels[i]!;
      into[at] = pixel & 255;
      into[at + 1] = (pixel >>> 8) & 255;
      into[at + 2] = (pixel >>> 16) & 255;
    }
  }
}

/** Between two packed colours; `share` 0 (all `from`) to 256 (all `to`). */
export function mix(from: number, to: number, share: number): number {
  const rest = 256 - share;
  const red = ((from & 255) * rest + (to & 255) * share) >>> 8;
  const blue = (((from >>> 16) & 255) * rest + ((to >>> 16) & 255) * share) >>> 8;
  const green = (((from >>> 8) & 255) * rest + ((to >>> 8) & 255) * share) >>> 8;
  return red | (green << 8) | (blue << 16);
}

/** Packs red, green, blue (0 to 255 each). */
export function rgb(red: number, green: number, blue: number): number {
  return red | (green << 8) | (blue << 16);
}
