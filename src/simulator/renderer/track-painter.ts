import { mix, shade } from './canvas.ts';
import { SKY_HORIZON, WHITE } from './colors.ts';
import { POINT, POINTS } from './cross-section.ts';
import { fogShare } from './fog.ts';
import { LAYER, LAYERS, type Level, type TrackMesh } from './mesh.ts';
import type { Projector } from './projector.ts';
import { paintTrees } from './tree-painter.ts';

/** Widths as measured in the game's pictures. */
const LINE_WIDTH_M = 0.32;
const MIDDLE_LINE_WIDTH_M = 0.2;
/** Middle of an edge line from the road's edge, m. */
const LINE_INSET_M = 0.36;
const START_LINE_M = 1;
/** Lines are at least this thick, pixels, up to the distance where they end, m. */
const LEAST_LINE = 0.75;
const LINES_END_M = 220;
/** Percent that a hill's flank differs from its top. */
const FLANK_SHADE = -12;
const STRIPES_PER_SLICE = 2;
/** Share of each slice that a dash of the middle line takes: in the game some 1.8 m of 3.7 m. */
const DASH_SHARE = 0.48;
/** Blocks of this many slices and more have one plane of land per side instead of two. */
const PLAIN_LAND_FROM = 4;

interface Side {
  readonly flank: number;
  readonly land: number;
  readonly nearLand: number;
  readonly top: number;
  readonly foot: number;
  readonly border: number;
  readonly road: number;
  readonly landLayer: number;
  /** From the land's layer to the next ones. */
  readonly step: 1 | -1;
}
const LEFT: Side = {
  flank: POINT.flankLeft,
  land: POINT.landLeft,
  nearLand: POINT.nearLandLeft,
  top: POINT.topLeft,
  foot: POINT.footLeft,
  border: POINT.borderLeft,
  road: POINT.roadLeft,
  landLayer: LAYER.landLeft,
  step: 1,
};
const RIGHT: Side = {
  flank: POINT.flankRight,
  land: POINT.landRight,
  nearLand: POINT.nearLandRight,
  top: POINT.topRight,
  foot: POINT.footRight,
  border: POINT.borderRight,
  road: POINT.roadRight,
  landLayer: LAYER.landRight,
  step: -1,
};

/** Paints blocks of the track, each from what is far from the eye to what is near. */
export class TrackPainter {
  readonly #mesh: TrackMesh;
  readonly #projector: Projector;
  /** The block's first point of the cross sections at its start and end, and how much of it the fog hides. */
  #from = 0;
  #to = 0;
  #fog = 0;
  #plain = false;

  constructor(mesh: TrackMesh, projector: Projector) {
    this.#mesh = mesh;
    this.#projector = projector;
  }

  paint(level: Level, block: number, distance: number): void {
    const mesh = this.#mesh;
    const first = block * level.size;
    const end = Math.min(mesh.from.length, first + level.size);
    const from = mesh.from[first]!;
    const to = mesh.to[end - 1]!;
    this.#projector.section(from);
    this.#projector.section(to);
    if (this.#projector.hidden(from, to)) return;
    this.#from = from * POINTS;
    this.#to = to * POINTS;
    this.#fog = fogShare(distance);
    this.#plain = level.size >= PLAIN_LAND_FROM;
    const base = block * LAYERS;
    const { colors } = level;
    const outside = this.#outside();
    if (outside !== 'left') this.#land(LEFT, colors[base + LAYER.landLeft]!);
    if (outside !== 'right') this.#land(RIGHT, colors[base + LAYER.landRight]!);
    paintTrees(this.#projector, mesh.trees, first, end, distance);
    if (outside !== 'left') this.#upright(LEFT, LEFT.top, LEFT.foot, colors[base + LAYER.barrierLeft]!, false);
    if (outside !== 'right') this.#upright(RIGHT, RIGHT.top, RIGHT.foot, colors[base + LAYER.barrierRight]!, false);
    this.#side(LEFT, level, base, first, distance);
    this.#side(RIGHT, level, base, first, distance);
    const road = colors[base + LAYER.road]!;
    this.#strip(POINT.roadLeft, POINT.roadRight, road);
    if (distance < LINES_END_M) this.#lines(level, base, road, first, distance);
    if (outside === 'none') return;
    const side = outside === 'left' ? LEFT : RIGHT;
    this.#upright(side, side.top, side.foot, colors[base + side.landLayer + side.step]!, true);
    const land = colors[base + side.landLayer]!;
    this.#upright(side, side.land, side.flank, shade(land, FLANK_SHADE), true);
    this.#land(side, land);
  }

  /** Whether the eye is behind one of the barriers, as seen in the camera's axes. */
  #outside(): 'none' | 'left' | 'right' {
    const camera = this.#projector.camera;
    if (leftOf(camera, this.#from + POINT.footLeft, this.#to + POINT.footLeft) > 0) return 'left';
    if (leftOf(camera, this.#from + POINT.footRight, this.#to + POINT.footRight) < 0) return 'right';
    return 'none';
  }

  #strip(left: number, right: number, color: number): void {
    const from = this.#from;
    const to = this.#to;
    const shown = mix(color, SKY_HORIZON, this.#fog);
    this.#projector.quad(to + left, to + right, from + right, from + left, shown, true);
  }

  #between(one: number, other: number, side: Side, color: number): void {
    if (side.step === 1) this.#strip(one, other, color);
    else this.#strip(other, one, color);
  }

  #land(side: Side, color: number): void {
    if (this.#plain) {
      this.#between(side.land, side.foot, side, color);
      return;
    }
    this.#between(side.land, side.nearLand, side, color);
    this.#between(side.nearLand, side.foot, side, color);
  }

  #upright(side: Side, top: number, foot: number, color: number, fromOutside: boolean): void {
    const shown = mix(color, SKY_HORIZON, this.#fog);
    const leftwards = (side.step === 1) !== fromOutside;
    const one = leftwards ? this.#from : this.#to;
    const other = leftwards ? this.#to : this.#from;
    this.#projector.quad(one + top, other + top, other + foot, one + foot, shown, true);
  }

  #side(side: Side, level: Level, base: number, first: number, distance: number): void {
    const { colors } = level;
    const layer = base + side.landLayer;
    this.#between(side.foot, side.border, side, colors[layer + 2 * side.step]!);
    const { stripes } = this.#mesh;
    const at = first * 4 + (side.step === 1 ? 0 : 2);
    if (level.size > 1 || stripes[at] === stripes[at + 1] || distance > this.#projector.focal * 1.2) {
      this.#between(side.border, side.road, side, colors[layer + 3 * side.step]!);
      return;
    }
    const left = side.step === 1 ? side.border : side.road;
    const right = side.step === 1 ? side.road : side.border;
    for (let i = STRIPES_PER_SLICE - 1; i >= 0; i--) {
      const color = stripes[at + (i % 2)]!;
      this.#part(left, right, i / STRIPES_PER_SLICE, (i + 1) / STRIPES_PER_SLICE, color);
    }
  }

  /** A strip from one share of the block's length to another. */
  #part(left: number, right: number, begin: number, end: number, color: number): void {
    this.#corner(0, left, end);
    this.#corner(1, right, end);
    this.#corner(2, right, begin);
    this.#corner(3, left, begin);
    this.#projector.fillCorners(4, mix(color, SKY_HORIZON, this.#fog), true);
  }

  #corner(index: number, point: number, share: number): void {
    const camera = this.#projector.camera;
    const a = (this.#from + point) * 3;
    const b = (this.#to + point) * 3;
    const x = camera[a]! + (camera[b]! - camera[a]!) * share;
    const y = camera[a + 1]! + (camera[b + 1]! - camera[a + 1]!) * share;
    this.#projector.setCorner(index, x, y, camera[a + 2]! + (camera[b + 2]! - camera[a + 2]!) * share);
  }

  #lines(level: Level, base: number, road: number, first: number, distance: number): void {
    const { colors } = level;
    const camera = this.#projector.camera;
    const a = (this.#from + POINT.roadLeft) * 3;
    const b = a + 3;
    const width = Math.hypot(camera[a]! - camera[b]!, camera[a + 1]! - camera[b + 1]!, camera[a + 2]! - camera[b + 2]!);
    if (first === 0 && level.size === 1) {
      this.#part(POINT.roadLeft, POINT.roadRight, 0, START_LINE_M / this.#mesh.lengths[0]!, WHITE);
    }
    const inset = LINE_INSET_M / width;
    const least = LEAST_LINE * (1 - distance / LINES_END_M);
    this.#line(inset, 1, colors[base + LAYER.lineLeft]!, road, least);
    const middle = colors[base + LAYER.lineMiddle]!;
    // Farther away dashes and gaps have become one.
    if (level.size === 1) this.#line(0.5, DASH_SHARE, middle, road, 0);
    else this.#line(0.5, 1, mix(road, middle, (256 * DASH_SHARE) | 0), road, 0);
    this.#line(1 - inset, 1, colors[base + LAYER.lineRight]!, road, least);
  }

  /**
   * @param share place across the road, 0 left to 1 right
   * @param length share of the block's length, from its start
   */
  #line(share: number, length: number, color: number, road: number, least: number): void {
    if (color === road) return;
    const camera = this.#projector.camera;
    const a = (this.#from + POINT.roadLeft) * 3;
    const b = (this.#to + POINT.roadLeft) * 3;
    const x = camera[a]! + (camera[a + 3]! - camera[a]!) * share;
    const y = camera[a + 1]! + (camera[a + 4]! - camera[a + 1]!) * share;
    const z = camera[a + 2]! + (camera[a + 5]! - camera[a + 2]!) * share;
    this.#projector.line(
      x,
      y,
      z,
      x + (camera[b]! + (camera[b + 3]! - camera[b]!) * share - x) * length,
      y + (camera[b + 1]! + (camera[b + 4]! - camera[b + 1]!) * share - y) * length,
      z + (camera[b + 2]! + (camera[b + 5]! - camera[b + 2]!) * share - z) * length,
      share === 0.5 ? MIDDLE_LINE_WIDTH_M : LINE_WIDTH_M,
      least,
      mix(color, SKY_HORIZON, this.#fog),
    );
  }
}

/** Whether the eye, the origin of the camera's axes, is left (positive) of the line from one point to another. */
function leftOf(camera: Float64Array, from: number, to: number): number {
  const x = camera[from * 3]!;
  const z = camera[from * 3 + 2]!;
  return (camera[to * 3 + 2]! - z) * x - (camera[to * 3]! - x) * z;
}
