import { boundOf, sizeOf } from '../core/box.ts';
import type { Box } from '../core/environment.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';

/**
 * Draws actions uniformly from an action space.
 *
 * @throws {@link InvalidArgumentError} when the space has no bounds to draw between
 */
export function uniformActions(space: Box, random: Random): () => Float32Array {
  const size = sizeOf(space.shape);
  const bounds = (values: number | readonly number[]) =>
    Float64Array.from({ length: size }, (_, i) => boundOf(values, i));
  const low = bounds(space.low);
  const high = bounds(space.high);
  if (![...low, ...high].every(Number.isFinite)) {
    throw new InvalidArgumentError(
      `Expected an action space with finite bounds, to draw the first steps' actions from, got ${JSON.stringify(space)}`,
    );
  }
  return () => {
    const action = new Float32Array(size);
    for (let i = 0; i < size; i++) action[i] = random.between(low[i]!, high[i]!);
    return action;
  };
}
