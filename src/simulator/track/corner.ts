/** Longest piece of a bend that changes its radius, m: curvature then changes in small steps. */
const EASING_PIECE_M = 4;
/** A bend begins with this multiple of its least radius. */
const EASING_RATIO = 3;

export interface CornerPart {
  readonly radius: number;
  readonly endRadius: number;
  /** rad, positive. */
  readonly arc: number;
  readonly steps: number;
  readonly easesIn: boolean;
  readonly easesOut: boolean;
}

export interface CornerShape {
  /** rad, positive to the left. */
  readonly turn: number;
  readonly parts: readonly CornerPart[];
  /** Distance from the corner to both ends of the bend, m. */
  readonly tangent: number;
  /** Along the centre line, m. */
  readonly length: number;
}

/**
 * The bend that rounds a corner: a spiral from three times the radius, a circle, and the same spiral backwards.
 *
 * @param radius least radius, m
 * @param turn rad, positive to the left, not 0
 * @param easing share of the turn that each spiral takes, 0 to 0.5
 */
export function cornerShape(radius: number, turn: number, easing: number): CornerShape {
  const angle = Math.abs(turn);
  const eased = angle * easing;
  const wide = radius * EASING_RATIO;
  const easingLength = ((radius + wide) / 2) * eased;
  const steps = Math.max(2, Math.ceil(easingLength / EASING_PIECE_M));
  const middleArc = angle - 2 * eased;
  const middle: CornerPart = {
    radius,
    endRadius: radius,
    arc: middleArc,
    steps: Math.max(2, Math.ceil((radius * middleArc) / 10)),
    easesIn: easing === 0,
    easesOut: easing === 0,
  };
  const into: CornerPart = { radius: wide, endRadius: radius, arc: eased, steps, easesIn: true, easesOut: false };
  const out: CornerPart = { radius, endRadius: wide, arc: eased, steps, easesIn: false, easesOut: true };
  const parts = easing === 0 ? [middle] : middleArc > 1e-9 ? [into, middle, out] : [into, out];
  const { chord, length } = measure(parts);
  return { turn, parts, tangent: chord / (2 * Math.cos(angle / 2)), length };
}

/** Length of a bend and distance between its ends, with the same pieces that `buildTrack` makes of it. */
function measure(parts: readonly CornerPart[]): { chord: number; length: number } {
  let x = 0;
  let y = 0;
  let heading = 0;
  let length = 0;
  for (const part of parts) {
    const growth = part.steps > 1 ? (part.endRadius - part.radius) / (part.steps - 1) : 0;
    let inverseRadii = 0;
    for (let step = 0; step < part.steps; step++) inverseRadii += 1 / (part.radius + step * growth);
    const pieceLength = part.arc / inverseRadii;
    for (let step = 0; step < part.steps; step++) {
      const radius = part.radius + step * growth;
      const next = heading + pieceLength / radius;
      x += radius * (Math.sin(next) - Math.sin(heading));
      y -= radius * (Math.cos(next) - Math.cos(heading));
      heading = next;
      length += pieceLength;
    }
  }
  return { chord: Math.hypot(x, y), length };
}
