import { mix } from './canvas.ts';
import { GRASS, KERB_RED, SKY_HORIZON, WHITE } from './colors.ts';
import type { Projector } from './projector.ts';
import { LAYERS, POINTS, SLICE_LENGTH_M, type Slices } from './slices.ts';

/** The game's cameras in and behind the car see fog from here to its end, and nothing beyond (grcam.cpp), m. */
const FOG_START_M = 300;
export const FAR_M = 600;
const LINE_WIDTH_M = 0.2;
const TERRAIN_WIDTH_M = 8;
/** Beyond this distance stripes have faded to their mean. */
const STRIPES_END_M = 160;

/** Paints one stretch of the track between two cross sections, the ground first, then what stands on it. */
export class TrackPainter {
  readonly #slices: Slices;
  readonly #projector: Projector;

  constructor(slices: Slices, projector: Projector) {
    this.#slices = slices;
    this.#projector = projector;
  }

  /** @param span slices to paint as one */
  paint(index: number, span: number, distance: number): void {
    const { colors, count, kerbs, lines } = this.#slices;
    const from = index * POINTS * 3;
    const to = ((index + span) % count) * POINTS * 3;
    const base = index * LAYERS;
    const stripes = Math.max(0, 1 - distance / STRIPES_END_M);
    const dark = ((index >> 1) & 1) * 24 * stripes;
    const shade = (color: number) => fog(mix(color, 0, dark), distance);
    this.#terrain(from, to, 1, 2, fog(GRASS, distance));
    this.#terrain(from, to, 6, 5, fog(GRASS, distance));
    this.#strip(from, to, 1, 3, shade(colors[base + 1]!));
    this.#strip(from, to, 4, 6, shade(colors[base + 5]!));
    this.#strip(from, to, 2, 3, shade(border(colors[base + 2]!, kerbs[index]! & 1, index, stripes)));
    this.#strip(from, to, 4, 5, shade(border(colors[base + 4]!, kerbs[index]! & 2, index, stripes)));
    this.#strip(from, to, 3, 4, shade(colors[base + 3]!));
    if (lines[index] === 1) this.#lines(from, to, index, distance);
    const wall = (index & 1) * 40 * stripes;
    this.#strip(from, to, 0, 1, fog(mix(colors[base]!, 0, wall), distance));
    this.#strip(from, to, 6, 7, fog(mix(colors[base + 6]!, 0, wall), distance));
  }

  #lines(from: number, to: number, index: number, distance: number): void {
    const color = fog(WHITE, distance);
    const points = this.#slices.points;
    const width = Math.hypot(points[from + 9]! - points[from + 12]!, points[from + 10]! - points[from + 13]!);
    const share = LINE_WIDTH_M / width;
    this.#across(from, to, 0, share, color);
    this.#across(from, to, 1 - share, 1, color);
    // The start line: a chequered-looking pale band over the first quarter of a slice.
    if (index === 0) this.#startLine(from, to, color);
  }

  /** Between two shares of the road's width, from the left edge. */
  #across(from: number, to: number, left: number, right: number, color: number): void {
    this.#mixCorner(0, from, left);
    this.#mixCorner(1, to, left);
    this.#mixCorner(2, to, right);
    this.#mixCorner(3, from, right);
    this.#projector.fill(color);
  }

  #mixCorner(corner: number, section: number, share: number): void {
    const p = this.#slices.points;
    const a = section + 9;
    const b = section + 12;
    const at = (axis: number) => p[a + axis]! + (p[b + axis]! - p[a + axis]!) * share;
    this.#projector.corner(corner, at(0), at(1), at(2));
  }

  #startLine(from: number, to: number, color: number): void {
    const p = this.#slices.points;
    const share = 1 / SLICE_LENGTH_M;
    const along = (point: number, axis: number) => {
      const start = p[from + point * 3 + axis]!;
      return start + (p[to + point * 3 + axis]! - start) * share;
    };
    this.#point(0, from, 3);
    this.#projector.corner(1, along(3, 0), along(3, 1), along(3, 2));
    this.#projector.corner(2, along(4, 0), along(4, 1), along(4, 2));
    this.#point(3, from, 4);
    this.#projector.fill(color);
  }

  #strip(from: number, to: number, left: number, right: number, color: number): void {
    this.#point(0, from, left);
    this.#point(1, to, left);
    this.#point(2, to, right);
    this.#point(3, from, right);
    this.#projector.fill(color);
  }

  /** Grass behind the barrier, away from the road's point `inner`. */
  #terrain(from: number, to: number, outer: number, inner: number, color: number): void {
    const way = inner > outer ? 1 : -1;
    const edge = way === 1 ? 3 : 4;
    const other = way === 1 ? 4 : 3;
    this.#point(0, from, outer);
    this.#point(1, to, outer);
    this.#outwards(2, to, outer, edge, other);
    this.#outwards(3, from, outer, edge, other);
    this.#projector.fill(color);
  }

  #outwards(corner: number, section: number, outer: number, edge: number, other: number): void {
    const p = this.#slices.points;
    const dx = p[section + edge * 3]! - p[section + other * 3]!;
    const dy = p[section + edge * 3 + 1]! - p[section + other * 3 + 1]!;
    const scale = TERRAIN_WIDTH_M / Math.hypot(dx, dy);
    const at = section + outer * 3;
    this.#projector.corner(corner, p[at]! + dx * scale, p[at + 1]! + dy * scale, p[at + 2]!);
  }

  #point(corner: number, section: number, point: number): void {
    const points = this.#slices.points;
    const at = section + point * 3;
    this.#projector.corner(corner, points[at]!, points[at + 1]!, points[at + 2]!);
  }
}

/** A kerb alternates red and white; far away both fade to their mean. */
function border(color: number, kerb: number, index: number, stripes: number): number {
  if (kerb === 0) return color;
  return mix(KERB_RED, WHITE, (index & 1) === 0 ? 128 - 128 * stripes : 128 + 128 * stripes);
}

/** The colour as seen at a distance: paler from the start, gone in the fog at the end. */
export function fog(color: number, distance: number): number {
  const share = Math.min(
    1,
    0.15 * (distance / FOG_START_M) + Math.max(0, (distance - FOG_START_M) / (FAR_M - FOG_START_M)) * 0.7,
  );
  return mix(color, SKY_HORIZON, (share * 256) | 0);
}
