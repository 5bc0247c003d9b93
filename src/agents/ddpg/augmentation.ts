import type { InputArrays } from '../../core/engine.ts';
import type { Random } from '../../core/random.ts';
import { shiftAtRandom } from './random-shift.ts';
import type { AgentSettings } from './settings.ts';

/** Names of inputs that hold pictures. */
const PICTURES = ['pixels', 'nextPixels'] as const;
const MIDDLE = 128;
/** Of the random curve that bends tones. */
const TONE_HEIGHTS = 7;
/** What is left of the light in a shadow. */
const SHADE = { from: 0.3, to: 0.8 };

export interface AugmentationOptions {
  /** Height, width, channels; undefined: no network reads pictures. */
  readonly pictureShape: readonly [number, number, number] | undefined;
  readonly settings: Pick<
    AgentSettings,
    'randomShift' | 'randomBrightness' | 'randomInvert' | 'randomShadow' | 'randomTone' | 'randomHue'
  >;
  readonly random: Random;
}

/** Changes the pictures of a batch in place, at random, as the settings say. */
export function augment(inputs: InputArrays, { pictureShape, settings, random }: AugmentationOptions): void {
  const { randomShift, randomBrightness, randomInvert, randomShadow, randomTone, randomHue } = settings;
  if (pictureShape === undefined) return;
  const [height, width, channels] = pictureShape;
  for (const name of PICTURES) {
    const pixels = inputs[name];
    if (!(pixels instanceof Uint8Array)) continue;
    if (randomShift > 0) shiftAtRandom(pixels, pictureShape, randomShift, random);
    if (randomShadow > 0) shadeAtRandom(pixels, pictureShape, randomShadow, random);
    if (randomHue > 0) turnHuesAtRandom(pixels, pictureShape, randomHue, random);
    if (randomTone > 0) bendTonesAtRandom(pixels, height * width * channels, randomTone, random);
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

/** Where the rows begin that are changed, each with the probability; a row is drawn when the one before has been changed. */
function* drawnRows(
  pixels: Uint8Array,
  rowLength: number,
  probability: number,
  random: Random,
): Generator<number, void, undefined> {
  for (let row = 0; row < pixels.length; row += rowLength) if (random.uniform() < probability) yield row;
}

/**
 * Sends the values of each row's picture through a random curve with a probability, in place: lines between seven heights,
 * uniform in 0 to 255, so that any of four surfaces may come out as the brighter. All channels of a row, its stacked
 * pictures too, change alike.
 *
 * @param rowLength bytes of a row
 * @param probability 0 to 1
 */
export function bendTonesAtRandom(pixels: Uint8Array, rowLength: number, probability: number, random: Random): void {
  const curve = new Uint8Array(256);
  const step = 255 / (TONE_HEIGHTS - 1);
  for (const row of drawnRows(pixels, rowLength, probability, random)) {
    const heights = Array.from({ length: TONE_HEIGHTS }, () => random.between(0, 255));
    for (let value = 0; value < 256; value++) {
      const left = Math.min(Math.floor(value / step), TONE_HEIGHTS - 2);
      const share = value / step - left;
      curve[value] = Math.round(heights[left]! * (1 - share) + heights[left + 1]! * share);
    }
    for (let i = row; i < row + rowLength; i++) pixels[i] = curve[pixels[i]!]!;
  }
}

/**
 * Turns the hues of each row's picture by one random angle with a probability, in place, and makes its colours 0 to 2 times as
 * strong: greys stay as they are, and so does each pixel's mean of red, green and blue as far as 0 to 255 allow. All pictures
 * of a stack change alike.
 *
 * @param pixels rows × channels × height × width, of which each three channels are the red, green and blue of a picture
 * @param probability 0 to 1
 */
export function turnHuesAtRandom(
  pixels: Uint8Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  probability: number,
  random: Random,
): void {
  const plane = height * width;
  // Rounds and limits what is written, quicker than a program does.
  const written = new Uint8ClampedArray(pixels.buffer, pixels.byteOffset, pixels.length);
  for (const row of drawnRows(pixels, channels * plane, probability, random)) {
    const [angle, strength] = [random.between(-Math.PI, Math.PI), random.between(0, 2)];
    // A rotation about the axis of greys (Rodrigues' formula), of which a pixel is the sum of a grey and what is left of it.
    const along = (2 / 3) * strength * Math.cos(angle);
    const across = (strength * Math.sin(angle)) / Math.sqrt(3);
    const own = 1 / 3 + along;
    const next = 1 / 3 - along / 2 - across;
    const last = 1 / 3 - along / 2 + across;
    for (let picture = row; picture < row + channels * plane; picture += 3 * plane) {
      for (let i = picture; i < picture + plane; i++) {
        const red = pixels[i]!;
        const green = pixels[i + plane]!;
        const blue = pixels[i + 2 * plane]!;
        written[i] = own * red + next * green + last * blue;
        written[i + plane] = last * red + own * green + next * blue;
        written[i + 2 * plane] = next * red + last * green + own * blue;
      }
    }
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
  for (const row of drawnRows(pixels, rowLength, probability, random)) {
    for (let i = row; i < row + rowLength; i++) pixels[i] = 255 - pixels[i]!;
  }
}

/**
 * Lays a shadow over each row's picture with a probability, in place: a band of any direction and width in which 0.3 to 0.8 of
 * the light is left. All channels of a row, its stacked pictures too, are shaded alike.
 *
 * @param pixels rows × channels × height × width
 * @param probability 0 to 1
 */
export function shadeAtRandom(
  pixels: Uint8Array,
  [height, width, channels]: readonly [height: number, width: number, channels: number],
  probability: number,
  random: Random,
): void {
  const plane = height * width;
  for (const row of drawnRows(pixels, channels * plane, probability, random)) {
    const direction = random.between(0, Math.PI);
    // Distances along that direction from the middle of the picture, 1 at its edges.
    const [right, down] = [(2 * Math.cos(direction)) / width, (2 * Math.sin(direction)) / height];
    const [one, other] = [random.between(-1.2, 1.2), random.between(-1.2, 1.2)];
    const [begin, end] = [Math.min(one, other), Math.max(one, other)];
    const light = random.between(SHADE.from, SHADE.to);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = (x + 0.5 - width / 2) * right + (y + 0.5 - height / 2) * down;
        if (at < begin || at > end) continue;
        for (let i = row + y * width + x; i < row + channels * plane; i += plane) pixels[i] = pixels[i]! * light;
      }
    }
  }
}
