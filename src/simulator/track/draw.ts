import type { Segment, Track, TrackSide } from './model.ts';

const colors = {
  ground: '#7fa35a',
  grass: '#6b9148',
  loose: '#cdb98a',
  road: '#3d4148',
  dirt: '#a07a4f',
  kerb: '#d8342c',
};

/**
 * Draws a track from above as an SVG picture: road, run-off, kerbs, barriers, start line, direction, name and length.
 *
 * @param widthPx width of the picture, px. Default 640
 */
export function drawTrack(track: Track, widthPx = 640): string {
  const spanX = track.max.x - track.min.x;
  const spanY = track.max.y - track.min.y;
  const margin = Math.max(spanX, spanY) * 0.05;
  const caption = Math.max(spanX, spanY) * 0.08;
  const width = spanX + 2 * margin;
  const height = spanY + 2 * margin + caption;
  // SVG's y points down, the track's up.
  const point = (x: number, y: number) =>
    `${(x - track.min.x + margin).toFixed(1)},${(track.max.y - y + margin).toFixed(1)}`;
  const rings = track.segments.map((segment) => outline(segment));
  const shapes = [
    ...rings.flatMap(({ strips }) => strips.filter((strip) => !strip.kerb)),
    ...rings.map(({ road }) => road),
    ...rings.flatMap(({ strips }) => strips.filter((strip) => strip.kerb)),
  ].map(({ points, color }) => {
    const corners = points.map(([x, y]) => point(x, y)).join(' ');
    return `<polygon points="${corners}" fill="${color}" stroke="${color}" stroke-width="0.4"/>`;
  });
  const first = track.segments[0] as Segment;
  const line = `<path d="M${point(first.startLeft.x, first.startLeft.y)} L${point(first.startRight.x, first.startRight.y)}" stroke="#fff" stroke-width="${(width / 160).toFixed(1)}"/>`;
  const size = Math.max(width, height) / 35;
  const middleX = (first.startLeft.x + first.startRight.x) / 2;
  const middleY = (first.startLeft.y + first.startRight.y) / 2;
  const ahead = (along: number, across: number) =>
    point(
      middleX + along * Math.cos(first.startHeading) - across * Math.sin(first.startHeading),
      middleY + along * Math.sin(first.startHeading) + across * Math.cos(first.startHeading),
    );
  const arrow = `<polygon points="${ahead(size * 1.6, 0)} ${ahead(size * 0.5, size * 0.5)} ${ahead(size * 0.5, -size * 0.5)}" fill="#ffd23f" stroke="#222" stroke-width="${(size / 15).toFixed(2)}"/>`;
  const text = escapeXml(`${track.title} · ${Math.round(track.lengthM)} m`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${Math.round((widthPx * height) / width)}" viewBox="0 0 ${width.toFixed(1)} ${height.toFixed(1)}">`,
    `<rect width="100%" height="100%" fill="${colors.ground}"/>`,
    ...shapes,
    line,
    arrow,
    `<text x="${(width / 2).toFixed(1)}" y="${(height - caption * 0.4).toFixed(1)}" font-family="sans-serif" font-size="${(caption * 0.55).toFixed(1)}" text-anchor="middle" fill="#fff">${text}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

type Place = readonly [number, number];
interface Shape {
  readonly points: readonly Place[];
  readonly color: string;
  readonly kerb: boolean;
}

function outline(segment: Segment): { road: Shape; strips: Shape[] } {
  const road = [segment.startLeft, segment.endLeft, segment.endRight, segment.startRight];
  return {
    road: { points: road.map(({ x, y }) => [x, y] as const), color: roadColor(segment), kerb: false },
    strips: [...stripShapes(segment, segment.left, 1), ...stripShapes(segment, segment.right, -1)],
  };
}

function stripShapes(segment: Segment, side: TrackSide, toLeft: 1 | -1): Shape[] {
  let start: Place =
    toLeft === 1 ? [segment.startLeft.x, segment.startLeft.y] : [segment.startRight.x, segment.startRight.y];
  let end: Place = toLeft === 1 ? [segment.endLeft.x, segment.endLeft.y] : [segment.endRight.x, segment.endRight.y];
  return side.strips.map((strip) => {
    const outerStart = outwards(start, toLeft * strip.startWidth, segment.startHeading);
    const outerEnd = outwards(end, toLeft * strip.endWidth, segment.endHeading);
    const points = [start, end, outerEnd, outerStart];
    start = outerStart;
    end = outerEnd;
    return { points, color: stripColor(strip.material.name, strip.style), kerb: strip.style === 'curb' };
  });
}

function outwards([x, y]: Place, distance: number, heading: number): Place {
  return [x - distance * Math.sin(heading), y + distance * Math.cos(heading)];
}

function roadColor(segment: Segment): string {
  return /dirt|mud|sand/.test(segment.material.name) ? colors.dirt : colors.road;
}

function stripColor(material: string, style: string): string {
  if (style === 'curb') return colors.kerb;
  if (/grass/.test(material)) return colors.grass;
  return /sand|gravel|dirt/.test(material) ? colors.loose : '#8b8f96';
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
