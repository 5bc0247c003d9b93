import type { Segment, Track, TrackSide } from './model.ts';

/** Distance between the points at which the track is looked at, m. */
const SPACING_M = 6;

interface Sample {
  readonly x: number;
  readonly y: number;
  readonly distance: number;
  readonly reach: number;
}

/**
 * Least free space between two parts of the track, barrier to barrier, m: negative where they overlap. Parts that
 * follow each other along the road are not compared.
 */
export function clearanceOf(track: Track): number {
  const samples = track.segments.flatMap(sampleSegment);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < samples.length; i++) {
    const a = samples[i] as Sample;
    for (let j = i + 1; j < samples.length; j++) {
      const b = samples[j] as Sample;
      const along = Math.min(b.distance - a.distance, track.lengthM - (b.distance - a.distance));
      const reach = a.reach + b.reach;
      const straight = Math.hypot(a.x - b.x, a.y - b.y);
      // Half a circle around the inner barrier: shorter ways round are one and the same bend.
      if (along > reach * Math.PI) least = Math.min(least, straight - reach);
    }
  }
  return least;
}

function sampleSegment(segment: Segment): Sample[] {
  const reach = segment.width / 2 + Math.max(sideWidth(segment.left), sideWidth(segment.right));
  const count = Math.max(1, Math.ceil(segment.length / SPACING_M));
  return Array.from({ length: count }, (_, index) => {
    const share = index / count;
    return { ...centerAt(segment, share), distance: segment.startDistance + share * segment.length, reach };
  });
}

/** A point of the centre line, `share` of the piece's length from its start. */
export function centerAt(segment: Segment, share: number): { x: number; y: number } {
  if (segment.kind === 'straight') {
    const x =
      (segment.startLeft.x + segment.startRight.x) / 2 + share * segment.length * Math.cos(segment.startHeading);
    const y =
      (segment.startLeft.y + segment.startRight.y) / 2 + share * segment.length * Math.sin(segment.startHeading);
    return { x, y };
  }
  const sign = segment.kind === 'left' ? 1 : -1;
  const angle = segment.startPolarAngle + sign * share * segment.arc;
  return {
    x: segment.centerX + segment.radius * Math.cos(angle),
    y: segment.centerY + segment.radius * Math.sin(angle),
  };
}

function sideWidth(side: TrackSide): number {
  return side.strips.reduce((sum, strip) => sum + Math.max(strip.startWidth, strip.endWidth), side.barrier.width);
}
