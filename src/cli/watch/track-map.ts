import type { MapTopic } from '../../dashboard/index.ts';
import type { Segment, Track } from '../../simulator/index.ts';

/** Points of a map's line, at most, and how far they are apart at least, m. */
const MOST_POINTS = 600;
const LEAST_SPACING_M = 4;

type MapTrack = NonNullable<MapTopic['track']>;

/** The centre line of a track as evenly spaced points from the start line on, to a tenth of a metre. */
export function trackMap(track: Track): MapTrack {
  const { name, lengthM, widthM, segments } = track;
  const count = Math.max(8, Math.min(MOST_POINTS, Math.floor(lengthM / LEAST_SPACING_M)));
  const line: number[] = [];
  let index = 0;
  for (let point = 0; point < count; point++) {
    const distance = (point * lengthM) / count;
    while (index + 1 < segments.length && segments[index + 1]!.startDistance <= distance) index++;
    const [x, y] = pointOf(segments[index]!, distance - segments[index]!.startDistance);
    line.push(Math.round(x * 10) / 10, Math.round(y * 10) / 10);
  }
  return { name, lengthM, widthM, line };
}

function pointOf(segment: Segment, along: number): readonly [number, number] {
  const { kind, radius, centerX, centerY, startPolarAngle, startLeft, startRight, startHeading } = segment;
  if (kind === 'straight') {
    const [x, y] = [(startLeft.x + startRight.x) / 2, (startLeft.y + startRight.y) / 2];
    return [x + along * Math.cos(startHeading), y + along * Math.sin(startHeading)];
  }
  const angle = startPolarAngle + ((kind === 'left' ? 1 : -1) * along) / radius;
  return [centerX + radius * Math.cos(angle), centerY + radius * Math.sin(angle)];
}
