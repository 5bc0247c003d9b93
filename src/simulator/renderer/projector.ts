import type { Canvas } from './canvas.ts';
import type { Eye } from './view.ts';

/** Projects polygons in space onto a canvas: pinhole camera, clipped at the near plane. */
export class Projector {
  readonly #canvas: Canvas;
  readonly #near: number;
  /** Pixels per unit of slope; square pixels. */
  readonly focal: number;
  readonly #xs = new Float64Array(8);
  readonly #ys = new Float64Array(8);
  readonly #corners = new Float64Array(12);
  #eye: Eye;

  constructor(canvas: Canvas, eye: Eye, fovyDegrees: number, near: number) {
    this.#canvas = canvas;
    this.#eye = eye;
    this.#near = near;
    this.focal = canvas.height / 2 / Math.tan((fovyDegrees * Math.PI) / 360);
  }

  /** Sets corner 0 to 3 of the next quad, in world coordinates. */
  corner(index: number, x: number, y: number, z: number): void {
    const { position, right, up, forward } = this.#eye;
    const dx = x - position[0]!;
    const dy = y - position[1]!;
    const dz = z - position[2]!;
    const corners = this.#corners;
    corners[index * 3] = dx * right[0]! + dy * right[1]! + dz * right[2]!;
    corners[index * 3 + 1] = dx * up[0]! + dy * up[1]! + dz * up[2]!;
    corners[index * 3 + 2] = dx * forward[0]! + dy * forward[1]! + dz * forward[2]!;
  }

  /** Fills the quad of the four corners. */
  fill(color: number): void {
    const corners = this.#corners;
    let count = 0;
    for (let i = 0; i < 4; i++) {
      const a = i * 3;
      const b = ((i + 1) & 3) * 3;
      const depth = corners[a + 2]!;
      const next = corners[b + 2]!;
      if (depth >= this.#near) this.#put(count++, corners[a]!, corners[a + 1]!, depth);
      if (depth >= this.#near !== next >= this.#near) {
        const share = (this.#near - depth) / (next - depth);
        const x = corners[a]! + (corners[b]! - corners[a]!) * share;
        const y = corners[a + 1]! + (corners[b + 1]! - corners[a + 1]!) * share;
        this.#put(count++, x, y, this.#near);
      }
    }
    if (count > 2) this.#canvas.fill(this.#xs, this.#ys, count, color);
  }

  #put(index: number, x: number, y: number, depth: number): void {
    const scale = this.focal / depth;
    this.#xs[index] = this.#canvas.width / 2 + x * scale;
    this.#ys[index] = this.#canvas.height / 2 - y * scale;
  }
}
