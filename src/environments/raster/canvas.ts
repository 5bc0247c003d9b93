import { boxDistance, capsuleDistance, ringDistance, triangleDistance } from './distance.ts';

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** Size of a picture, pixels. */
export interface PictureFormat {
  readonly width: number;
  readonly height: number;
}

/** The part of the world that a picture shows at least, metres, x to the right and y up. Shapes keep their aspect. */
export interface View {
  readonly centreX: number;
  readonly centreY: number;
  readonly width: number;
  readonly height: number;
}

/** A line thinner than this many pixels is drawn as thick as this: a thinner one would flicker as it moves. */
const LEAST_WIDTH_PX = 1;

/**
 * Draws filled, anti-aliased shapes into an RGB picture, in the world's metres. A pixel's share of a shape is taken from
 * its centre's distance to the shape's edge. Later shapes cover earlier ones.
 */
export class Canvas {
  readonly format: PictureFormat;
  readonly #scale: number;
  readonly #left: number;
  readonly #top: number;
  #data: Uint8Array;

  /** @param into height × width × 3 bytes, top row first */
  constructor(format: PictureFormat, view: View, into: Uint8Array) {
    this.format = format;
    this.#data = into;
    this.#scale = Math.min(format.width / view.width, format.height / view.height);
    this.#left = view.centreX - format.width / 2 / this.#scale;
    this.#top = view.centreY + format.height / 2 / this.#scale;
  }

  /** Draws into another picture of the same format from now on. */
  drawInto(picture: Uint8Array): void {
    this.#data = picture;
  }

  fill([red, green, blue]: Colour): void {
    const data = this.#data;
    for (let at = 0; at < data.length; at += 3) {
      data[at] = red;
      data[at + 1] = green;
      data[at + 2] = blue;
    }
  }

  /** A line from a to b with round ends. */
  rod(ax: number, ay: number, bx: number, by: number, radius: number, colour: Colour): void {
    const x0 = this.#x(ax);
    const y0 = this.#y(ay);
    const x1 = this.#x(bx);
    const y1 = this.#y(by);
    const r = Math.max(LEAST_WIDTH_PX / 2, radius * this.#scale);
    this.#paint(
      Math.min(x0, x1) - r,
      Math.max(x0, x1) + r,
      Math.min(y0, y1) - r,
      Math.max(y0, y1) + r,
      (x, y) => capsuleDistance(x, y, x0, y0, x1, y1, r),
      colour,
    );
  }

  disc(x: number, y: number, radius: number, colour: Colour): void {
    this.rod(x, y, x, y, radius, colour);
  }

  /** A circle's line. */
  ring(x: number, y: number, radius: number, width: number, colour: Colour): void {
    const x0 = this.#x(x);
    const y0 = this.#y(y);
    const r = radius * this.#scale;
    const half = Math.max(LEAST_WIDTH_PX, width * this.#scale) / 2;
    const reach = r + half;
    this.#paint(
      x0 - reach,
      x0 + reach,
      y0 - reach,
      y0 + reach,
      (px, py) => ringDistance(px, py, x0, y0, r, half),
      colour,
    );
  }

  /** An upright rectangle with rounded corners. */
  box(x: number, y: number, halfWidth: number, halfHeight: number, corner: number, colour: Colour): void {
    const x0 = this.#x(x);
    const y0 = this.#y(y);
    const w = Math.max(LEAST_WIDTH_PX / 2, halfWidth * this.#scale);
    const h = Math.max(LEAST_WIDTH_PX / 2, halfHeight * this.#scale);
    const round = Math.min(w, h, corner * this.#scale);
    this.#paint(x0 - w, x0 + w, y0 - h, y0 + h, (px, py) => boxDistance(px, py, x0, y0, w, h, round), colour);
  }

  /** @param corners x, y of three points */
  triangle(corners: readonly number[], colour: Colour): void {
    const pixels = corners.map((value, i) => (i % 2 === 0 ? this.#x(value) : this.#y(value)));
    const xs = pixels.filter((_, i) => i % 2 === 0);
    const ys = pixels.filter((_, i) => i % 2 === 1);
    this.#paint(
      Math.min(...xs),
      Math.max(...xs),
      Math.min(...ys),
      Math.max(...ys),
      (x, y) => triangleDistance(x, y, pixels),
      colour,
    );
  }

  #x(x: number): number {
    return (x - this.#left) * this.#scale;
  }

  #y(y: number): number {
    return (this.#top - y) * this.#scale;
  }

  /** @param distance px from the point to the shape, negative inside; the first four bound the shape, px */
  #paint(
    minX: number,
    maxX: number,
    minY: number,
    maxY: number,
    distance: (x: number, y: number) => number,
    [red, green, blue]: Colour,
  ): void {
    const { width, height } = this.format;
    const data = this.#data;
    const left = Math.max(0, Math.floor(minX - 0.5));
    const right = Math.min(width, Math.ceil(maxX + 0.5));
    const top = Math.max(0, Math.floor(minY - 0.5));
    const bottom = Math.min(height, Math.ceil(maxY + 0.5));
    for (let row = top; row < bottom; row++) {
      let at = (row * width + left) * 3;
      for (let column = left; column < right; column++, at += 3) {
        const cover = 0.5 - distance(column + 0.5, row + 0.5);
        if (cover <= 0) continue;
        const share = Math.min(1, cover);
        data[at] = blend(data[at]!, red, share);
        data[at + 1] = blend(data[at + 1]!, green, share);
        data[at + 2] = blend(data[at + 2]!, blue, share);
      }
    }
  }
}

function blend(below: number, above: number, share: number): number {
  return (below + (above - below) * share + 0.5) | 0;
}
