import { buildTrack } from '../../../src/simulator/track/build.ts';
import type { Track } from '../../../src/simulator/track/model.ts';
import type { SegmentSpecification, TrackSpecification } from '../../../src/simulator/track/specification.ts';

const base: Omit<TrackSpecification, 'name' | 'segments'> = {
  title: 'Test',
  category: 'road',
  author: 'test',
  description: '',
  width: 12,
  surface: 'asphalt',
  stepLength: 10,
  materials: {
    asphalt: { friction: 1.2 },
    grass: { friction: 0.4, rollingResistance: 0.01, roughness: 0.05, roughnessWavelength: 0.5 },
    barrier: { friction: 0 },
  },
  left: { width: 5, surface: 'grass', barrier: { surface: 'barrier' } },
  right: { width: 5, surface: 'grass', barrier: { surface: 'barrier' } },
  startingGrid: { rows: 1, distanceToStartM: 25, initialHeightM: 0.2 },
};

const bend = { kind: 'left', radius: 60, arc: Math.PI } as const;

/** Two straights of 400 m along x and two bends of 60 m to the left, flat; 1177 m. */
export function oval(change: Partial<TrackSpecification> = {}): Track {
  const segments: SegmentSpecification[] = [
    { name: 'home', kind: 'straight', length: 400 },
    { name: 'first', ...bend },
    { name: 'back', kind: 'straight', length: 400 },
    { name: 'second', ...bend },
  ];
  return buildTrack({ ...base, name: 'oval', segments, ...change });
}

/** The same with a hill on the home straight and banked bends. */
export function hills(): Track {
  const segments: SegmentSpecification[] = [
    { name: 'up', kind: 'straight', length: 200, startHeight: 0, endHeight: 10, startSlope: 0, endSlope: 0 },
    { name: 'down', kind: 'straight', length: 200, endHeight: 0, endSlope: 0 },
    { name: 'first', ...bend, endHeight: 0, endBanking: -0.1 },
    { name: 'back', kind: 'straight', length: 400, endHeight: 0, endBanking: -0.1 },
    { name: 'second', ...bend, endHeight: 0, endBanking: 0 },
  ];
  return buildTrack({ ...base, name: 'hills', segments });
}
