import type { Segment, Strip, Track, TrackSide } from '../track/model.ts';
import { materialColor } from './colors.ts';

/** Length of a slice along the centre line, m: the unit of stripes and shading. */
export const SLICE_LENGTH_M = 4;
/** Cross section's points, left to right: barrier top, outer edge, border's outer edge, road's edge; then mirrored. */
export const POINTS = 8;
/** Colours per slice. */
export const LAYERS = 7;

/**
 * The track cut into slices of equal length. Cross section `i` has its points at `points[(i * POINTS + p) * 3]`; what
 * lies between sections i and i + 1 has colours at `colors[i * LAYERS]`: left barrier, left side, left border, road,
 * right border, right side, right barrier.
 */
export class Slices {
  readonly count: number;
  readonly points: Float64Array;
  readonly colors: Uint32Array;
  /** Bit 0: the left border is a kerb, bit 1: the right one. */
  readonly kerbs: Uint8Array;
  /** 1 where edge lines are painted: roads with a hard surface. */
  readonly lines: Uint8Array;

  constructor(track: Track) {
    this.count = Math.max(8, Math.round(track.lengthM / SLICE_LENGTH_M / 4) * 4);
    this.points = new Float64Array(this.count * POINTS * 3);
    this.colors = new Uint32Array(this.count * LAYERS);
    this.kerbs = new Uint8Array(this.count);
    this.lines = new Uint8Array(this.count);
    let at = 0;
    for (let i = 0; i < this.count; i++) {
      const distance = (i * track.lengthM) / this.count;
      while (at + 1 < track.segments.length && track.segments[at + 1]!.startDistance <= distance) at++;
      const segment = track.segments[at]!;
      this.#place(i, segment, Math.min(1, (distance - segment.startDistance) / segment.length));
      this.#color(i, segment);
    }
  }

  #place(index: number, segment: Segment, share: number): void {
    const straight = segment.kind === 'straight';
    const turn = straight ? 0 : segment.kind === 'left' ? 1 : -1;
    const toStart = share * (straight ? segment.length : segment.arc);
    const heading = segment.startHeading + turn * toStart;
    const leftX = -Math.sin(heading);
    const leftY = Math.cos(heading);
    const { startRight, endRight } = segment;
    const x = straight
      ? startRight.x + (endRight.x - startRight.x) * share
      : segment.centerX - turn * segment.radiusRight * leftX;
    const y = straight
      ? startRight.y + (endRight.y - startRight.y) * share
      : segment.centerY - turn * segment.radiusRight * leftY;
    const z = startRight.z + segment.climb * toStart;
    const slope = Math.tan(segment.startBanking + segment.twist * toStart);
    const set = (point: number, across: number, height: number) => {
      const base = (index * POINTS + point) * 3;
      this.points[base] = x + leftX * across;
      this.points[base + 1] = y + leftY * across;
      this.points[base + 2] = height;
    };
    const edges = (side: TrackSide, edge: number, edgeZ: number, outwards: number, first: number, step: number) => {
      let across = edge;
      let height = edgeZ;
      set(first, across, height);
      const border = side.strips.length > 1 ? side.strips[0] : undefined;
      const outer = side.strips.at(-1);
      let drawn = height;
      for (const [place, strip] of [border, outer].entries()) {
        if (strip !== undefined) {
          const width = strip.startWidth + (strip.endWidth - strip.startWidth) * share;
          across += outwards * width;
          if (strip.banking === 'tangent') height += outwards * width * slope;
          drawn = height + (strip.style === 'curb' ? strip.height : 0);
        }
        set(first + step * (place + 1), across, drawn);
      }
      set(first + step * 3, across, height + Math.max(0.3, side.barrier.height));
    };
    edges(segment.left, segment.width, z + segment.width * slope, 1, 3, -1);
    edges(segment.right, 0, z, -1, 4, 1);
  }

  #color(index: number, segment: Segment): void {
    const base = index * LAYERS;
    const road = materialColor(segment.material.name);
    const border = (side: TrackSide): Strip | undefined => (side.strips.length > 1 ? side.strips[0] : undefined);
    const left = border(segment.left);
    const right = border(segment.right);
    this.colors[base] = materialColor(segment.left.barrier.material.name);
    this.colors[base + 1] = materialColor((segment.left.strips.at(-1)?.material ?? segment.material).name);
    this.colors[base + 2] = left === undefined ? road : materialColor(left.material.name);
    this.colors[base + 3] = road;
    this.colors[base + 4] = right === undefined ? road : materialColor(right.material.name);
    this.colors[base + 5] = materialColor((segment.right.strips.at(-1)?.material ?? segment.material).name);
    this.colors[base + 6] = materialColor(segment.right.barrier.material.name);
    this.kerbs[index] = (left?.style === 'curb' ? 1 : 0) | (right?.style === 'curb' ? 2 : 0);
    this.lines[index] = /dirt|mud|sand|grass|snow/i.test(segment.material.name) ? 0 : 1;
  }
}
