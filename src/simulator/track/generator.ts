import { z } from 'zod';
import { InvalidArgumentError } from '../../core/errors.ts';
import { parseOptions } from '../../core/options.ts';
import { Random } from '../../core/random.ts';
import { buildTrack } from './build.ts';
import { cornerShape } from './corner.ts';
import { type Corner, layOut } from './layout.ts';
import { standardMaterials } from './materials.ts';
import type { Track } from './model.ts';
import { clearanceOf } from './overlap.ts';
import type { TrackSpecification } from './specification.ts';

export const generatorOptionsSchema = z.strictObject({
  /** Lap length, m, 800 to 10,000. Default 2500; met within 1 %. */
  lengthM: z.number().min(800).max(10_000).default(2_500),
  /** Width of the road, m, 8 to 18. Default 12. */
  widthM: z.number().min(8).max(18).default(12),
  /** Default `asphalt`. */
  surface: z.enum(['asphalt', 'dirt']).default('asphalt'),
  /** 0 (flat) to 1 (about 8 % steep). Default 0.3. */
  hilliness: z.number().min(0).max(1).default(0.3),
  /** 0 (few, wide bends) to 1 (many, tight ones). Default 0.5. */
  twistiness: z.number().min(0).max(1).default(0.5),
});
export type GeneratorOptions = z.input<typeof generatorOptionsSchema>;

/** Free space that stays between the barriers of two parts of the track, m. */
const MARGIN_M = 4;
const ATTEMPTS = 400;
const RUN_OFF_M = 5;
const MAX_RADIUS_M = 250;
/** Bends of one turn are alike: the tangent of this one tells that of all others. */
const PROBE_RADIUS_M = 100;
const EASING = 0.25;

/**
 * Makes a closed track without crossings: a random polygon around a centre, its corners rounded by bends whose
 * curvature changes in small steps, and blown up until the lap has the length that was asked for. The same seed and
 * options give the same track.
 *
 * @param seed whole number, 0 to 2^32-1
 * @throws InvalidArgumentError when an option is out of range
 */
export function generateTrack(seed: number, options: GeneratorOptions = {}): Track {
  const settings = parseOptions(generatorOptionsSchema, options, 'options of the track generator');
  const random = new Random(seed).stream('track');
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // Each failure asks for a little less, so that narrow wishes end, too.
    const track = tryTrack(seed, settings, random, 1 - attempt / ATTEMPTS);
    if (track !== undefined) return track;
  }
  throw new InvalidArgumentError(
    `Expected options that a track fits into, got none in ${ATTEMPTS} attempts for seed ${seed}: ask for a longer track`,
  );
}

type Settings = z.output<typeof generatorOptionsSchema>;

function tryTrack(seed: number, settings: Settings, random: Random, ambition: number): Track | undefined {
  const twist = settings.twistiness * ambition;
  const wished = 6 + twist * random.between(4, 9) * Math.sqrt(settings.lengthM / 2_500);
  const count = Math.max(5, Math.round(wished));
  const mirrored = random.uniform() < 0.5 ? -1 : 1;
  const shape = Array.from({ length: count }, (_, index) => {
    const angle = ((index + random.between(-0.3, 0.3)) / count) * 2 * Math.PI;
    // Corners drawn in towards the centre make the bends that turn the other way.
    const isDrawnIn = random.uniform() < 0.3 + 0.2 * twist;
    const distance = isDrawnIn ? 1 - random.between(0.3, 0.65) * (0.7 + 0.3 * twist) : 1 + random.between(-0.1, 0.3);
    // How much of the way to its neighbours a bend takes: much makes flowing bends, little makes tight ones.
    const share = random.between(0.5, 0.95) * (1 - 0.5 * twist * random.uniform());
    return { x: distance * Math.cos(angle) * 1.3, y: mirrored * distance * Math.sin(angle), share };
  });
  const waves = [1, 2, 3].map((wave) => ({ wave, phase: random.between(0, 2 * Math.PI), size: random.uniform() }));
  const least = settings.widthM / 2 + RUN_OFF_M + 4;
  const atScale = (scale: number): TrackSpecification | undefined => {
    const corners = shape.map<Corner>((corner, index) => {
      const turn = (index / count) * 2 * Math.PI;
      const wave = waves.reduce((sum, one) => sum + (one.size * Math.sin(one.wave * turn + one.phase)) / one.wave, 0);
      const height = 0.008 * settings.hilliness * settings.lengthM * wave;
      const radius = Math.min(MAX_RADIUS_M, Math.max(least, scale * fittingRadius(shape, index)));
      return { x: corner.x * scale, y: corner.y * scale, radius, height, easing: EASING };
    });
    try {
      return specify(seed, settings, corners);
    } catch (error) {
      // Bends that do not fit between their neighbours: another size or another drawing may.
      if (error instanceof InvalidArgumentError) return undefined;
      throw error;
    }
  };
  const specification = scaleToLength(atScale, settings.lengthM);
  if (specification === undefined || steepest(specification) > 0.1) return undefined;
  const track = buildTrack(specification);
  return clearanceOf(track) >= MARGIN_M ? track : undefined;
}

interface DrawnCorner {
  readonly x: number;
  readonly y: number;
  readonly share: number;
}

/** The radius with which a corner's bend takes its share of half the way to the nearer neighbour. */
function fittingRadius(shape: readonly DrawnCorner[], index: number): number {
  const before = shape[(index + shape.length - 1) % shape.length] as DrawnCorner;
  const corner = shape[index] as DrawnCorner;
  const after = shape[(index + 1) % shape.length] as DrawnCorner;
  const [inX, inY, outX, outY] = [corner.x - before.x, corner.y - before.y, after.x - corner.x, after.y - corner.y];
  const turn = Math.atan2(inX * outY - inY * outX, inX * outX + inY * outY);
  const room = (Math.min(Math.hypot(inX, inY), Math.hypot(outX, outY)) / 2) * corner.share;
  return (room / cornerShape(PROBE_RADIUS_M, turn, EASING).tangent) * PROBE_RADIUS_M;
}

/** Blows the drawing up until its lap is as long as wished: the length grows with the scale. */
function scaleToLength(
  atScale: (scale: number) => TrackSpecification | undefined,
  lengthM: number,
): TrackSpecification | undefined {
  let low = lengthM / 20;
  let high = lengthM / 2;
  let best: TrackSpecification | undefined;
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2;
    const candidate = atScale(middle);
    const length = candidate === undefined ? 0 : lapLength(candidate);
    if (candidate !== undefined && Math.abs(length - lengthM) <= lengthM * 0.001) best = candidate;
    if (length < lengthM) low = middle;
    else high = middle;
  }
  return best;
}

/** As `buildTrack` would measure it; spirals come out within some centimetres of their mean radius times their arc. */
function lapLength(specification: TrackSpecification): number {
  return specification.segments.reduce((sum, segment) => {
    if (segment.kind === 'straight') return sum + (segment.length ?? 0);
    const radius = segment.radius ?? 0;
    const steps = segment.steps ?? 1;
    const growth = steps > 1 ? ((segment.endRadius ?? radius) - radius) / (steps - 1) : 0;
    let inverse = 0;
    for (let step = 0; step < steps; step++) inverse += 1 / (radius + step * growth);
    return sum + (steps * (segment.arc ?? 0)) / inverse;
  }, 0);
}

/** Greatest slope of the straights: 1.5 times the mean one, as of a spline that is level at both ends. */
function steepest(specification: TrackSpecification): number {
  return Math.max(
    ...specification.segments
      .filter((segment) => segment.kind === 'straight')
      .map(
        (segment) => (1.5 * Math.abs((segment.endHeight ?? 0) - (segment.startHeight ?? 0))) / (segment.length ?? 1),
      ),
  );
}

function specify(seed: number, settings: Settings, corners: readonly Corner[]): TrackSpecification {
  const dirt = settings.surface === 'dirt';
  const side = {
    banking: 'tangent',
    barrier: { style: 'wall', width: 0.4, height: 0.9, surface: 'wall' },
  } as const;
  const name = generatedName(seed, settings);
  return {
    name,
    title: `Generated ${seed}`,
    category: dirt ? 'dirt' : 'road',
    author: 'torcs-pilot',
    description: `Made from seed ${seed}.`,
    width: settings.widthM,
    surface: settings.surface,
    stepLength: 10,
    materials: { ...standardMaterials },
    left: side,
    right: side,
    segments: layOut(dirt ? corners.map((corner) => ({ ...corner, kerbs: false })) : corners, {
      runOff: { width: RUN_OFF_M, surface: dirt ? 'dirt-b' : 'grass' },
      borderWidth: dirt ? 0 : 1,
      borderSurface: 'grass',
    }),
  };
}

const letters = [
  ['l', 'lengthM'],
  ['w', 'widthM'],
  ['h', 'hilliness'],
  ['t', 'twistiness'],
] as const;

/** `generated-SEED`, and what differs from the defaults: `generated-7-l4000-w10-h0.8-t1-dirt`. */
export function generatedName(seed: number, options: GeneratorOptions = {}): string {
  const settings = generatorOptionsSchema.parse(options);
  const defaults = generatorOptionsSchema.parse({});
  const parts = letters
    .filter(([, key]) => settings[key] !== defaults[key])
    .map(([letter, key]) => `-${letter}${settings[key]}`);
  return `generated-${seed}${parts.join('')}${settings.surface === 'dirt' ? '-dirt' : ''}`;
}

/** Seed and options of a name that {@link generatedName} gives; undefined: another kind of name. */
export function parseGeneratedName(name: string): { seed: number; options: GeneratorOptions } | undefined {
  const match = /^generated-(\d{1,10})((?:-[lwht]\d+(?:\.\d+)?)*)(-dirt)?$/.exec(name);
  if (match === null) return undefined;
  const options: Record<string, number | string> = match[3] === undefined ? {} : { surface: 'dirt' };
  for (const part of (match[2] ?? '').split('-').filter((text) => text !== '')) {
    const key = letters.find(([letter]) => letter === part[0])?.[1];
    if (key !== undefined) options[key] = Number(part.slice(1));
  }
  return { seed: Number(match[1]), options };
}
