import { POINT, POINTS } from './cross-section.ts';

/**
 * Height of the ground at a place near the road, m: the road's plane at the nearest cross section, as high along the
 * road and across it as it goes on there. The game asks its track (RtTrackHeightG) and so also sees kerbs and bumps.
 */
export function roadHeightAt(points: Float64Array, x: number, y: number): number {
  const size = POINTS * 3;
  let nearest = Infinity;
  let section = 0;
  for (let left = POINT.roadLeft * 3; left < points.length; left += size) {
    const dx = (points[left]! + points[left + 3]!) / 2 - x;
    const dy = (points[left + 1]! + points[left + 4]!) / 2 - y;
    const square = dx * dx + dy * dy;
    if (square < nearest) {
      nearest = square;
      section = left;
    }
  }
  const next = section + size < points.length ? section + size : POINT.roadLeft * 3;
  const middle = (at: number, axis: number) => (points[at + axis]! + points[at + 3 + axis]!) / 2;
  const aside = { x: points[section]! - points[section + 3]!, y: points[section + 1]! - points[section + 4]! };
  const ahead = { x: middle(next, 0) - middle(section, 0), y: middle(next, 1) - middle(section, 1) };
  const share = (way: { x: number; y: number }) => {
    const square = way.x * way.x + way.y * way.y;
    if (square < 0.01) return 0;
    const along = (x - middle(section, 0)) * way.x + (y - middle(section, 1)) * way.y;
    return Math.max(-1, Math.min(1, along / square));
  };
  return (
    middle(section, 2) +
    share(aside) * (points[section + 2]! - points[section + 5]!) +
    share(ahead) * (middle(next, 2) - middle(section, 2))
  );
}
