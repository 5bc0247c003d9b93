import type { Rgb } from '../raster/picture.ts';

export const PALETTE = {
  text: [255, 255, 255],
  faint: [178, 188, 202],
  track: [255, 255, 255],
  accent: [92, 200, 255],
  good: [74, 222, 128],
  warning: [255, 180, 84],
  bad: [255, 82, 82],
  best: [196, 132, 255],
  empty: [120, 130, 144],
} as const satisfies Record<string, Rgb>;

/** The ground under what is to be read. */
export const PANEL = { fill: '#0b0f14', opacity: 0.66 } as const;
/** The other car on a map. */
export const OTHER_CAR: Rgb = PALETTE.warning;

/** As SVG writes it. */
export function hex(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}
