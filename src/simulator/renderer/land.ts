import { POINT, POINTS } from './cross-section.ts';
import { smoothNoise } from './noise.ts';

/** How far land may go on behind a barrier, m; less where another part of the track comes near. */
const REACHES_M = [6, 12, 24, 45, 80] as const;
const FARTHEST_M = 80;
const HILL_HEIGHT_M = 16;
const HILL_LENGTH_M = 85;
/** Cells in which the sections near a place are looked up, and of the grid of heights, m. */
const CELL_M = 40;
const HEIGHT_CELL_M = 50;
const MARGIN_M = 120;
/** How far down the flank at the land's end reaches, m: a far road up a hill does not hang in the air. */
const FLANK_M = 30;

/**
 * The land behind the barriers: from each barrier's foot outwards until another part of the track is nearer, as high as
 * the track all around, with hills. The game's tracks have modelled land instead; this is like it in kind only.
 *
 * @param points cross sections whose points from barrier to barrier are set; the land's points are written
 */
export function writeLand(points: Float64Array, seed: number): void {
  const count = points.length / (POINTS * 3);
  const near = new SectionGrid(points, count);
  const heights = new HeightField(points, count);
  for (let section = 0; section < count; section++) {
    const base = section * POINTS * 3;
    const left = base + POINT.roadLeft * 3;
    const right = base + POINT.roadRight * 3;
    const across = Math.hypot(points[left]! - points[right]!, points[left + 1]! - points[right + 1]!);
    const x = (points[left]! - points[right]!) / across;
    const y = (points[left + 1]! - points[right + 1]!) / across;
    for (const [foot, nearLand, land, flank, way] of [
      [POINT.footLeft, POINT.nearLandLeft, POINT.landLeft, POINT.flankLeft, 1],
      [POINT.footRight, POINT.nearLandRight, POINT.landRight, POINT.flankRight, -1],
    ] as const) {
      const at = base + foot * 3;
      const reach = near.reach(section, points[at]!, points[at + 1]!, x * way, y * way);
      for (const [point, distance] of [
        [nearLand, Math.min(8, reach / 3)],
        [land, reach],
      ] as const) {
        const to = base + point * 3;
        const share = distance / FARTHEST_M;
        points[to] = points[at]! + x * way * distance;
        points[to + 1] = points[at + 1]! + y * way * distance;
        const ground = heights.at(points[to]!, points[to + 1]!);
        const hill = smoothNoise(points[to]! / HILL_LENGTH_M, points[to + 1]! / HILL_LENGTH_M, seed);
        const blend = Math.min(1, share * 2);
        points[to + 2] = points[at + 2]! + (ground - points[at + 2]!) * blend + HILL_HEIGHT_M * hill * share;
      }
      const end = base + land * 3;
      const below = base + flank * 3;
      points[below] = points[end]!;
      points[below + 1] = points[end + 1]!;
      points[below + 2] = points[end + 2]! - FLANK_M;
    }
  }
}

/** Finds whether a place is nearer to its own section than to any other. */
class SectionGrid {
  readonly #cells = new Map<number, number[]>();
  readonly #x: Float64Array;
  readonly #y: Float64Array;

  constructor(points: Float64Array, count: number) {
    this.#x = new Float64Array(count);
    this.#y = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const left = (i * POINTS + POINT.footLeft) * 3;
      const right = (i * POINTS + POINT.footRight) * 3;
      this.#x[i] = (points[left]! + points[right]!) / 2;
      this.#y[i] = (points[left + 1]! + points[right + 1]!) / 2;
      const key = cellKey(this.#x[i]!, this.#y[i]!);
      const cell = this.#cells.get(key);
      if (cell === undefined) this.#cells.set(key, [i]);
      else cell.push(i);
    }
  }

  reach(section: number, footX: number, footY: number, outX: number, outY: number): number {
    let reach = 2;
    for (const distance of REACHES_M) {
      const x = footX + outX * distance;
      const y = footY + outY * distance;
      const own = Math.hypot(x - this.#x[section]!, y - this.#y[section]!);
      if (this.#crowded(x, y, own - 1)) break;
      reach = distance;
    }
    return reach;
  }

  /** Whether any section is nearer to a place than `limit`. */
  #crowded(x: number, y: number, limit: number): boolean {
    const square = limit * limit;
    const cells = Math.ceil(limit / CELL_M);
    for (let i = -cells; i <= cells; i++) {
      for (let k = -cells; k <= cells; k++) {
        const cell = this.#cells.get(cellKey(x + i * CELL_M, y + k * CELL_M));
        if (cell === undefined) continue;
        for (const section of cell) {
          const dx = this.#x[section]! - x;
          const dy = this.#y[section]! - y;
          if (dx * dx + dy * dy < square) return true;
        }
      }
    }
    return false;
  }
}

function cellKey(x: number, y: number): number {
  return Math.floor(x / CELL_M) * 65536 + Math.floor(y / CELL_M);
}

/** Height of the land anywhere: the mean of the track's heights, weighted by nearness. */
class HeightField {
  readonly #columns: number;
  readonly #minX: number;
  readonly #minY: number;
  readonly #heights: Float64Array;

  constructor(points: Float64Array, count: number) {
    let minX = Infinity;
    let minY = Infinity;
    let maxX = -Infinity;
    let maxY = -Infinity;
    for (let i = 0; i < count; i++) {
      const at = (i * POINTS + POINT.roadLeft) * 3;
      minX = Math.min(minX, points[at]! - MARGIN_M);
      maxX = Math.max(maxX, points[at]! + MARGIN_M);
      minY = Math.min(minY, points[at + 1]! - MARGIN_M);
      maxY = Math.max(maxY, points[at + 1]! + MARGIN_M);
    }
    this.#minX = minX;
    this.#minY = minY;
    this.#columns = Math.ceil((maxX - minX) / HEIGHT_CELL_M) + 2;
    const rows = Math.ceil((maxY - minY) / HEIGHT_CELL_M) + 2;
    this.#heights = new Float64Array(this.#columns * rows);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < this.#columns; column++) {
        const x = minX + column * HEIGHT_CELL_M;
        const y = minY + row * HEIGHT_CELL_M;
        let sum = 0;
        let weights = 0;
        for (let i = 0; i < count; i += 4) {
          const at = (i * POINTS + POINT.roadLeft) * 3;
          const square = (points[at]! - x) ** 2 + (points[at + 1]! - y) ** 2 + 400;
          const weight = 1 / (square * square);
          sum += weight * points[at + 2]!;
          weights += weight;
        }
        this.#heights[row * this.#columns + column] = sum / weights;
      }
    }
  }

  at(x: number, y: number): number {
    const u = (x - this.#minX) / HEIGHT_CELL_M;
    const v = (y - this.#minY) / HEIGHT_CELL_M;
    const column = Math.min(this.#columns - 2, Math.max(0, Math.floor(u)));
    const rows = this.#heights.length / this.#columns;
    const row = Math.min(rows - 2, Math.max(0, Math.floor(v)));
    const a = Math.min(1, Math.max(0, u - column));
    const b = Math.min(1, Math.max(0, v - row));
    const at = row * this.#columns + column;
    const h = this.#heights;
    const near = h[at]! * (1 - a) + h[at + 1]! * a;
    const far = h[at + this.#columns]! * (1 - a) + h[at + this.#columns + 1]! * a;
    return near * (1 - b) + far * b;
  }
}
