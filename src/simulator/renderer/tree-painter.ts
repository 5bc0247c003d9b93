import { mix } from './canvas.ts';
import { SKY_HORIZON } from './colors.ts';
import { fogShare } from './fog.ts';
import type { Projector } from './projector.ts';
import { TREE_FIELDS, type Trees } from './scenery.ts';

const TREES_END_M = 420;
/** Trees lower than this, pixels, are left out. */
const LEAST_TREE = 0.8;

/** Paints the trees of the slices from `first` to before `end`, upright and turned to the eye. */
export function paintTrees(projector: Projector, trees: Trees, first: number, end: number, distance: number): void {
  if (distance > TREES_END_M) return;
  const { starts, fields } = trees;
  const { position, right, up, forward } = projector.eye;
  const share = fogShare(distance);
  const smallest = (LEAST_TREE * distance) / projector.focal;
  for (let i = starts[first]!; i < starts[end]!; i++) {
    const at = i * TREE_FIELDS;
    const height = fields[at + 3]!;
    if (height < smallest) continue;
    const dx = fields[at]! - position[0]!;
    const dy = fields[at + 1]! - position[1]!;
    const dz = fields[at + 2]! - position[2]!;
    const z = dx * forward[0]! + dy * forward[1]! + dz * forward[2]!;
    if (z < 1) continue;
    const x = dx * right[0]! + dy * right[1]! + dz * right[2]!;
    const y = dx * up[0]! + dy * up[1]! + dz * up[2]!;
    const half = fields[at + 4]!;
    projector.setCorner(0, x - half * 0.2, y + height, z);
    projector.setCorner(1, x + half * 0.2, y + height, z);
    projector.setCorner(2, x + half, y + height * 0.45, z);
    projector.setCorner(3, x + half * 0.7, y, z);
    projector.setCorner(4, x - half * 0.7, y, z);
    projector.setCorner(5, x - half, y + height * 0.45, z);
    projector.fillCorners(6, mix(fields[at + 5]!, SKY_HORIZON, share), false);
  }
}
