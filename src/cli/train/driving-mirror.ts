import type { Mirror } from '../../agents/index.ts';
import type { Box, ObservationSpace } from '../../core/index.ts';

/** Entries of the state that are in the mirror as they are, and those that change their sign. */
const SAME = new Set(['speedX', 'speedZ', 'rpm', 'gear', 'z', 'damage', 'fuel']);
const TURNED = new Set(['angle', 'trackPos', 'speedY']);

/**
 * A drive in the mirror: steering, and what is left or right of the car, change their sign.
 *
 * @returns undefined where the state has entries that change places (range finders, wheels, opponents)
 */
export function drivingMirror({ state }: ObservationSpace, { names = [] }: Box): Mirror | undefined {
  const entries = state.names ?? [];
  if (!entries.every((name) => SAME.has(name) || TURNED.has(name))) return undefined;
  return {
    action: names.map((name) => (name === 'steer' ? -1 : 1)),
    state: entries.map((name) => (TURNED.has(name) ? -1 : 1)),
  };
}
