import { boundOf } from '../../core/box.ts';
import type { Box } from '../../core/environment.ts';
import { InvalidArgumentError } from '../../core/errors.ts';

/**
 * Brings an action into the bounds of its space; a fresh array.
 * @throws {@link InvalidArgumentError} when it has another length, or holds NaN
 */
export function clipAction(space: Box, action: Float32Array): Float32Array {
  const size = space.shape[0]!;
  if (action.length !== size) {
    throw new InvalidArgumentError(
      `Expected an action of ${size} numbers (${space.names!.join(', ')}), got ${action.length}`,
    );
  }
  const clipped = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const value = action[i]!;
    if (Number.isNaN(value)) {
      throw new InvalidArgumentError(`Expected \`${space.names![i]}\` of the action to be a number, got NaN`);
    }
    clipped[i] = Math.min(boundOf(space.high, i), Math.max(boundOf(space.low, i), value));
  }
  return clipped;
}
