import type { Box } from './environment.ts';

/** Number of entries of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The bound of an entry, where one bound may stand for all. */
export function boundOf(bounds: Box['low'], entry: number): number {
  return typeof bounds === 'number' ? bounds : bounds[entry]!;
}
