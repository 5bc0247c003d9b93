import { FAR_M } from './fog.ts';
import type { TrackMesh } from './mesh.ts';
import type { Projector } from './projector.ts';

/** Land reaches this far to the side of a block's middle, m, and hills and trees this high. */
const SIDE_M = 110;
/** A block may be as long as this many pixels are wide at its distance. */
const LENGTH_PIXELS = 8;

/** The blocks of the track that a picture shows, each as coarse as its distance allows, the farthest first. */
export class BlockList {
  readonly #mesh: TrackMesh;
  readonly levels: Int32Array;
  readonly blocks: Int32Array;
  readonly distances: Float64Array;
  count = 0;
  #x = 0;
  #y = 0;
  #forwardX = 0;
  #forwardY = 0;
  /** Horizontal half field of view, as slope, and the norm of its edge planes. */
  #spread = 0;
  #norm = 1;
  #lengthPerDistance = 0;

  constructor(mesh: TrackMesh) {
    this.#mesh = mesh;
    const most = mesh.levels[0]!.count;
    this.levels = new Int32Array(most);
    this.blocks = new Int32Array(most);
    this.distances = new Float64Array(most);
  }

  collect(projector: Projector): void {
    const { eye, focal, canvas } = projector;
    this.#x = eye.position[0]!;
    this.#y = eye.position[1]!;
    const level = Math.hypot(eye.forward[0]!, eye.forward[1]!);
    this.#forwardX = eye.forward[0]! / level;
    this.#forwardY = eye.forward[1]! / level;
    // With a tilted camera the picture's diagonal may lie level.
    const tilted = Math.abs(eye.right[2]!) * canvas.height;
    this.#spread = (canvas.width + tilted) / 2 / focal;
    this.#norm = Math.hypot(1, this.#spread);
    this.#lengthPerDistance = LENGTH_PIXELS / focal;
    this.count = 0;
    const top = this.#mesh.levels.length - 1;
    for (let block = 0; block < this.#mesh.levels[top]!.count; block++) this.#visit(top, block);
    this.#sort();
  }

  #visit(level: number, block: number): void {
    const { x, y, radius } = this.#mesh.levels[level]!;
    const reach = radius[block]!;
    const dx = x[block]! - this.#x;
    const dy = y[block]! - this.#y;
    const distance = Math.sqrt(dx * dx + dy * dy);
    if (distance - reach > FAR_M) return;
    const ahead = dx * this.#forwardX + dy * this.#forwardY;
    const aside = Math.abs(dx * this.#forwardY - dy * this.#forwardX);
    const outer = reach + SIDE_M;
    if (ahead < -outer || aside - ahead * this.#spread > outer * this.#norm) return;
    if (level > 0 && 2 * reach > this.#lengthPerDistance * (distance - reach)) {
      const finer = this.#mesh.levels[level - 1]!;
      this.#visit(level - 1, block * 2);
      if (block * 2 + 1 < finer.count) this.#visit(level - 1, block * 2 + 1);
      return;
    }
    this.levels[this.count] = level;
    this.blocks[this.count] = block;
    this.distances[this.count] = distance;
    this.count++;
  }

  /** By insertion: neighbours on the track are nearly in order already. */
  #sort(): void {
    const { levels, blocks, distances, count } = this;
    for (let i = 1; i < count; i++) {
      const distance = distances[i]!;
      const level = levels[i]!;
      const block = blocks[i]!;
      let k = i - 1;
      for (; k >= 0 && distances[k]! < distance; k--) {
        distances[k + 1] = distances[k]!;
        levels[k + 1] = levels[k]!;
        blocks[k + 1] = blocks[k]!;
      }
      distances[k + 1] = distance;
      levels[k + 1] = level;
      blocks[k + 1] = block;
    }
  }
}
