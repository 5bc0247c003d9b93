import { ownTrack } from './design.ts';

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
];
