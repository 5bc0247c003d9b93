import type { Colour } from './canvas.ts';

/**
 * Colours of the classic tasks' pictures. Light ground, and parts that differ in brightness as well as in hue: they
 * stay apart in grey, too.
 */
export const PALETTE = {
  ground: [246, 246, 242],
  line: [214, 216, 214],
  steel: [122, 132, 142],
  ink: [28, 34, 44],
  navy: [34, 56, 104],
  crimson: [196, 52, 58],
  crimsonEdge: [142, 30, 40],
  scarlet: [234, 78, 62],
  amber: [244, 166, 36],
  teal: [22, 148, 132],
} as const satisfies Record<string, Colour>;
