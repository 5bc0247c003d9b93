import type { Batch } from '../core/batch.ts';
import type { Observation } from '../core/environment.ts';
import { InvalidArgumentError, NotFiniteError } from '../core/errors.ts';
import type { Layout } from './layout.ts';

/** Where something came, for messages. */
export interface Place {
  readonly source: number;
  /** Steps since the episode's start. */
  readonly step: number;
}

const at = ({ source, step }: Place): string => `at step ${step} of the episode (source ${source})`;

export function requireLength(name: string, actual: number, expected: number, where = ''): void {
  if (actual === expected) return;
  throw new InvalidArgumentError(`Expected \`${name}\` to have ${expected} entries${where}, got ${actual}`);
}

/** @throws {@link NotFiniteError} that names the field, the entry and the step */
export function requireFinite(name: string, values: ArrayLike<number>, place: Place): void {
  for (let i = 0; i < values.length; i++) {
    // Rounded as it will be kept: 1e39 is finite, but not in 32 bits.
    if (!Number.isFinite(Math.fround(values[i]!))) {
      const entry = values.length === 1 ? '' : `[${i}]`;
      throw new NotFiniteError(
        `Expected \`${name}${entry}\` to be finite ${at(place)}, got ${values[i]}; nothing was added`,
      );
    }
  }
}

export function checkObservation(name: string, observation: Observation, layout: Layout, place: Place): void {
  requireLength(`${name}.state`, observation.state.length, layout.state, ` ${at(place)}`);
  requireFinite(`${name}.state`, observation.state, place);
  if (layout.pixels === undefined) return;
  if (observation.pixels === undefined) {
    throw new InvalidArgumentError(
      `Expected \`${name}.pixels\` ${at(place)}, got none; leave the option \`pixels\` out`,
    );
  }
  const expected = layout.pictureBytes * layout.stack;
  requireLength(`${name}.pixels`, observation.pixels.length, expected, ` ${at(place)}`);
}

/** Only one picture of an episode's first stack is kept, so they must be equal. */
export function requireUniformStack({ pixels }: Observation, { stack, pixels: shape }: Layout, place: Place): void {
  if (shape === undefined || pixels === undefined) return;
  const { channels } = shape;
  const depth = channels * stack;
  for (let first = 0; first < pixels.length; first += depth) {
    for (let i = channels; i < depth; i++) {
      if (pixels[first + i] === pixels[first + i - channels]) continue;
      throw new InvalidArgumentError(
        `Expected the stack ${at(place)} to repeat the episode's first picture ${stack} times, got pictures that differ: ` +
          'pictures must be interleaved channel by channel, and older ones than the first cannot be kept',
      );
    }
  }
}

/** An observation is kept once, so a step must start from the one that the last step led to. */
export function requireSameState(expected: Float32Array, actual: Float32Array, place: Place): void {
  requireLength('observation.state', actual.length, expected.length, ` ${at(place)}`);
  for (let i = 0; i < expected.length; i++) {
    if (actual[i] === expected[i]) continue;
    throw new InvalidArgumentError(
      `Expected \`observation.state\` to be that which the last step led to, ${at(place)}; ` +
        `got ${actual[i]} instead of ${expected[i]} in entry ${i}: is it another environment's, or was the array reused?`,
    );
  }
}

/** Checks the sizes of all arrays of a batch. @returns rows */
export function checkBatch(batch: Batch, layout: Layout): number {
  const { size, state, pixels } = batch.shape;
  const steps = batch.kind === 'sequences' ? batch.shape.sequenceLength : 1;
  const observations = batch.kind === 'sequences' ? size * (steps + 1) : size;
  if (!Number.isInteger(size) || size < 1) {
    throw new InvalidArgumentError(`Expected a batch's \`shape.size\` to be a whole number from 1, got ${size}`);
  }
  if (!Number.isInteger(steps) || steps < 1) {
    throw new InvalidArgumentError(`Expected \`shape.sequenceLength\` to be a whole number from 1, got ${steps}`);
  }
  requireLength('batch.action', batch.action.length, size * steps * layout.action);
  requireLength('batch.reward', batch.reward.length, size * steps);
  requireLength('batch.discount', batch.discount.length, size * steps);
  if (batch.kind === 'sequences') requireLength('batch.mask', batch.mask.length, size * steps);
  else requireLength('batch.weight', batch.weight.length, size);
  const later = batch.kind === 'sequences' ? undefined : batch;
  for (const [name, array] of [
    ['batch.state', batch.state],
    ['batch.nextState', later?.nextState],
  ] as const) {
    if (array === undefined) continue;
    requireLength('batch.shape.state', state ?? 0, layout.state);
    requireLength(name, array.length, observations * layout.state);
  }
  for (const [name, array] of [
    ['batch.pixels', batch.pixels],
    ['batch.nextPixels', later?.nextPixels],
  ] as const) {
    if (array === undefined) continue;
    requirePixelShape(pixels, layout);
    requireLength(name, array.length, observations * layout.pictureBytes * layout.stack);
  }
  return size;
}

function requirePixelShape(shape: Batch['shape']['pixels'], { pixels }: Layout): void {
  if (pixels === undefined) {
    throw new InvalidArgumentError(
      'Expected a batch without pixels, as this buffer keeps none; set its option `pixels`',
    );
  }
  const { height, width, channels, stack } = pixels;
  const expected = `${height}x${width}x${channels * stack}`;
  const actual = shape?.join('x') ?? 'none';
  if (actual !== expected) {
    throw new InvalidArgumentError(`Expected a batch's \`shape.pixels\` to be ${expected}, got ${actual}`);
  }
}
