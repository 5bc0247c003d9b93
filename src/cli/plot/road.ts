import { type DrivePoint, type MapPoint, type RoadOutline, roundLength } from '../../plots/index.ts';
import type { Track } from '../../simulator/index.ts';
import { compileTrack, type Place, placeOn } from '../../simulator/query/index.ts';
import type { DriveStep } from './read-drive.ts';

/** Points of each edge of the road. */
const EDGE_POINTS = 1000;
/** Distances that are written at the road, about. */
const MARKS = 8;
/** How far from the road they stand, as a share of the map's longest side. */
const MARK_DISTANCE = 0.022;
/** Shortest piece of a drive that is drawn, likewise. */
const LEAST_PIECE = 0.004;

/** A track's road from above. */
export function roadOf(track: Track): RoadOutline {
  const compiled = compileTrack(track);
  const asideM = longestSideM(track) * MARK_DISTANCE;
  const markM = roundLength(track.lengthM / MARKS);
  const places = Array.from({ length: EDGE_POINTS }, (_, i) => (track.lengthM * i) / EDGE_POINTS);
  return {
    left: places.map((distanceM) => placeOn(compiled, distanceM, compiled.pieceAt(distanceM).width)).map(pointOf),
    right: places.map((distanceM) => placeOn(compiled, distanceM, 0)).map(pointOf),
    startHeadingRad: track.segments[0]!.startHeading,
    marks: Array.from({ length: Math.floor(track.lengthM / markM) }, (_, i) => (i + 1) * markM)
      .filter((distanceM) => distanceM < track.lengthM - markM / 4)
      .map((distanceM) => {
        const place = placeOn(compiled, distanceM, -asideM);
        // To the right of the road, which is to the left on the map where the road comes down.
        const across = Math.sin(place.heading);
        const align = across > 0.5 ? 'left' : across < -0.5 ? 'right' : 'center';
        return { ...pointOf(place), text: `${distanceM} m`, align };
      }),
  };
}

function longestSideM({ min, max }: Track): number {
  return Math.max(max.x - min.x, max.y - min.y);
}

const pointOf = ({ x, y }: Place): MapPoint => ({ x, y });

/** Where a car was on the ground, in pieces that are long enough to be seen. */
export function driveOn(track: Track, steps: readonly DriveStep[]): readonly DrivePoint[] {
  const compiled = compileTrack(track);
  const leastM = longestSideM(track) * LEAST_PIECE;
  const points: DrivePoint[] = [];
  for (const [i, { distFromStart, trackPos, speedKmh }] of steps.entries()) {
    // 1 is the road's left edge, -1 its right one.
    const { halfWidth } = compiled.pieceAt(distFromStart);
    const { x, y } = placeOn(compiled, distFromStart, halfWidth * (1 + trackPos));
    const last = points.at(-1);
    const isFar = last === undefined || Math.hypot(x - last.x, y - last.y) >= leastM;
    if (isFar || i === steps.length - 1) points.push({ x, y, speedKmh });
  }
  return points;
}
