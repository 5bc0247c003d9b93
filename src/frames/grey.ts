/** Linear light of an sRGB level, 0 to 1 (IEC 61966-2-1). */
function lightOf(level: number): number {
  const value = level / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** What each level of a colour adds to the light of a pixel, in steps: 255 of them are white. Weights of BT.709. */
const stepsOf = (weight: number) => Float64Array.from({ length: 256 }, (_, level) => 255 * weight * lightOf(level));
const [RED, GREEN, BLUE] = [stepsOf(0.2126), stepsOf(0.7152), stepsOf(0.0722)];

/** sRGB level of each step, and one more behind the last for the interpolation. */
const LEVELS = Int32Array.from({ length: 257 }, (_, step) => {
  const light = Math.min(step, 255) / 255;
  return Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055));
});

/**
 * The grey of a colour as libvips makes it: the linear light of its colours, weighted, back among the levels with an
 * interpolation between 256 steps. Equal to sharp's `grayscale` but where that ends half way between two levels, for about
 * one in 100,000 colours (a test compares all 2^24). Written here because a small picture's way to sharp's threads and back
 * costs far more (scripts/frames-cost.ts).
 *
 * @param red, green, blue 0 to 255
 */
export function greyOf(red: number, green: number, blue: number): number {
  const at = RED[red]! + GREEN[green]! + BLUE[blue]!;
  // White may add up to a little more than 255.
  const step = Math.min(255, at | 0);
  const level = LEVELS[step]!;
  return (level + (LEVELS[step + 1]! - level) * (at - step) + 0.5) | 0;
}
