import { InvalidArgumentError } from '../../core/errors.ts';
import { cornerShape } from './corner.ts';
import type { SegmentSpecification, SideOverride } from './specification.ts';

/** What lies beside the road at one corner; on the way to the next corner it goes over into that one's, linearly. */
export interface RunOff {
  /** m. */
  readonly width: number;
  readonly surface: string;
}

/**
 * A corner of the polygon along which a track runs: straights lead from corner to corner, and each corner is rounded
 * by a bend that tightens, stays, and opens again. Metres and degrees.
 */
export interface Corner {
  readonly x: number;
  readonly y: number;
  /** Least radius of the bend's centre line. */
  readonly radius: number;
  /** Share of the turn that tightens, and that opens again; 0 (a plain circle) to 0.5. Default 0.25. */
  readonly easing?: number;
  /** Height of the road at the bend, m. Default 0. */
  readonly height?: number;
  /** Banking in the bend, degrees: the outer side is higher. Default 0. */
  readonly banking?: number;
  /** Kerbs along the bend. Default true. */
  readonly kerbs?: boolean;
  readonly left?: RunOff;
  readonly right?: RunOff;
  readonly surface?: string;
}

export interface LayoutOptions {
  /** Place of the start line on the way from the last corner to the first, 0 to 1. Default 0.5. */
  readonly startAt?: number;
  /** Run-off of corners that give none. */
  readonly runOff: RunOff;
  /** Width of the strip next to the road, a kerb in bends, m. 0: none. */
  readonly borderWidth: number;
  /** Material of that strip outside of bends. */
  readonly borderSurface: string;
}

/** Least straight between two bends, m: shorter ones are a mistake in the drawing. */
const LEAST_STRAIGHT_M = 1;

/**
 * Turns a closed polygon of corners into segments. The loop closes by construction: each bend touches both sides of
 * its corner.
 *
 * @throws InvalidArgumentError when the bends of two neighbouring corners do not fit on the way between them
 */
export function layOut(corners: readonly Corner[], options: LayoutOptions): SegmentSpecification[] {
  const count = corners.length;
  if (count < 3) throw new InvalidArgumentError(`Expected at least 3 corners, got ${count}`);
  const at = (index: number) => corners[(index + count) % count] as Corner;
  const bends = corners.map((corner, index) => {
    const arriving = Math.atan2(corner.y - at(index - 1).y, corner.x - at(index - 1).x);
    const leaving = Math.atan2(at(index + 1).y - corner.y, at(index + 1).x - corner.x);
    return cornerShape(corner.radius, wrapAngle(leaving - arriving), corner.easing ?? 0.25);
  });
  const straightBefore = (index: number) => {
    const corner = at(index);
    const way = Math.hypot(corner.x - at(index - 1).x, corner.y - at(index - 1).y);
    const rest = way - bends[index]!.tangent - bends[(index + count - 1) % count]!.tangent;
    if (rest >= LEAST_STRAIGHT_M) return rest;
    throw new InvalidArgumentError(
      `Expected at least ${LEAST_STRAIGHT_M} m between the bends of corners ${(index + count - 1) % count} and ` +
        `${index}, got ${rest.toFixed(2)} m: draw them further apart or with smaller radii`,
    );
  };
  const segments: SegmentSpecification[] = [];
  const start = options.startAt ?? 0.5;
  const home = straightBefore(0);
  const beside = (corner: Corner) => ({ left: corner.left ?? options.runOff, right: corner.right ?? options.runOff });
  const last = beside(at(-1));
  const first = beside(at(0));
  const line = {
    left: { width: blend(last.left.width, first.left.width, start), surface: first.left.surface },
    right: { width: blend(last.right.width, first.right.width, start), surface: first.right.surface },
  };
  const lineHeight = blend(at(-1).height ?? 0, at(0).height ?? 0, start);
  const homeSlope = ((at(0).height ?? 0) - (at(-1).height ?? 0)) / Math.max(home, 1);
  segments.push({
    ...straight('start', home * (1 - start), line, first, at(0), options),
    startHeight: lineHeight,
    startSlope: homeSlope,
    endHeight: at(0).height ?? 0,
    endSlope: 0,
  });
  for (let index = 0; index < count; index++) {
    const corner = at(index);
    const height = corner.height ?? 0;
    const here = beside(corner);
    segments.push(...bendSegments(corner, bends[index]!, index, here, options));
    const next = at(index + 1);
    if (index === count - 1) {
      segments.push({
        ...straight('finish', home * start, here, line, at(0), options),
        startHeight: height,
        endHeight: lineHeight,
        endSlope: homeSlope,
      });
    } else {
      segments.push({
        ...straight(`straight ${index + 1}`, straightBefore(index + 1), here, beside(next), next, options),
        startHeight: height,
        endHeight: next.height ?? 0,
        endSlope: 0,
      });
    }
  }
  return segments;
}

type Beside = { readonly left: RunOff; readonly right: RunOff };

/** Surfaces change to the next corner's where the straight begins. */
function straight(
  name: string,
  length: number,
  from: Beside,
  to: Beside,
  next: Corner,
  options: LayoutOptions,
): SegmentSpecification {
  const side = (start: RunOff, end: RunOff): SideOverride => ({
    startWidth: start.width,
    endWidth: end.width,
    surface: end.surface,
    border: { width: options.borderWidth, height: 0, surface: options.borderSurface, style: 'plan' },
  });
  return {
    name,
    kind: 'straight',
    length,
    startBanking: 0,
    endBanking: 0,
    ...(next.surface === undefined ? {} : { surface: next.surface }),
    left: side(from.left, to.left),
    right: side(from.right, to.right),
  };
}

function bendSegments(
  corner: Corner,
  bend: ReturnType<typeof cornerShape>,
  index: number,
  here: Beside,
  options: LayoutOptions,
): SegmentSpecification[] {
  const kind = bend.turn > 0 ? 'left' : 'right';
  const full = ((corner.banking ?? 0) * Math.PI) / 180;
  const banking = kind === 'left' ? -full : full;
  const kerb = corner.kerbs ?? true;
  const border = kerb
    ? ({ width: options.borderWidth, height: 0.04, surface: 'curb', style: 'curb' } as const)
    : ({ width: options.borderWidth, height: 0, surface: options.borderSurface, style: 'plan' } as const);
  const side = (runOff: RunOff): SideOverride => ({
    startWidth: runOff.width,
    endWidth: runOff.width,
    surface: runOff.surface,
    border,
  });
  const level = corner.height ?? 0;
  return bend.parts.map((part, place) => ({
    name: `bend ${index + 1}${bend.parts.length > 1 ? ` ${['in', 'middle', 'out'][place]}` : ''}`,
    kind,
    radius: part.radius,
    endRadius: part.endRadius,
    arc: part.arc,
    steps: part.steps,
    profile: 'spline',
    // Bends are level along the road, so that hills have no edges.
    startHeight: level,
    endHeight: level,
    startSlope: 0,
    endSlope: 0,
    startBanking: part.easesIn ? 0 : banking,
    endBanking: part.easesOut ? 0 : banking,
    left: side(here.left),
    right: side(here.right),
  }));
}

function blend(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

function wrapAngle(angle: number): number {
  return Math.atan2(Math.sin(angle), Math.cos(angle));
}
