import { ownTrack } from './design.ts';

/** Drawn by hand: corners in driving order, each rounded by a bend. */
export const ovals = [
  ownTrack({
    name: 'harbour-oval',
    title: 'Harbour Oval',
    category: 'oval',
    split: 'train',
    description: 'A wide beginner oval with slightly banked bends; the default track.',
    width: 15,
    runOff: { width: 6, surface: 'grass' },
    startAt: 0.4,
    corners: [
      { x: 700, y: 0, radius: 95, banking: 4 },
      { x: 700, y: 330, radius: 110, banking: 4 },
      { x: 330, y: 390, radius: 160, banking: 3 },
      { x: 0, y: 330, radius: 105, banking: 4 },
      { x: 0, y: 0, radius: 95, banking: 4 },
    ],
  }),
  ownTrack({
    name: 'copper-bowl',
    title: 'Copper Bowl',
    category: 'oval',
    split: 'validation',
    description: 'A short, steeply banked bowl.',
    width: 14,
    runOff: { width: 4, surface: 'grass' },
    corners: [
      { x: 300, y: 0, radius: 62, banking: 12 },
      { x: 300, y: 200, radius: 62, banking: 12 },
      { x: 0, y: 200, radius: 62, banking: 12 },
      { x: 0, y: 0, radius: 62, banking: 12 },
    ],
  }),
  ownTrack({
    name: 'meridian-speedway',
    title: 'Meridian Speedway',
    category: 'oval',
    split: 'test',
    description: 'A fast triangular superspeedway.',
    width: 18,
    runOff: { width: 8, surface: 'grass' },
    startAt: 0.6,
    corners: [
      { x: 1150, y: 0, radius: 140, banking: 9 },
      { x: 980, y: 620, radius: 170, banking: 10 },
      { x: 240, y: 520, radius: 140, banking: 8 },
    ],
  }),
];
