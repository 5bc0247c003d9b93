import type { InputArrays } from '../../core/engine.ts';
import type { Random } from '../../core/random.ts';
import { shiftAtRandom } from './random-shift.ts';
import type { AgentSettings } from './settings.ts';

/** Names of inputs that hold pictures. */
const PICTURES = ['pixels', 'nextPixels'] as const;
const MIDDLE = 128;

export interface AugmentationOptions {
  /** Height, width, channels; undefined: no network reads pictures. */
  readonly pictureShape: readonly [number, number, number] | undefined;
  readonly settings: Pick<AgentSettings, 'randomShift' | 'randomBrightness' | 'randomInvert'>;
  readonly random: Random;
}

/** Changes the pictures of a batch in place, at random, as the settings say. */
export function augment(inputs: InputArrays, { pictureShape, settings, random }: AugmentationOptions): void {
  const { randomShift, randomBrightness, randomInvert } = settings;
  if (pictureShape === undefined) return;
  const [height, width, channels] = pictureShape;
  for (const name of PICTURES) {
    const pixels = inputs[name];
    if (!(pixels instanceof Uint8Array)) continue;
    if (randomShift > 0) shiftAtRandom(pixels, pictureShape, randomShift, random);
    if (randomInvert > 0) invertAtRandom(pixels, height * width * channels, randomInvert, random);
    if (randomBrightness > 0) changeLightAtRandom(pixels, height * width * channels, randomBrightness, random);
  }
}

/**
 * Changes contrast and brightness of each row's picture at random, in place: (value - 128) × c + 128 + b, with c uniform
 * in 1 ± `reach` and b in ± 128 `reach`. All channels of a row, its stacked pictures too, change alike.
 *
 * @param rowLength bytes of a row
 * @param reach 0 to 1
 */
export function changeLightAtRandom(pixels: Uint8Array, rowLength: number, reach: number, random: Random): void {
  const changed = new Uint8ClampedArray(256);
  for (let row = 0; row < pixels.length; row += rowLength) {
    const contrast = random.between(1 - reach, 1 + reach);
    const brightness = MIDDLE + MIDDLE * random.between(-reach, reach);
    for (let value = 0; value < 256; value++) changed[value] = (value - MIDDLE) * contrast + brightness;
    for (let i = row; i < row + rowLength; i++) pixels[i] = changed[pixels[i]!]!;
  }
}

/**
 * Makes each row's picture its negative with a probability, in place: what is bright beside what is dark, road beside grass,
 * is then no sign of either.
 *
 * @param rowLength bytes of a row
 * @param probability 0 to 1
 */
export function invertAtRandom(pixels: Uint8Array, rowLength: number, probability: number, random: Random): void {
  for (let row = 0; row < pixels.length; row += rowLength) {
    if (random.uniform() >= probability) continue;
    for (let i = row; i < row + rowLength; i++) pixels[i] = 255 - pixels[i]!;
  }
}
