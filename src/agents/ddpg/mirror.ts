import type { BatchShape } from '../../core/batch.ts';
import type { InputArrays } from '../../core/engine.ts';
import type { Random } from '../../core/random.ts';

/**
 * What a world seen in a mirror is: pictures with left and right exchanged, and numbers that change their sign. Roads turn
 * one way more than the other; in the mirror they turn the other way.
 */
export interface Mirror {
  /** Of each entry of the action in the mirror: -1 or 1. Its space has to be symmetric where it is -1. */
  readonly action: readonly (1 | -1)[];
  /** Likewise of the state. */
  readonly state: readonly (1 | -1)[];
}

/** Shows every other row of a batch, drawn at random, in the mirror; a whole sequence where rows are sequences. In place. */
export function mirrorAtRandom(inputs: InputArrays, shape: BatchShape, mirror: Mirror, random: Random): void {
  const { size } = shape;
  const isMirrored = Array.from({ length: size }, () => random.uniform() < 0.5);
  const each = (values: Float32Array | Uint8Array | undefined, width: number, turn: (at: number) => void) => {
    for (let row = 0; row * width < (values?.length ?? 0); row++) if (isMirrored[row % size]) turn(row * width);
  };
  for (const pixels of [inputs['pixels'], inputs['nextPixels']] as (Uint8Array | undefined)[]) {
    if (pixels === undefined) continue;
    const [height, width, channels] = shape.pixels!;
    each(pixels, channels * height * width, (at) => {
      for (let line = 0; line < channels * height; line++) {
        pixels.subarray(at + line * width, at + (line + 1) * width).reverse();
      }
    });
  }
  const turnSigns = (values: Float32Array, signs: readonly number[]) => (at: number) => {
    for (let i = 0; i < signs.length; i++) values[at + i]! *= signs[i]!;
  };
  for (const [name, signs] of [
    ['state', mirror.state],
    ['nextState', mirror.state],
    ['action', mirror.action],
  ] as const) {
    const values = inputs[name] as Float32Array | undefined;
    if (values !== undefined) each(values, signs.length, turnSigns(values, signs));
  }
}
