import type { InputArrays, InputSpecification } from '../../core/engine.ts';
import type { Observation, ObservationSpace } from '../../core/environment.ts';
import { InvalidArgumentError, NotFiniteError } from '../../core/errors.ts';
import type { Encoder } from '../networks/index.ts';

/** Name of an input, and of the output that it holds at the next step. */
export const memoryName = (i: number): string => `memory${i}`;

/** What an encoder reads of one observation, and of what was before it. */
export function observationInputs(
  encoder: Encoder,
  { state, pixels }: ObservationSpace,
  actionSize: number,
): Readonly<Record<string, InputSpecification>> {
  const float = (width: number): InputSpecification => ({ shape: [1, width], dtype: 'float32' });
  const [height, width, channels] = pixels?.shape ?? [];
  return {
    ...(encoder.reads.state ? { state: float(state.shape[0]!) } : {}),
    ...(encoder.reads.pixels ? { pixels: { shape: [1, channels!, height!, width!], dtype: 'uint8' } } : {}),
    ...(encoder.reads.previousAction ? { previousAction: float(actionSize) } : {}),
    ...Object.fromEntries(encoder.memorySizes.map((size, i) => [memoryName(i), float(size)])),
  };
}

/**
 * Writes an observation into those of these inputs that are of it.
 *
 * @throws InvalidArgumentError when the observation does not have the space's shape
 * @throws NotFiniteError naming the entry that is not finite
 */
export function writeObservation({ state, pixels }: Observation, inputs: InputArrays, space: ObservationSpace): void {
  const numbers = inputs['state'];
  if (numbers !== undefined) {
    requireLength('state', numbers.length, state);
    const wrong = state.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) {
      const name = space.state.names?.[wrong] ?? `state[${wrong}]`;
      throw new NotFiniteError(`Expected a finite observation, got ${state[wrong]} for ${name}`);
    }
    numbers.set(state);
  }
  const picture = inputs['pixels'];
  if (picture !== undefined) {
    requireLength('pixels', picture.length, pixels);
    channelsFirst(pixels!, picture, space.pixels!.shape[2]!);
  }
}

function requireLength(name: string, length: number, values: { readonly length: number } | undefined): void {
  if (values?.length === length) return;
  throw new InvalidArgumentError(
    `Expected an observation whose ${name} has ${length} entries, got ${values?.length ?? 'none'}`,
  );
}

/** Observations have their channels last, networks first. */
function channelsFirst(from: Uint8Array, into: Float32Array | Uint8Array, channels: number): void {
  const plane = from.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const offset = channel * plane;
    for (let i = 0, j = channel; i < plane; i++, j += channels) into[offset + i] = from[j]!;
  }
}
