import { InvalidArgumentError } from '../../core/errors.ts';
import { Bounds } from './bounds.ts';
import { collectMaterials } from './materials.ts';
import type { Segment, StartingGrid, Track } from './model.ts';
import { firstCursor, placePiece, type UnzonedSegment } from './piece-geometry.ts';
import { ProfileTracer, type SegmentProfile, spline } from './profile.ts';
import { SideTracer } from './sides.ts';
import { checkSpecification, MAX_PIECES, type SegmentSpecification, type TrackSpecification } from './specification.ts';

/** A car that goes from the last to the first metres of the lap has completed it (`ReadTrack4` in track4.cpp), m. */
const LAP_ZONE_M = 50;

/**
 * Builds the ring of pieces that a specification describes, by the rules of the game's own track loader
 * (`CreateSegRing` in src/modules/track/track4.cpp of TORCS 1.3.7): segments are cut into pieces of constant
 * curvature, spirals into pieces of changing radius, heights follow splines along both edges of the road.
 *
 * @throws InvalidArgumentError when the specification is not one, or describes something that cannot be built
 */
export function buildTrack(specification: TrackSpecification): Track {
  const checked = checkSpecification(specification);
  const material = collectMaterials(checked.materials);
  const left = new SideTracer(checked.left, material);
  const right = new SideTracer(checked.right, material);
  const profiles = new ProfileTracer(checked.width, checked.stepLength);
  const bounds = new Bounds();
  const segments: UnzonedSegment[] = [];
  let cursor = firstCursor(checked.width);
  let surface = checked.surface;
  let total = 0;
  for (const segment of checked.segments) {
    surface = segment.surface ?? surface;
    const length = lengthOf(segment, checked.width);
    const profile = profiles.next(segment, length);
    if (segments.length + profile.steps > MAX_PIECES) {
      throw new InvalidArgumentError(`Expected a track of at most ${MAX_PIECES} pieces, got more: use longer steps`);
    }
    left.enter(segment.left);
    right.enter(segment.right);
    const shape = shapeOf(segment, length, profile.steps);
    for (let step = 0; step < profile.steps; step++) {
      const radius = shape.radius + step * shape.radiusStep;
      const placed = placePiece(cursor, {
        index: segments.length,
        name: segment.name,
        kind: segment.kind,
        length: shape.length,
        width: checked.width,
        startDistance: total,
        radius,
        arc: shape.radiusStep === 0 ? shape.arc : shape.length / radius,
        heights: heightsAt(profile, length, step),
        material: material(surface),
        left: left.piece(step, profile.steps),
        right: right.piece(step, profile.steps),
      });
      bounds.add(placed);
      segments.push(placed.segment);
      cursor = placed.cursor;
      total += shape.length;
    }
  }
  const { min, max, shifted } = bounds.toOrigin(segments);
  return {
    name: checked.name,
    title: checked.title,
    category: checked.category,
    author: checked.author,
    description: checked.description,
    lengthM: total,
    widthM: checked.width,
    segments: shifted.map((segment) => ({ ...segment, zone: zoneOf(segment, total) })),
    startingGrid: gridOf(checked, segments),
    min,
    max,
  };
}

function lengthOf(segment: SegmentSpecification, roadWidth: number): number {
  const wrong = (what: string, got: number | undefined) =>
    new InvalidArgumentError(`Expected segment \`${segment.name}\` to have ${what}, got ${got ?? 'none'}`);
  if (segment.kind === 'straight') {
    if (segment.length === undefined || segment.length <= 0) throw wrong('a length above 0', segment.length);
    return segment.length;
  }
  const { radius, arc } = segment;
  const endRadius = segment.endRadius ?? radius;
  const least = roadWidth / 2;
  if (radius === undefined || radius < least) throw wrong(`a radius from ${least} m, half the road's width`, radius);
  if (endRadius === undefined || endRadius < least) throw wrong(`an end radius from ${least} m`, endRadius);
  if (arc === undefined || arc <= 0) throw wrong('an arc above 0', arc);
  return ((radius + endRadius) / 2) * arc;
}

/** Length, arc and first radius of a segment's pieces, and how much the radius grows from one to the next. */
function shapeOf(segment: SegmentSpecification, length: number, steps: number) {
  const radius = segment.kind === 'straight' ? 0 : (segment.radius ?? 0);
  const arc = segment.kind === 'straight' ? 0 : (segment.arc ?? 0);
  const endRadius = segment.kind === 'straight' ? 0 : (segment.endRadius ?? radius);
  if (endRadius === radius) return { radius, radiusStep: 0, length: length / steps, arc: arc / steps };
  // A spiral in one piece is a circle of the first radius and of the full length: it turns by length / radius.
  if (steps === 1) return { radius, radiusStep: endRadius - radius, length, arc };
  const radiusStep = (endRadius - radius) / (steps - 1);
  let turned = 0;
  for (let step = 0; step < steps; step++) turned += length / steps / (radius + step * radiusStep);
  return { radius, radiusStep, length: ((length / steps) * arc) / turned, arc };
}

function heightsAt(profile: SegmentProfile, length: number, step: number) {
  const left = (t: number) =>
    spline(profile.startLeft, profile.endLeft, profile.startSlopeLeft * length, profile.endSlopeLeft * length, t);
  const right = (t: number) =>
    spline(profile.startRight, profile.endRight, profile.startSlopeRight * length, profile.endSlopeRight * length, t);
  const from = step / profile.steps;
  const to = (step + 1) / profile.steps;
  return { startLeft: left(from), startRight: right(from), endLeft: left(to), endRight: right(to) };
}

function zoneOf(segment: UnzonedSegment, total: number): Segment['zone'] {
  if (segment.startDistance + segment.length > total - LAP_ZONE_M) return 'last';
  return segment.startDistance < LAP_ZONE_M ? 'start' : 'middle';
}

/** Where a track says nothing, cars start as in the quick race (config/raceman/quickrace.xml), which the headless game runs. */
function gridOf(specification: TrackSpecification, segments: readonly UnzonedSegment[]): StartingGrid {
  const firstCurve = segments.find((segment) => segment.kind !== 'straight');
  const grid = specification.startingGrid;
  return {
    rows: grid?.rows ?? 2,
    distanceToStartM: grid?.distanceToStartM ?? 25,
    distanceBetweenColumnsM: grid?.distanceBetweenColumnsM ?? 20,
    offsetWithinColumnM: grid?.offsetWithinColumnM ?? 10,
    initialHeightM: grid?.initialHeightM ?? 0.2,
    polePosition: grid?.polePosition ?? (firstCurve?.kind === 'left' ? 'left' : 'right'),
  };
}
