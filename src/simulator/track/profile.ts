import { InvalidArgumentError } from '../../core/errors.ts';
import { MAX_PIECES, type SegmentSpecification } from './specification.ts';

/** Heights and slopes at both ends of a segment, for the left and the right edge of the road. */
export interface SegmentProfile {
  readonly startLeft: number;
  readonly startRight: number;
  readonly endLeft: number;
  readonly endRight: number;
  readonly startSlopeLeft: number;
  readonly startSlopeRight: number;
  readonly endSlopeLeft: number;
  readonly endSlopeRight: number;
  /** Number of pieces that the segment is cut into. */
  readonly steps: number;
}

const flat: SegmentProfile = {
  startLeft: 0,
  startRight: 0,
  endLeft: 0,
  endRight: 0,
  startSlopeLeft: 0,
  startSlopeRight: 0,
  endSlopeLeft: 0,
  endSlopeRight: 0,
  steps: 1,
};

/**
 * Carries heights, grade and slopes from segment to segment, as the game's track loader does (`CreateSegRing` in
 * track4.cpp): what a segment does not give goes on, and the grade stays until another is given.
 */
export class ProfileTracer {
  readonly #roadWidth: number;
  readonly #stepLength: number;
  #grade: number | undefined;
  #previous = flat;

  constructor(roadWidth: number, stepLength: number) {
    this.#roadWidth = roadWidth;
    this.#stepLength = stepLength;
  }

  /** @param length of the segment along the centre line, m */
  next(segment: SegmentSpecification, length: number): SegmentProfile {
    const previous = this.#previous;
    this.#grade = segment.grade ?? this.#grade;
    const start = this.#edges(
      segment.startHeight,
      undefined,
      segment.startHeightLeft ?? previous.endLeft,
      segment.startHeightRight ?? previous.endRight,
      segment.startBanking,
    );
    const climbed = this.#grade === undefined ? undefined : start.middle + length * this.#grade;
    const end = this.#edges(
      segment.endHeight,
      climbed,
      segment.endHeightLeft ?? previous.endLeft,
      segment.endHeightRight ?? previous.endRight,
      segment.endBanking,
    );
    const heights = { startLeft: start.left, startRight: start.right, endLeft: end.left, endRight: end.right };
    this.#previous = { ...heights, ...this.#slopes(segment, heights, length), steps: this.#steps(segment, length) };
    return this.#previous;
  }

  /** An explicit height levels both edges; a grade moves their middle and keeps the banking they would have had. */
  #edges(
    height: number | undefined,
    climbed: number | undefined,
    left: number,
    right: number,
    banking: number | undefined,
  ) {
    if (height !== undefined) left = right = height;
    const middle = height ?? climbed ?? (left + right) / 2;
    const angle = banking ?? Math.atan2(left - right, this.#roadWidth);
    const rise = (Math.tan(angle) * this.#roadWidth) / 2;
    return { middle, left: middle + rise, right: middle - rise };
  }

  #slopes(
    segment: SegmentSpecification,
    heights: Pick<SegmentProfile, 'startLeft' | 'startRight' | 'endLeft' | 'endRight'>,
    length: number,
  ) {
    if (segment.profile === 'linear') {
      const left = (heights.endLeft - heights.startLeft) / length;
      const right = (heights.endRight - heights.startRight) / length;
      return { startSlopeLeft: left, endSlopeLeft: left, startSlopeRight: right, endSlopeRight: right };
    }
    const previous = this.#previous;
    return {
      startSlopeLeft: segment.startSlope ?? segment.startSlopeLeft ?? previous.endSlopeLeft,
      startSlopeRight: segment.startSlope ?? segment.startSlopeRight ?? previous.endSlopeRight,
      endSlopeLeft: segment.endSlope ?? segment.endSlopeLeft ?? previous.endSlopeLeft,
      endSlopeRight: segment.endSlope ?? segment.endSlopeRight ?? previous.endSlopeRight,
    };
  }

  #steps(segment: SegmentSpecification, length: number): number {
    if (segment.profile === 'linear') return 1;
    if (segment.steps !== undefined && segment.steps > 1) return segment.steps;
    const stepLength = segment.stepLength ?? this.#stepLength;
    if (stepLength === 0) return 1;
    // The game divides 32-bit numbers: a segment that is a whole number of steps long gets its count of pieces.
    const steps = Math.floor(Math.fround(Math.fround(length) / Math.fround(stepLength))) + 1;
    if (steps > MAX_PIECES) {
      throw new InvalidArgumentError(
        `Expected segment \`${segment.name}\` to have at most ${MAX_PIECES} pieces, got ${steps}: use longer steps`,
      );
    }
    return steps;
  }
}

/** The game's cubic Hermite curve (`TrackSpline` in trackutil.cpp); slopes are per unit of `t`, from 0 to 1. */
export function spline(start: number, end: number, startSlope: number, endSlope: number, t: number): number {
  const square = t * t;
  const cube = square * t;
  const blend = 3 * square - 2 * cube;
  return (1 - blend) * start + blend * end + (cube - 2 * square + t) * startSlope + (cube - square) * endSlope;
}
