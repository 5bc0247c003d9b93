import type { CompiledTrack } from '../query/compiled-track.ts';
import type { Piece } from '../query/piece.ts';

/** Longest arc that is one stretch, rad: a ray must leave it through the end that it turns towards. */
const MAX_ARC = Math.PI / 3;
/** Pieces continue a stretch when their edges agree within this, m. */
const TOLERANCE_M = 1e-3;
const ANGLE_TOLERANCE = 1e-5;
/** A ray that has crossed this many stretches has seen more than 200 m of any track. */
const MAX_STRETCHES = 4096;

/** A stretch of the road between its two edges: neighbouring pieces that lie on one line or one circle. */
export class Stretch {
  readonly turn: number;
  readonly width: number;
  readonly startX: number;
  readonly startY: number;
  readonly headingX: number;
  readonly headingY: number;
  readonly centerX: number;
  readonly centerY: number;
  readonly innerSquare: number;
  readonly outerSquare: number;
  readonly startRadialX: number;
  readonly startRadialY: number;
  readonly startPolarAngle: number;
  length = 0;
  endRadialX = 0;
  endRadialY = 0;
  next: Stretch = this;
  previous: Stretch = this;

  constructor(first: Piece) {
    this.turn = first.turn;
    this.width = first.width;
    this.startX = first.startRightX;
    this.startY = first.startRightY;
    this.headingX = first.headingX;
    this.headingY = first.headingY;
    this.centerX = first.centerX;
    this.centerY = first.centerY;
    const inner = Math.min(first.segment.radiusLeft, first.segment.radiusRight);
    const outer = Math.max(first.segment.radiusLeft, first.segment.radiusRight);
    this.innerSquare = inner > 0 ? inner * inner : 0;
    this.outerSquare = outer * outer;
    this.startPolarAngle = first.segment.startPolarAngle;
    this.startRadialX = Math.cos(this.startPolarAngle);
    this.startRadialY = Math.sin(this.startPolarAngle);
    this.extend(first);
  }

  /** Whether the piece goes on where the stretch ends. */
  continues(piece: Piece): boolean {
    if (piece.turn !== this.turn || piece.width !== this.width) return false;
    if (this.turn === 0) {
      const sideways =
        (piece.startRightY - this.startY) * this.headingX - (piece.startRightX - this.startX) * this.headingY;
      const bend = piece.headingY * this.headingX - piece.headingX * this.headingY;
      return Math.abs(sideways) < TOLERANCE_M && Math.abs(bend) < ANGLE_TOLERANCE;
    }
    return (
      this.length + piece.extent <= MAX_ARC &&
      Math.abs(piece.centerX - this.centerX) < TOLERANCE_M &&
      Math.abs(piece.centerY - this.centerY) < TOLERANCE_M
    );
  }

  extend(piece: Piece): void {
    this.length += piece.extent;
    const end = this.startPolarAngle + this.turn * this.length;
    this.endRadialX = Math.cos(end);
    this.endRadialY = Math.sin(end);
  }
}

/**
 * The road as range finders see it: flat, between its own edges, nothing else. A ray is followed along the road from
 * stretch to stretch, so it never sees another part of the track. What it measures is the SCR server's (its
 * sensors.cpp), with neighbouring pieces of the same line or circle joined: a ray meets a handful of stretches instead
 * of dozens of pieces.
 */
export class Corridor {
  readonly #stretchOfPiece: Stretch[];

  constructor(track: CompiledTrack) {
    const stretches: Stretch[] = [];
    this.#stretchOfPiece = track.pieces.map((piece) => {
      const last = stretches.at(-1);
      if (last?.continues(piece)) {
        last.extend(piece);
        return last;
      }
      const stretch = new Stretch(piece);
      stretches.push(stretch);
      return stretch;
    });
    for (const [index, stretch] of stretches.entries()) {
      stretch.next = stretches[(index + 1) % stretches.length] as Stretch;
      stretch.previous = stretches[(index + stretches.length - 1) % stretches.length] as Stretch;
    }
  }

  /** Stretch that a piece belongs to. */
  stretchOf(piece: Piece): Stretch {
    return this.#stretchOfPiece[piece.index] as Stretch;
  }
}

/** Distance from (x, y) in `from` along the unit direction (dx, dy) to the road's edge, m, at most `range`. */
export function castRay(from: Stretch, x: number, y: number, dx: number, dy: number, range: number): number {
  let stretch = from;
  let entered = 0;
  for (let i = 0; i < MAX_STRETCHES; i++) {
    let forwards: boolean;
    let edge: number;
    let end: number;
    if (stretch.turn === 0) {
      const offsetX = x - stretch.startX;
      const offsetY = y - stretch.startY;
      const along = dx * stretch.headingX + dy * stretch.headingY;
      const across = dy * stretch.headingX - dx * stretch.headingY;
      const toStart = offsetX * stretch.headingX + offsetY * stretch.headingY;
      const toRight = offsetY * stretch.headingX - offsetX * stretch.headingY;
      forwards = along > 0;
      edge = across === 0 ? range : (across > 0 ? stretch.width - toRight : -toRight) / across;
      end = along === 0 ? range : (forwards ? stretch.length - toStart : -toStart) / along;
    } else {
      const offsetX = x - stretch.centerX;
      const offsetY = y - stretch.centerY;
      edge = circleEdge(stretch, offsetX, offsetY, dx, dy, entered, range);
      // The ray's sense of turning about the centre never changes, so it leaves through one end only.
      forwards = (offsetX * dy - offsetY * dx) * stretch.turn > 0;
      const radialX = forwards ? stretch.endRadialX : stretch.startRadialX;
      const radialY = forwards ? stretch.endRadialY : stretch.startRadialY;
      const crossing = dx * radialY - dy * radialX;
      end = crossing === 0 ? range : (offsetY * radialX - offsetX * radialY) / crossing;
      const ahead = (offsetX + dx * end) * radialX + (offsetY + dy * end) * radialY > 0;
      if (!ahead || end < entered - TOLERANCE_M) end = range;
    }
    if (edge < entered) edge = entered;
    if (edge >= range && end >= range) return range;
    if (edge <= end) return edge;
    if (end > entered) entered = end;
    stretch = forwards ? stretch.next : stretch.previous;
  }
  return range;
}

/** Where a ray that is between two circles leaves them. */
function circleEdge(
  stretch: Stretch,
  offsetX: number,
  offsetY: number,
  dx: number,
  dy: number,
  entered: number,
  range: number,
): number {
  const half = offsetX * dx + offsetY * dy;
  const square = offsetX * offsetX + offsetY * offsetY - half * half;
  const innerSquare = stretch.innerSquare - square;
  if (innerSquare > 0) {
    const root = Math.sqrt(innerSquare);
    if (-half + root > entered + TOLERANCE_M) return -half - root;
  }
  const outerSquare = stretch.outerSquare - square;
  return outerSquare > 0 ? Math.min(-half + Math.sqrt(outerSquare), range) : entered;
}
