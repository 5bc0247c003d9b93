import type { Segment, Strip, TrackSide } from '../track/model.ts';

/**
 * Points of a cross section, from left to right: the end of the land, land behind the barrier, the barrier's top, its
 * foot, the border's outer edge, the road's edge; then the same mirrored.
 */
export const POINT = {
  landLeft: 0,
  nearLandLeft: 1,
  topLeft: 2,
  footLeft: 3,
  borderLeft: 4,
  roadLeft: 5,
  roadRight: 6,
  borderRight: 7,
  footRight: 8,
  topRight: 9,
  nearLandRight: 10,
  landRight: 11,
  /** Below the ends of the land: the flank of a hill as seen from outside. */
  flankLeft: 12,
  flankRight: 13,
} as const;
export const POINTS = 14;
/** Fences are painted solid up to here, m: above it the game's are wire that is seen through. */
const SOLID_FENCE_M = 1.1;
const LEAST_BARRIER_M = 0.3;

/** The strip next to the road where it is narrow or a kerb, and the run-off beyond it; either may be missing. */
export interface SideLayout {
  readonly border: Strip | undefined;
  readonly runOff: Strip | undefined;
}

export function layOutSide(side: TrackSide): SideLayout {
  const [first, second] = side.strips;
  if (second !== undefined) return { border: first, runOff: second };
  return first !== undefined && first.style !== 'plan'
    ? { border: first, runOff: undefined }
    : { border: undefined, runOff: first };
}

/**
 * Writes the points of a piece's cross section from barrier to barrier; the land is written later. Geometry as in
 * TORCS 1.3.7, src/libs/robottools/rttrack.cpp, RtTrackLocal2Global and RtTrackHeightL, without the bumps.
 *
 * @param share place along the piece, 0 to 1
 * @param into x, y, z of {@link POINTS} points from `offset` on
 */
export function writeCrossSection(segment: Segment, share: number, into: Float64Array, offset: number): void {
  const straight = segment.kind === 'straight';
  const turn = straight ? 0 : segment.kind === 'left' ? 1 : -1;
  const toStart = share * (straight ? segment.length : segment.arc);
  const heading = segment.startHeading + turn * toStart;
  const leftX = -Math.sin(heading);
  const leftY = Math.cos(heading);
  const { startRight, endRight } = segment;
  const x = straight
    ? startRight.x + (endRight.x - startRight.x) * share
    : segment.centerX - turn * segment.radiusRight * leftX;
  const y = straight
    ? startRight.y + (endRight.y - startRight.y) * share
    : segment.centerY - turn * segment.radiusRight * leftY;
  const slope = Math.tan(segment.startBanking + segment.twist * toStart);
  const z = startRight.z + segment.climb * toStart;
  const set = (point: number, across: number, height: number) => {
    const at = offset + point * 3;
    into[at] = x + leftX * across;
    into[at + 1] = y + leftY * across;
    into[at + 2] = height;
  };
  const write = (side: TrackSide, edge: number, edgeZ: number, outwards: number, road: number) => {
    const { border, runOff } = layOutSide(side);
    let across = edge;
    let height = edgeZ;
    const step = -outwards;
    set(road, across, height);
    const advance = (strip: Strip | undefined) => {
      if (strip === undefined) return;
      const width = strip.startWidth + (strip.endWidth - strip.startWidth) * share;
      across += outwards * width;
      if (strip.banking === 'tangent') height += outwards * width * slope;
    };
    advance(border);
    set(road + step, across, height + (border === undefined || border.style === 'plan' ? 0 : border.height));
    advance(runOff);
    set(road + 2 * step, across, height);
    const { style, height: tall } = side.barrier;
    const top = Math.max(LEAST_BARRIER_M, style === 'fence' ? Math.min(tall, SOLID_FENCE_M) : tall);
    set(road + 3 * step, across, height + top);
  };
  write(segment.left, segment.width, z + segment.width * slope, 1, POINT.roadLeft);
  write(segment.right, 0, z, -1, POINT.roadRight);
}
