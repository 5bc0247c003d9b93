import { TREES } from './colors.ts';
import { POINT, POINTS } from './cross-section.ts';
import { hashShare, smoothNoise } from './noise.ts';

/** Numbers per tree: place of its foot, height, half width, m, and its colour. */
export const TREE_FIELDS = 6;
/** Trees stand this far from the end of the land and from the barrier at least, m. */
const CLEARANCE_M = 3;
const GROVE_LENGTH_M = 70;
const TREES_PER_SLICE = 2;

/** Trees on the land behind the barriers: slice `i` has those from `starts[i]` to before `starts[i + 1]`. */
export interface Trees {
  readonly starts: Int32Array;
  readonly fields: Float64Array;
}

/** Plants groves along the track; the same track always has the same trees. */
export function plantTrees(points: Float64Array, sections: Int32Array, seed: number): Trees {
  const starts = new Int32Array(sections.length + 1);
  const fields: number[] = [];
  for (let slice = 0; slice < sections.length; slice++) {
    const base = sections[slice]! * POINTS * 3;
    for (let side = 0; side < 2; side++) {
      const foot = base + (side === 0 ? POINT.nearLandLeft : POINT.nearLandRight) * 3;
      const end = base + (side === 0 ? POINT.landLeft : POINT.landRight) * 3;
      const length = Math.hypot(points[end]! - points[foot]!, points[end + 1]! - points[foot + 1]!);
      if (length < 3 * CLEARANCE_M) continue;
      for (let i = 0; i < TREES_PER_SLICE; i++) {
        const random = (purpose: number) => hashShare(slice, side * 16 + i * 8 + purpose, seed);
        const distance = Math.min(length - CLEARANCE_M, random(0) * 45);
        const share = distance / length;
        const at = (axis: number) => points[foot + axis]! + (points[end + axis]! - points[foot + axis]!) * share;
        const grove = smoothNoise(at(0) / GROVE_LENGTH_M, at(1) / GROVE_LENGTH_M, seed + 1);
        if (random(1) > (grove - 0.52) * 2.2) continue;
        const height = 5 + 8 * random(2);
        const color = TREES[Math.floor(random(3) * TREES.length)]!;
        fields.push(at(0), at(1), at(2), height, height * (0.16 + 0.14 * random(4)), color);
      }
    }
    starts[slice + 1] = fields.length / TREE_FIELDS;
  }
  return { starts, fields: Float64Array.from(fields) };
}
