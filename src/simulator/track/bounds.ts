import type { Point, Segment } from './model.ts';
import type { PlacedPiece, UnzonedSegment } from './piece-geometry.ts';

/** Points per curved piece at which its edge is looked at: the game's own number. */
const SAMPLES = 36;

/** Least and greatest coordinates of a track, from barrier to barrier; the start line's right corner is the origin. */
export class Bounds {
  readonly #min = { x: 0, y: 0, z: 0 };
  readonly #max = { x: 0, y: 0, z: 0 };

  add({ segment, outer }: PlacedPiece): void {
    for (const point of Object.values(outer)) this.#include(point.x, point.y, point.z);
    for (const point of [segment.startLeft, segment.startRight, segment.endLeft, segment.endRight]) {
      this.#include(point.x, point.y, point.z);
    }
    if (segment.kind === 'straight') return;
    const sign = segment.kind === 'left' ? 1 : -1;
    const radii = [
      segment.radiusLeft - sign * widest(segment.left),
      segment.radiusRight + sign * widest(segment.right),
    ];
    for (let sample = 1; sample <= SAMPLES; sample++) {
      const angle = segment.startPolarAngle + (sign * segment.arc * sample) / SAMPLES;
      for (const radius of radii) {
        const x = segment.centerX + radius * Math.cos(angle);
        this.#include(x, segment.centerY + radius * Math.sin(angle), segment.startLeft.z);
      }
    }
  }

  /** Moves everything so that the least coordinates are 0, as the game does (`normSeg` in track4.cpp). */
  toOrigin(segments: readonly UnzonedSegment[]): { min: Point; max: Point; shifted: UnzonedSegment[] } {
    const { x, y, z } = this.#min;
    const move = (point: Point): Point => ({ x: point.x - x, y: point.y - y, z: point.z - z });
    const shifted = segments.map((segment) => ({
      ...segment,
      centerX: segment.kind === 'straight' ? 0 : segment.centerX - x,
      centerY: segment.kind === 'straight' ? 0 : segment.centerY - y,
      startLeft: move(segment.startLeft),
      startRight: move(segment.startRight),
      endLeft: move(segment.endLeft),
      endRight: move(segment.endRight),
    }));
    return { min: { x: 0, y: 0, z: 0 }, max: move(this.#max), shifted };
  }

  #include(x: number, y: number, z: number): void {
    this.#min.x = Math.min(this.#min.x, x);
    this.#min.y = Math.min(this.#min.y, y);
    this.#min.z = Math.min(this.#min.z, z);
    this.#max.x = Math.max(this.#max.x, x);
    this.#max.y = Math.max(this.#max.y, y);
    this.#max.z = Math.max(this.#max.z, z);
  }
}

function widest(side: Segment['left']): number {
  return side.strips.reduce((sum, strip) => sum + Math.max(strip.startWidth, strip.endWidth), 0);
}
