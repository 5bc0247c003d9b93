/**
 * The track as the simulator sees it: the game's own model (section 8.2 to 8.5 of its track format), a ring of short
 * pieces of constant curvature. Metres, radians; x and y horizontal, z up; headings counter-clockwise from +x.
 */

/** What a surface does to a tyre, a barrier to a body, and what it looks like. */
export interface Material {
  readonly name: string;
  /** Factor on the tyre's grip; for barriers, on the friction along the wall. */
  readonly friction: number;
  readonly rollingResistance: number;
  /** Amplitude of the bumps as used in the height formula, m: half the file's value. */
  readonly roughness: number;
  /** 2π / wavelength, 1/m. */
  readonly roughnessWaveNumber: number;
  /** Damage factor (the file's `dammage`). */
  readonly damage: number;
  readonly rebound: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** A strip beside the road: the border (kerb) next to it, or the side (run-off) after that. */
export interface Strip {
  readonly material: Material;
  /** Widths at the piece's start and end, m; between them linear. */
  readonly startWidth: number;
  readonly endWidth: number;
  /** `plan` continues flat, `curb` rises outwards by `height`, `wall` stands `height` high. Sides are always `plan`. */
  readonly style: 'plan' | 'curb' | 'wall';
  readonly height: number;
  /** `level`: the strip's outer edge is as high as its inner one. `tangent`: it goes on with the road's banking. */
  readonly banking: 'level' | 'tangent';
}

export interface Barrier {
  readonly style: 'fence' | 'wall';
  readonly width: number;
  readonly height: number;
  readonly material: Material;
  /** Horizontal unit normal, pointing to the track. */
  readonly normalX: number;
  readonly normalY: number;
}

export interface TrackSide {
  /** Innermost first: the border if it has a width, then the side if it has one. */
  readonly strips: readonly Strip[];
  readonly barrier: Barrier;
}

export type SegmentKind = 'straight' | 'left' | 'right';

/** A piece of constant curvature: one subdivision of a segment of the track's file. */
export interface Segment {
  /** Place in the ring, from 0 at the start line. */
  readonly index: number;
  /** Name of the file's segment that the piece belongs to. */
  readonly name: string;
  readonly kind: SegmentKind;
  /** Along the centre line. */
  readonly length: number;
  /** Width of the road between the inner edges of the strips. */
  readonly width: number;
  /** Distance of the piece's start from the start line, along the centre line. */
  readonly startDistance: number;
  /** Curves: radius of the centre line and of both edges; straights: 0. */
  readonly radius: number;
  readonly radiusLeft: number;
  readonly radiusRight: number;
  /** Curves: angle turned, positive; straights: 0. */
  readonly arc: number;
  /** Curves: centre of the circle; straights: 0, 0. */
  readonly centerX: number;
  readonly centerY: number;
  /** Curves: polar angle of the piece's start as seen from the centre. */
  readonly startPolarAngle: number;
  readonly startHeading: number;
  readonly endHeading: number;
  /** Corners of the road. */
  readonly startLeft: Point;
  readonly startRight: Point;
  readonly endLeft: Point;
  readonly endRight: Point;
  /** Angle of the cross section at start and end, positive: the left side is higher. */
  readonly startBanking: number;
  readonly endBanking: number;
  /** Climb of the right edge per unit of `toStart` (metre in straights, radian in curves). */
  readonly climb: number;
  /** Change of the banking per unit of `toStart`. */
  readonly twist: number;
  readonly material: Material;
  readonly left: TrackSide;
  readonly right: TrackSide;
  /** The car that goes from a `last` piece to a `start` piece has completed a lap. */
  readonly zone: 'start' | 'last' | 'middle';
}

/** How cars are placed at the start; undefined entries leave the race's own. */
export interface StartingGrid {
  readonly rows: number;
  readonly distanceToStartM: number;
  readonly distanceBetweenColumnsM: number;
  readonly offsetWithinColumnM: number;
  readonly initialHeightM: number;
  readonly polePosition: 'left' | 'right';
}

export interface Track {
  /** Name as given on the command line, such as `g-track-1`. */
  readonly name: string;
  readonly title: string;
  readonly category: string;
  readonly author: string;
  readonly description: string;
  readonly lengthM: number;
  readonly widthM: number;
  readonly segments: readonly Segment[];
  readonly startingGrid: StartingGrid;
  /** Least and greatest coordinates of everything between the barriers. */
  readonly min: Point;
  readonly max: Point;
}
