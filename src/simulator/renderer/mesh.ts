import type { Segment, Track } from '../track/model.ts';
import { mix, shade } from './canvas.ts';
import { barrierColor, groundColor, kerbColors, landColor, markings } from './colors.ts';
import { layOutSide, POINT, POINTS, writeCrossSection } from './cross-section.ts';
import { writeLand } from './land.ts';
import { hashShare, nameSeed } from './noise.ts';
import { plantTrees, type Trees } from './scenery.ts';

/** Greatest length of a slice along the centre line, m. */
const SLICE_LENGTH_M = 4;
const LEVELS = 6;
/** Colours of a slice; lines have the road's colour where there are none. */
export const LAYER = {
  landLeft: 0,
  barrierLeft: 1,
  runOffLeft: 2,
  borderLeft: 3,
  road: 4,
  borderRight: 5,
  runOffRight: 6,
  barrierRight: 7,
  landRight: 8,
  lineLeft: 9,
  lineMiddle: 10,
  lineRight: 11,
} as const;
export const LAYERS = 12;

/** The track at one degree of coarseness: block `i` covers slices `i * size` to before `(i + 1) * size`. */
export interface Level {
  readonly size: number;
  readonly count: number;
  /** {@link LAYERS} mean colours per block. */
  readonly colors: Int32Array;
  /** Circle around the block's middle line, m. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: Float64Array;
}

/** A track made ready for painting: cross sections, slices between them, ever longer blocks of slices, trees. */
export class TrackMesh {
  readonly points: Float64Array;
  readonly sectionCount: number;
  /** Cross sections at each slice's start and end. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Length of each slice along the centre line, m. */
  readonly lengths: Float64Array;
  /** Two colours per slice and border, of a kerb's stripes; equal where there is none. */
  readonly stripes: Int32Array;
  readonly trees: Trees;
  readonly levels: readonly Level[];

  constructor(track: Track) {
    const points: number[] = [];
    const slices: { from: number; to: number; segment: Segment; length: number }[] = [];
    const section = new Float64Array(POINTS * 3);
    const add = (segment: Segment, share: number): number => {
      section.fill(0);
      writeCrossSection(segment, share, section, 0);
      const last = points.length - section.length;
      if (last < 0 || section.some((value, i) => Math.abs(value - points[last + i]!) > 1e-3)) points.push(...section);
      return points.length / section.length - 1;
    };
    for (const segment of track.segments) {
      const count = Math.max(1, Math.ceil(segment.length / SLICE_LENGTH_M - 1e-6));
      let from = add(segment, 0);
      for (let i = 1; i <= count; i++) {
        const to = add(segment, i / count);
        slices.push({ from, to, segment, length: segment.length / count });
        from = to;
      }
    }
    const seed = nameSeed(track.name);
    this.points = Float64Array.from(points);
    this.sectionCount = points.length / section.length;
    writeLand(this.points, seed);
    this.from = Int32Array.from(slices, (slice) => slice.from);
    this.to = Int32Array.from(slices, (slice) => slice.to);
    this.lengths = Float64Array.from(slices, (slice) => slice.length);
    this.trees = plantTrees(this.points, this.from, seed);
    const colors = new Int32Array(slices.length * LAYERS);
    this.stripes = new Int32Array(slices.length * 4);
    for (const [i, slice] of slices.entries()) this.#color(i, slice.segment, colors);
    const levels = [this.#level(1, colors)];
    while (levels.length < LEVELS) levels.push(this.#coarser(levels.at(-1)!));
    this.levels = levels;
  }

  #color(slice: number, segment: Segment, colors: Int32Array): void {
    const base = slice * LAYERS;
    // Slight differences from slice to slice: in successive pictures they show how fast the car moves.
    const vary = (color: number, percent: number, purpose: number) =>
      shade(color, (hashShare(slice, purpose, 7) * 2 - 1) * percent);
    const road = vary(groundColor(segment.material.name), 3, 0);
    colors[base + LAYER.road] = road;
    const sides = [
      [segment.left, LAYER.landLeft, 1],
      [segment.right, LAYER.landRight, -1],
    ] as const;
    for (const [number, [side, land, step]] of sides.entries()) {
      const { border, runOff } = layOutSide(side);
      const name = (runOff ?? border)?.material.name ?? segment.material.name;
      const outer = groundColor(name);
      colors[base + land] = vary(landColor(segment.material.name, name), 4, 1 + number);
      const barrier = barrierColor(side.barrier.material.name);
      colors[base + land + step] = shade(vary(barrier, 4, 3 + number), slice % 2 === 0 ? 4 : -10);
      colors[base + land + 2 * step] = runOff === undefined ? road : vary(outer, 5, 5 + number);
      const [one, two] = borderColors(border, road);
      this.stripes[slice * 4 + number * 2] = one;
      this.stripes[slice * 4 + number * 2 + 1] = two;
      colors[base + land + 3 * step] = mix(one, two, 128);
    }
    const { edges, middle } = markings(segment.material.name);
    colors[base + LAYER.lineLeft] = edges ?? road;
    colors[base + LAYER.lineRight] = edges ?? road;
    colors[base + LAYER.lineMiddle] = middle ?? road;
  }

  #level(size: number, colors: Int32Array): Level {
    const count = colors.length / LAYERS;
    const x = new Float64Array(count);
    const y = new Float64Array(count);
    const radius = new Float64Array(count);
    const p = this.points;
    const middle = (section: number, axis: number) => {
      const at = section * POINTS * 3 + axis;
      return (p[at + POINT.roadLeft * 3]! + p[at + POINT.roadRight * 3]!) / 2;
    };
    for (let i = 0; i < count; i++) {
      const first = i * size;
      const end = Math.min(this.from.length, first + size);
      const a = this.from[first]!;
      const b = this.to[end - 1]!;
      x[i] = (middle(a, 0) + middle(b, 0)) / 2;
      y[i] = (middle(a, 1) + middle(b, 1)) / 2;
      for (let k = first; k < end; k++) {
        for (const section of [this.from[k]!, this.to[k]!]) {
          radius[i] = Math.max(radius[i]!, Math.hypot(middle(section, 0) - x[i]!, middle(section, 1) - y[i]!));
        }
      }
    }
    return { size, count, colors, x, y, radius };
  }

  #coarser(finer: Level): Level {
    const count = Math.ceil(finer.count / 2);
    const colors = new Int32Array(count * LAYERS);
    for (let i = 0; i < count; i++) {
      const other = Math.min(finer.count - 1, i * 2 + 1);
      for (let layer = 0; layer < LAYERS; layer++) {
        const one = finer.colors[i * 2 * LAYERS + layer]!;
        colors[i * LAYERS + layer] = mix(one, finer.colors[other * LAYERS + layer]!, 128);
      }
    }
    return this.#level(finer.size * 2, colors);
  }
}

function borderColors(border: ReturnType<typeof layOutSide>['border'], road: number): readonly [number, number] {
  if (border === undefined) return [road, road];
  if (border.style === 'curb') return kerbColors(border.material.name);
  const color = border.style === 'wall' ? barrierColor(border.material.name) : groundColor(border.material.name);
  return [color, color];
}

const meshes = new WeakMap<Track, TrackMesh>();

/** The mesh of a track, or what was made of the same object before. */
export function trackMesh(track: Track): TrackMesh {
  let mesh = meshes.get(track);
  if (mesh === undefined) {
    mesh = new TrackMesh(track);
    meshes.set(track, mesh);
  }
  return mesh;
}
