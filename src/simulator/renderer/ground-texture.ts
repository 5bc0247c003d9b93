import { GROUND_TAG } from './canvas.ts';
import { hashShare } from './noise.ts';
import type { Projector } from './projector.ts';

/** The tile of noise repeats after this many cells, a power of two. */
const TILE = 128;
/** Size of a cell at the finest level, m; each level's cells are twice as large as the ones before. */
const FINEST_CELL_M = 0.015;
const LEVELS = 10;
/** Grain finer than the pixels would flicker instead of flowing. */
const PIXELS_PER_CELL = 1.2;
/** Ground farther away than this has no texture, m. */
const END_M = 70;
const STEPS_PER_M = 2;
/** Greatest change of brightness nearby, of 256. */
const STRENGTH = 26;

let tile: Int8Array | undefined;

/**
 * Grain of the ground, fixed to the world, so that in successive pictures the ground flows by as in the game. Level
 * ground under the car is assumed: that holds where texture can be seen. Far away it becomes coarser and fades.
 */
export class GroundTexture {
  readonly #tile = noiseTile();
  readonly #scales = new Float64Array(END_M * STEPS_PER_M + 1);
  readonly #strengths = new Int32Array(END_M * STEPS_PER_M + 1);

  constructor(focal: number) {
    for (let step = 0; step < this.#scales.length; step++) {
      const distance = (step + 0.5) / STEPS_PER_M;
      // Geometric mean of a pixel's width and its far greater length on the ground, times the pixels of a cell.
      const footprint = (PIXELS_PER_CELL * distance ** 1.5) / focal;
      const level = Math.min(LEVELS - 1, Math.max(0, Math.round(Math.log2(footprint / FINEST_CELL_M))));
      this.#scales[step] = 1 / (FINEST_CELL_M * 2 ** level);
      this.#strengths[step] = STRENGTH * (1 - distance / END_M) ** 1.5;
    }
  }

  /**
   * @param normal upward normal of the ground under the car
   * @param height of the eye over it, m
   */
  apply(projector: Projector, normal: Float64Array, height: number): void {
    const { canvas, eye, focal } = projector;
    const { pixels, width, height: rows } = canvas;
    const { forward: f, right: r, up: u, position } = eye;
    if (height <= 0) return;
    const noise = this.#tile;
    const scales = this.#scales;
    const strengths = this.#strengths;
    const across = r[0]! * normal[0]! + r[1]! * normal[1]! + r[2]! * normal[2]!;
    const upwards = u[0]! * normal[0]! + u[1]! * normal[1]! + u[2]! * normal[2]!;
    const ahead = f[0]! * normal[0]! + f[1]! * normal[1]! + f[2]! * normal[2]!;
    if (upwards < 0.2) return;
    const down = upwards / focal;
    const stepX = -u[0]! / focal;
    const stepY = -u[1]! / focal;
    const ex = position[0]!;
    const ey = position[1]!;
    // The ray at which the ground is as far away as texture goes.
    const limit = height / END_M;
    for (let column = 0; column < width; column++) {
      const aside = (column + 0.5 - width / 2) / focal;
      const level = ahead + aside * across;
      // Steepness of the row's ray towards the ground: grows by `down` from row to row.
      const first = Math.max(0, Math.ceil((limit + level) / down + rows / 2 - 0.5));
      if (first >= rows) continue;
      const rise = (rows / 2 - first - 0.5) / focal;
      let steep = -(level + rise * upwards);
      let x = f[0]! + aside * r[0]! + rise * u[0]!;
      let y = f[1]! + aside * r[1]! + rise * u[1]!;
      for (let at = column * rows + first, end = (column + 1) * rows; at < end; at++) {
        const pixel = pixels[at]!;
        if ((pixel & GROUND_TAG) !== 0 && steep > limit) {
          const distance = height / steep;
          const step = (distance * STEPS_PER_M) | 0;
          const scale = scales[step]! * distance;
          const i = (ex * scales[step]! + x * scale) | 0;
          const k = (ey * scales[step]! + y * scale) | 0;
          const factor = 256 + ((noise[((i & (TILE - 1)) * TILE) | (k & (TILE - 1))]! * strengths[step]!) >> 6);
          pixels[at] =
            ((Math.imul(pixel & 0xff00ff, factor) >>> 8) & 0xff00ff) |
            ((Math.imul(pixel & 0xff00, factor) >>> 8) & 0xff00) |
            GROUND_TAG;
        }
        steep += down;
        x += stepX;
        y += stepY;
      }
    }
  }
}

/** Noise from -64 to 64 that repeats; fine grain over broader patches. */
function noiseTile(): Int8Array {
  if (tile !== undefined) return tile;
  tile = new Int8Array(TILE * TILE);
  const patch = (i: number, k: number) => hashShare(((i >> 2) + 32) & 31, ((k >> 2) + 32) & 31, 12);
  for (let i = 0; i < TILE; i++) {
    for (let k = 0; k < TILE; k++) {
      const broad = (patch(i, k) + patch(i + 2, k) + patch(i, k + 2) + patch(i + 2, k + 2)) / 4;
      tile[i * TILE + k] = Math.round((0.5 * hashShare(i, k, 11) + 0.5 * broad) * 128 - 64);
    }
  }
  return tile;
}
