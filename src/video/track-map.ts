import { InvalidArgumentError } from '../core/errors.ts';
import type { Box } from './raster/picture.ts';

/** A place on the centre line, m, and the way that the track goes there. */
export interface OutlinePoint {
  /** From the start line along the centre line. */
  readonly distanceM: number;
  readonly x: number;
  readonly y: number;
}

/** The centre line of a track: a closed way, its points in the order of their distances, the first at 0. */
export interface TrackOutline {
  readonly name: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly points: readonly OutlinePoint[];
}

/** Finds places of a track on its map. */
export class TrackMap {
  readonly aspect: number;
  readonly #outline: TrackOutline;
  readonly #left: number;
  readonly #top: number;
  readonly #spanX: number;
  readonly #spanY: number;

  /** @throws InvalidArgumentError for an outline of fewer than three points */
  constructor(outline: TrackOutline) {
    if (outline.points.length < 3) {
      throw new InvalidArgumentError(`Expected an outline of at least 3 points, got ${outline.points.length}`);
    }
    this.#outline = outline;
    const xs = outline.points.map(({ x }) => x);
    const ys = outline.points.map(({ y }) => y);
    this.#left = Math.min(...xs);
    this.#top = Math.max(...ys);
    this.#spanX = Math.max(1, Math.max(...xs) - this.#left);
    this.#spanY = Math.max(1, this.#top - Math.min(...ys));
    this.aspect = this.#spanX / this.#spanY;
  }

  /** The whole way as SVG path data, in the box. */
  path(box: Box): string {
    const places = this.#outline.points.map((point) => this.#toBox(point.x, point.y, box));
    return `M${places.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
  }

  /**
   * @param distanceM from the start line, m
   * @param trackPos across the road: 1 the left edge, -1 the right one
   */
  place(distanceM: number, trackPos: number, box: Box): readonly [number, number] {
    const { points, lengthM, widthM } = this.#outline;
    const distance = ((distanceM % lengthM) + lengthM) % lengthM;
    let low = 0;
    let high = points.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (points[middle]!.distanceM <= distance) low = middle;
      else high = middle;
    }
    const from = points[low]!;
    const to = points[high % points.length]!;
    const span = (high === points.length ? lengthM : to.distanceM) - from.distanceM;
    const share = span <= 0 ? 0 : Math.min(1, (distance - from.distanceM) / span);
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const length = Math.hypot(dx, dy);
    const across = length === 0 ? 0 : (trackPos * widthM) / 2 / length;
    return this.#toBox(from.x + share * dx - across * dy, from.y + share * dy + across * dx, box);
  }

  /** In the middle of the box, as large as fits; SVG's y points down, the track's up. */
  #toBox(x: number, y: number, box: Box): readonly [number, number] {
    const scale = Math.min(box.width / this.#spanX, box.height / this.#spanY);
    const left = box.x + (box.width - this.#spanX * scale) / 2;
    const top = box.y + (box.height - this.#spanY * scale) / 2;
    return [left + (x - this.#left) * scale, top + (this.#top - y) * scale];
  }
}
