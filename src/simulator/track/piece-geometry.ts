import type { Barrier, Material, Point, Segment, SegmentKind, TrackSide } from './model.ts';
import type { SideOfPiece } from './sides.ts';

/** Where the next piece begins: both edges of the road and the heading. */
export interface Cursor {
  readonly leftX: number;
  readonly leftY: number;
  readonly rightX: number;
  readonly rightY: number;
  readonly heading: number;
}

/** Everything about a piece but its place in the plane. */
export interface PieceShape {
  readonly index: number;
  readonly name: string;
  readonly kind: SegmentKind;
  readonly length: number;
  readonly width: number;
  readonly startDistance: number;
  readonly radius: number;
  readonly arc: number;
  readonly heights: { startLeft: number; startRight: number; endLeft: number; endRight: number };
  readonly material: Material;
  readonly left: SideOfPiece;
  readonly right: SideOfPiece;
}

/** The start line's cursor: the right edge at the origin, driving along +x. */
export function firstCursor(roadWidth: number): Cursor {
  return { leftX: 0, leftY: roadWidth, rightX: 0, rightY: 0, heading: 0 };
}

/** A piece whose place in the lap's zones is not known yet: that takes the track's whole length. */
export type UnzonedSegment = Omit<Segment, 'zone'>;

/** A piece in the plane, the corners of its barriers, and where the next begins. */
export interface PlacedPiece {
  readonly segment: UnzonedSegment;
  readonly outer: { startLeft: Point; endLeft: Point; startRight: Point; endRight: Point };
  readonly cursor: Cursor;
}

/** Places a piece at the cursor (the three cases of `CreateSegRing`, and `addSides`, in track4.cpp). */
export function placePiece(cursor: Cursor, shape: PieceShape): PlacedPiece {
  const { heading } = cursor;
  const curve = shape.kind === 'straight' ? undefined : placeCurve(cursor, shape);
  const next = curve?.next ?? {
    leftX: cursor.leftX + shape.length * Math.cos(heading),
    leftY: cursor.leftY + shape.length * Math.sin(heading),
    rightX: cursor.rightX + shape.length * Math.cos(heading),
    rightY: cursor.rightY + shape.length * Math.sin(heading),
    heading,
  };
  const { heights, width } = shape;
  const startBanking = Math.atan2(heights.startLeft - heights.startRight, width);
  const endBanking = Math.atan2(heights.endLeft - heights.endRight, width);
  // Along the right edge, per metre of it; then per radian in curves.
  const perUnit = curve === undefined ? shape.length : shape.arc;
  const corners = {
    startLeft: { x: cursor.leftX, y: cursor.leftY, z: heights.startLeft },
    startRight: { x: cursor.rightX, y: cursor.rightY, z: heights.startRight },
    endLeft: { x: next.leftX, y: next.leftY, z: heights.endLeft },
    endRight: { x: next.rightX, y: next.rightY, z: heights.endRight },
  };
  const ends = { startHeading: heading, endHeading: next.heading, startBanking, endBanking };
  const left = placeSide(shape.left, corners.startLeft, corners.endLeft, ends, 1);
  const right = placeSide(shape.right, corners.startRight, corners.endRight, ends, -1);
  return {
    segment: {
      index: shape.index,
      name: shape.name,
      kind: shape.kind,
      length: shape.length,
      width,
      startDistance: shape.startDistance,
      radius: shape.radius,
      radiusLeft: curve?.radiusLeft ?? 0,
      radiusRight: curve?.radiusRight ?? 0,
      arc: shape.arc,
      centerX: curve?.centerX ?? 0,
      centerY: curve?.centerY ?? 0,
      startPolarAngle: curve?.startPolarAngle ?? 0,
      ...ends,
      ...corners,
      climb: (heights.endRight - heights.startRight) / perUnit,
      twist: (endBanking - startBanking) / perUnit,
      material: shape.material,
      left: left.side,
      right: right.side,
    },
    outer: { startLeft: left.start, endLeft: left.end, startRight: right.start, endRight: right.end },
    cursor: next,
  };
}

function placeCurve(cursor: Cursor, shape: PieceShape) {
  const { heading } = cursor;
  const inner = shape.radius - shape.width / 2;
  const outer = shape.radius + shape.width / 2;
  const turnsLeft = shape.kind === 'left';
  const sign = turnsLeft ? 1 : -1;
  // The circle is laid at the inner edge, so that rounding shows at the outer one, as in the game.
  const centerX = (turnsLeft ? cursor.leftX : cursor.rightX) - sign * inner * Math.sin(heading);
  const centerY = (turnsLeft ? cursor.leftY : cursor.rightY) + sign * inner * Math.cos(heading);
  const endHeading = heading + sign * shape.arc;
  const radiusLeft = turnsLeft ? inner : outer;
  const radiusRight = turnsLeft ? outer : inner;
  const outwardX = sign * Math.sin(endHeading);
  const outwardY = -sign * Math.cos(endHeading);
  return {
    centerX,
    centerY,
    radiusLeft,
    radiusRight,
    startPolarAngle: heading - (sign * Math.PI) / 2,
    next: {
      leftX: centerX + radiusLeft * outwardX,
      leftY: centerY + radiusLeft * outwardY,
      rightX: centerX + radiusRight * outwardX,
      rightY: centerY + radiusRight * outwardY,
      heading: endHeading,
    },
  };
}

interface PieceEnds {
  readonly startHeading: number;
  readonly endHeading: number;
  readonly startBanking: number;
  readonly endBanking: number;
}

/** @param toLeft 1 for the left side, -1 for the right */
function placeSide(side: SideOfPiece, startEdge: Point, endEdge: Point, ends: PieceEnds, toLeft: 1 | -1) {
  let start = startEdge;
  let end = endEdge;
  for (const strip of side.strips) {
    const tangent = strip.banking === 'tangent';
    start = outwards(start, strip.startWidth * toLeft, ends.startHeading, tangent ? ends.startBanking : 0);
    end = outwards(end, strip.endWidth * toLeft, ends.endHeading, tangent ? ends.endBanking : 0);
  }
  const chordX = end.x - start.x;
  const chordY = end.y - start.y;
  const chord = Math.hypot(chordX, chordY);
  // A run-off as wide as the bend's radius ends in a point: the barrier then looks straight across the road.
  const middle = (ends.startHeading + ends.endHeading) / 2;
  const normalX = chord > 0 ? (toLeft * chordY) / chord : toLeft * Math.sin(middle);
  const normalY = chord > 0 ? (-toLeft * chordX) / chord : -toLeft * Math.cos(middle);
  const barrier: Barrier = {
    style: side.barrierStyle,
    width: side.barrierWidth,
    height: side.barrierHeight,
    material: side.barrierMaterial,
    normalX,
    normalY,
  };
  const placed: TrackSide = { strips: side.strips, barrier };
  return { side: placed, start, end };
}

/** A point moved to the left (or, by a negative distance, to the right), up or down with the banking. */
function outwards(point: Point, distance: number, heading: number, banking: number): Point {
  return {
    x: point.x - distance * Math.sin(heading),
    y: point.y + distance * Math.cos(heading),
    z: point.z + distance * Math.tan(banking),
  };
}
