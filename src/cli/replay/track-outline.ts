import type { Segment, Track } from '../../simulator/index.ts';
import type { OutlinePoint, TrackOutline } from '../../video/index.ts';

/** Bends are followed in steps of about this, m. */
const STEP_M = 4;

/** The centre line of a track, for its map. */
export function outlineOf(track: Track): TrackOutline {
  const { name, lengthM, widthM, segments } = track;
  return { name, lengthM, widthM, points: segments.flatMap(pointsOf) };
}

function pointsOf(segment: Segment): readonly OutlinePoint[] {
  const { kind, length, startDistance, startLeft, startRight, endLeft, endRight } = segment;
  const steps = kind === 'straight' ? 1 : Math.max(1, Math.ceil(length / STEP_M));
  const middle = (a: number, b: number) => (a + b) / 2;
  return Array.from({ length: steps }, (_, step): OutlinePoint => {
    const share = step / steps;
    const distanceM = startDistance + share * length;
    if (kind !== 'straight') {
      const angle = segment.startPolarAngle + (kind === 'left' ? share : -share) * segment.arc;
      const { centerX, centerY, radius } = segment;
      return { distanceM, x: centerX + radius * Math.cos(angle), y: centerY + radius * Math.sin(angle) };
    }
    const [startX, startY] = [middle(startLeft.x, startRight.x), middle(startLeft.y, startRight.y)];
    const [endX, endY] = [middle(endLeft.x, endRight.x), middle(endLeft.y, endRight.y)];
    return { distanceM, x: startX + share * (endX - startX), y: startY + share * (endY - startY) };
  });
}
