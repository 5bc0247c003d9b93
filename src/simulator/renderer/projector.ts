import type { Canvas } from './canvas.ts';
import { POINTS } from './cross-section.ts';
import type { Eye } from './view.ts';

/**
 * Projects polygons in space onto a canvas: pinhole camera, clipped at the near plane. A track's cross sections are
 * turned into the camera's axes once per picture, whoever asks first.
 */
export class Projector {
  readonly canvas: Canvas;
  readonly eye: Eye;
  readonly near: number;
  /** Pixels per unit of slope; square pixels. */
  readonly focal: number;
  /** Right, up and forward of each point of each section; valid where `#stamps` says so. */
  readonly camera: Float64Array;
  readonly #points: Float64Array;
  readonly #screen: Float64Array;
  /** By which edges of the picture each point lies outside of it, as bits; and what all points of a section share. */
  readonly #outside: Uint8Array;
  readonly #sectionOutside: Uint8Array;
  readonly #stamps: Int32Array;
  #stamp = 0;
  readonly #halfWidth: number;
  readonly #halfHeight: number;
  readonly #xs = new Float64Array(8);
  readonly #ys = new Float64Array(8);
  /** Corners of a polygon in the camera's axes: see {@link corner} and {@link setCorner}. */
  readonly #corners = new Float64Array(24);

  constructor(canvas: Canvas, eye: Eye, fovyDegrees: number, near: number, points: Float64Array) {
    this.canvas = canvas;
    this.eye = eye;
    this.near = near;
    this.focal = canvas.height / 2 / Math.tan((fovyDegrees * Math.PI) / 360);
    this.#halfWidth = canvas.width / 2;
    this.#halfHeight = canvas.height / 2;
    this.#points = points;
    this.camera = new Float64Array(points.length);
    this.#screen = new Float64Array((points.length / 3) * 2);
    this.#stamps = new Int32Array(points.length / 3 / POINTS);
    this.#outside = new Uint8Array(points.length / 3);
    this.#sectionOutside = new Uint8Array(points.length / 3 / POINTS);
  }

  /** Call once the eye has moved. */
  begin(): void {
    this.#stamp++;
  }

  /** Makes a cross section's points ready. */
  section(index: number): void {
    if (this.#stamps[index] === this.#stamp) return;
    this.#stamps[index] = this.#stamp;
    const { position, right, up, forward } = this.eye;
    const ex = position[0]!;
    const ey = position[1]!;
    const ez = position[2]!;
    const rx = right[0]!;
    const ry = right[1]!;
    const rz = right[2]!;
    const ux = up[0]!;
    const uy = up[1]!;
    const uz = up[2]!;
    const fx = forward[0]!;
    const fy = forward[1]!;
    const fz = forward[2]!;
    const points = this.#points;
    const camera = this.camera;
    const screen = this.#screen;
    const { near, focal } = this;
    const outside = this.#outside;
    const wide = this.#halfWidth / focal;
    const high = this.#halfHeight / focal;
    let shared = 255;
    let at = index * POINTS * 3;
    let to = index * POINTS * 2;
    for (let i = 0; i < POINTS; i++, at += 3, to += 2) {
      const dx = points[at]! - ex;
      const dy = points[at + 1]! - ey;
      const dz = points[at + 2]! - ez;
      const x = dx * rx + dy * ry + dz * rz;
      const y = dx * ux + dy * uy + dz * uz;
      const z = dx * fx + dy * fy + dz * fz;
      camera[at] = x;
      camera[at + 1] = y;
      camera[at + 2] = z;
      let code = x < -z * wide ? 1 : 0;
      if (x > z * wide) code |= 2;
      if (y > z * high) code |= 4;
      if (y < -z * high) code |= 8;
      outside[to >> 1] = code;
      shared &= code;
      if (z >= near) {
        const scale = focal / z;
        screen[to] = this.#halfWidth + x * scale;
        screen[to + 1] = this.#halfHeight - y * scale;
      }
    }
    this.#sectionOutside[index] = shared;
  }

  /** Whether nothing between two prepared sections can be in the picture: all is beyond the same edge of it. */
  hidden(one: number, other: number): boolean {
    return (this.#sectionOutside[one]! & this.#sectionOutside[other]! & 3) !== 0;
  }

  /** Fills the quad of four points of prepared sections (section × {@link POINTS} + point), clockwise on the screen. */
  quad(a: number, b: number, c: number, d: number, color: number, solidBottom: boolean): void {
    const outside = this.#outside;
    if ((outside[a]! & outside[b]! & outside[c]! & outside[d]!) !== 0) return;
    const { camera, near } = this;
    const za = camera[a * 3 + 2]!;
    const zb = camera[b * 3 + 2]!;
    const zc = camera[c * 3 + 2]!;
    const zd = camera[d * 3 + 2]!;
    if (za >= near && zb >= near && zc >= near && zd >= near) {
      const xs = this.#xs;
      const ys = this.#ys;
      const screen = this.#screen;
      xs[0] = screen[a * 2]!;
      ys[0] = screen[a * 2 + 1]!;
      xs[1] = screen[b * 2]!;
      ys[1] = screen[b * 2 + 1]!;
      xs[2] = screen[c * 2]!;
      ys[2] = screen[c * 2 + 1]!;
      xs[3] = screen[d * 2]!;
      ys[3] = screen[d * 2 + 1]!;
      this.canvas.fill(xs, ys, 4, color, solidBottom);
      return;
    }
    if (za < near && zb < near && zc < near && zd < near) return;
    this.#take(0, a);
    this.#take(1, b);
    this.#take(2, c);
    this.#take(3, d);
    this.fillCorners(4, color, solidBottom);
  }

  #take(corner: number, point: number): void {
    const camera = this.camera;
    this.setCorner(corner, camera[point * 3]!, camera[point * 3 + 1]!, camera[point * 3 + 2]!);
  }

  /** Sets a corner of the next polygon in the camera's axes: to the right, up, forward, m. */
  setCorner(index: number, x: number, y: number, z: number): void {
    this.#corners[index * 3] = x;
    this.#corners[index * 3 + 1] = y;
    this.#corners[index * 3 + 2] = z;
  }

  /** Sets a corner of the next polygon in world coordinates. */
  corner(index: number, x: number, y: number, z: number): void {
    const { position, right, up, forward } = this.eye;
    const dx = x - position[0]!;
    const dy = y - position[1]!;
    const dz = z - position[2]!;
    this.setCorner(
      index,
      dx * right[0]! + dy * right[1]! + dz * right[2]!,
      dx * up[0]! + dy * up[1]! + dz * up[2]!,
      dx * forward[0]! + dy * forward[1]! + dz * forward[2]!,
    );
  }

  /** Fills the polygon of the corners 0 to `corners - 1` (at most 6), clockwise on the screen. */
  fillCorners(corners: number, color: number, solidBottom: boolean): void {
    const from = this.#corners;
    const { near } = this;
    let count = 0;
    for (let i = 0; i < corners; i++) {
      const a = i * 3;
      const b = (i + 1 === corners ? 0 : i + 1) * 3;
      const depth = from[a + 2]!;
      const next = from[b + 2]!;
      if (depth >= near) this.#put(count++, from[a]!, from[a + 1]!, depth);
      if (depth >= near !== next >= near) {
        const share = (near - depth) / (next - depth);
        const x = from[a]! + (from[b]! - from[a]!) * share;
        const y = from[a + 1]! + (from[b + 1]! - from[a + 1]!) * share;
        this.#put(count++, x, y, near);
      }
    }
    if (count > 2) this.canvas.fill(this.#xs, this.#ys, count, color, solidBottom);
  }

  #put(index: number, x: number, y: number, depth: number): void {
    const scale = this.focal / depth;
    this.#xs[index] = this.#halfWidth + x * scale;
    this.#ys[index] = this.#halfHeight - y * scale;
  }

  /**
   * A line on the ground between two places in the camera's axes.
   *
   * @param width m, to the right and left together
   * @param least least thickness, pixels
   */
  line(
    x0: number,
    y0: number,
    z0: number,
    x1: number,
    y1: number,
    z1: number,
    width: number,
    least: number,
    color: number,
  ): void {
    const { near, focal } = this;
    if (z0 < near && z1 < near) return;
    if (z0 < near || z1 < near) {
      const share = (near - z0) / (z1 - z0);
      const x = x0 + (x1 - x0) * share;
      const y = y0 + (y1 - y0) * share;
      if (z0 < near) {
        this.line(x, y, near, x1, y1, z1, width, least, color);
        return;
      }
      this.line(x0, y0, z0, x, y, near, width, least, color);
      return;
    }
    const sx0 = this.#halfWidth + (x0 * focal) / z0;
    const sy0 = this.#halfHeight - (y0 * focal) / z0;
    const sx1 = this.#halfWidth + (x1 * focal) / z1;
    const sy1 = this.#halfHeight - (y1 * focal) / z1;
    const dx = Math.abs(sx1 - sx0);
    const dy = Math.abs(sy1 - sy0);
    // The width lies along the picture's rows: across a flat line it counts by the line's slope.
    const turned = dy > dx ? focal * width : (focal * width * dy) / (dx + 1e-9);
    this.canvas.line(sx0, sy0, sx1, sy1, turned / z0, turned / z1, least, color);
  }
}
