import type { Material, Segment, TrackSide } from '../track/model.ts';

/** The strips beside the road: at most two a side, the border and the side. */
const MAX_STRIPS = 2;

/**
 * A strip beside the road, ready for the height formula. `right` strips measure across from their outer edge, `left`
 * ones from their inner edge: both from the edge that lies to the right, as the game does.
 */
export class CompiledStrip {
  readonly material: Material;
  readonly startWidth: number;
  readonly widthSlope: number;
  /** Height of the strip's right edge at the piece's start, m, and its climb per unit of `toStart`. */
  readonly startZ: number;
  readonly climb: number;
  /** Banking angle at the start, rad, and its change per unit of `toStart`. */
  readonly banking: number;
  readonly twist: number;
  readonly flatBanking: boolean;
  /** Slope of a kerb, rising outwards; 0 for the other styles. */
  readonly kerbSlope: number;
  readonly isKerb: boolean;
  readonly isRight: boolean;
  /** A wall that stands between the road and a side behind it, such as the wall of a pit lane. */
  readonly isWall: boolean;
  /** Radius that turns `toStart` into metres for the bumps; 1 in straights. */
  readonly bumpRadius: number;
  readonly bumpy: boolean;

  constructor(fields: Omit<CompiledStrip, 'flatBanking' | 'bumpy'>) {
    this.material = fields.material;
    this.startWidth = fields.startWidth;
    this.widthSlope = fields.widthSlope;
    this.startZ = fields.startZ;
    this.climb = fields.climb;
    this.banking = fields.banking;
    this.twist = fields.twist;
    this.flatBanking = fields.banking === 0 && fields.twist === 0;
    this.kerbSlope = fields.kerbSlope;
    this.isKerb = fields.isKerb;
    this.isRight = fields.isRight;
    this.isWall = fields.isWall;
    this.bumpRadius = fields.bumpRadius;
    this.bumpy = fields.material.roughness !== 0;
  }
}

/**
 * A piece of the track with everything that locating a point and asking its height need, linked into a ring. Built
 * once per track; nothing in it changes afterwards.
 *
 * Source of the geometry: TORCS 1.3.7, src/modules/track/track4.cpp (how strips get heights, slopes and widths).
 */
export class Piece {
  readonly segment: Segment;
  readonly index: number;
  /** 0 straight, +1 left, -1 right. */
  readonly turn: number;
  /** `toStart` at the piece's end: metres in straights, radians in curves. */
  readonly extent: number;
  readonly width: number;
  readonly halfWidth: number;
  readonly length: number;
  readonly startDistance: number;
  /** Curves: radius of the centre line; straights 1, so that distance = startDistance + toStart × radius. */
  readonly radius: number;
  readonly radiusRight: number;
  readonly centerX: number;
  readonly centerY: number;
  /** Curves: unit vector from the centre to the middle of the arc. */
  readonly middleX: number;
  readonly middleY: number;
  readonly startRightX: number;
  readonly startRightY: number;
  readonly headingX: number;
  readonly headingY: number;
  readonly startHeading: number;
  /** The road itself, measured across from its right edge. */
  readonly road: CompiledStrip;
  /** Innermost first; null where there is none. */
  readonly right1: CompiledStrip | null;
  readonly right2: CompiledStrip | null;
  readonly left1: CompiledStrip | null;
  readonly left2: CompiledStrip | null;
  /** Narrowest distance from the road's edge to the barrier anywhere near the piece, m; set by `compileTrack`. */
  clearanceRight = 0;
  clearanceLeft = 0;
  next: Piece = this;
  previous: Piece = this;

  constructor(segment: Segment) {
    const curve = segment.kind !== 'straight';
    this.segment = segment;
    this.index = segment.index;
    this.turn = segment.kind === 'left' ? 1 : segment.kind === 'right' ? -1 : 0;
    this.extent = curve ? segment.arc : segment.length;
    this.width = segment.width;
    this.halfWidth = segment.width / 2;
    this.length = segment.length;
    this.startDistance = segment.startDistance;
    this.radius = curve ? segment.radius : 1;
    this.radiusRight = segment.radiusRight;
    this.centerX = segment.centerX;
    this.centerY = segment.centerY;
    const middle = segment.startPolarAngle + (this.turn * segment.arc) / 2;
    this.middleX = curve ? Math.cos(middle) : 0;
    this.middleY = curve ? Math.sin(middle) : 0;
    this.startRightX = segment.startRight.x;
    this.startRightY = segment.startRight.y;
    this.headingX = Math.cos(segment.startHeading);
    this.headingY = Math.sin(segment.startHeading);
    this.startHeading = segment.startHeading;
    this.road = new CompiledStrip({
      material: segment.material,
      startWidth: segment.width,
      widthSlope: 0,
      startZ: segment.startRight.z,
      climb: segment.climb,
      banking: segment.startBanking,
      twist: segment.twist,
      kerbSlope: 0,
      isKerb: false,
      isRight: false,
      isWall: false,
      bumpRadius: this.radius,
    });
    const right = compileSide(segment, segment.right, true, this.turn, this.extent);
    const left = compileSide(segment, segment.left, false, this.turn, this.extent);
    this.right1 = right[0] ?? null;
    this.right2 = right[1] ?? null;
    this.left1 = left[0] ?? null;
    this.left2 = left[1] ?? null;
  }
}

function compileSide(
  segment: Segment,
  side: TrackSide,
  isRight: boolean,
  turn: number,
  extent: number,
): CompiledStrip[] {
  const tanStart = Math.tan(segment.startBanking);
  const tanEnd = Math.tan(segment.endBanking);
  let innerStartZ = isRight ? segment.startRight.z : segment.startLeft.z;
  let innerEndZ = isRight ? segment.endRight.z : segment.endLeft.z;
  let edgeRadius = isRight ? segment.radiusRight : segment.radiusLeft;
  const outward = isRight ? turn : -turn;
  const strips: CompiledStrip[] = [];
  for (const [place, strip] of side.strips.slice(0, MAX_STRIPS).entries()) {
    const banked = strip.banking === 'tangent' ? 1 : 0;
    const rise = isRight ? -banked : banked;
    const outerStartZ = innerStartZ + rise * strip.startWidth * tanStart;
    const outerEndZ = innerEndZ + rise * strip.endWidth * tanEnd;
    const startZ = isRight ? outerStartZ : innerStartZ;
    const endZ = isRight ? outerEndZ : innerEndZ;
    const width = Math.min(strip.startWidth, strip.endWidth);
    strips.push(
      new CompiledStrip({
        material: strip.material,
        startWidth: strip.startWidth,
        widthSlope: (strip.endWidth - strip.startWidth) / extent,
        startZ,
        climb: (endZ - startZ) / extent,
        banking: banked * segment.startBanking,
        twist: banked * segment.twist,
        kerbSlope: strip.style === 'curb' ? Math.atan2(strip.height, width) : 0,
        isKerb: strip.style === 'curb',
        isRight,
        isWall: strip.style === 'wall' && place + 1 < side.strips.length,
        bumpRadius: turn === 0 ? 1 : edgeRadius + (outward * strip.startWidth) / 2,
      }),
    );
    innerStartZ = outerStartZ;
    innerEndZ = outerEndZ;
    edgeRadius += outward * Math.max(strip.startWidth, strip.endWidth);
  }
  return strips;
}

/** Width of a strip at a place along its piece, m. */
export function stripWidth(strip: CompiledStrip, toStart: number): number {
  return Math.abs(strip.startWidth + toStart * strip.widthSlope);
}
