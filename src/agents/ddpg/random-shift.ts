import type { Random } from '../../core/random.ts';

/**
 * Shifts each row's picture by up to ± `reach` pixels both ways, in place, repeating the edge (Yarats et al. 2021, "Image
 * augmentation is all you need"). All channels of a row, its stacked pictures too, move together.
 *
 * @param pixels rows × channels × height × width
 */
export function shiftAtRandom(
  pixels: Uint8Array,
  pictureShape: readonly [height: number, width: number, channels: number],
  reach: number,
  random: Random,
): void {
  const [height, width, channels] = pictureShape;
  const plane = height * width;
  const scratch = new Uint8Array(plane);
  for (let row = 0; row < pixels.length; row += channels * plane) {
    const down = random.below(2 * reach + 1) - reach;
    const right = random.below(2 * reach + 1) - reach;
    if (down === 0 && right === 0) continue;
    for (let channel = 0; channel < channels; channel++) {
      const picture = pixels.subarray(row + channel * plane, row + (channel + 1) * plane);
      scratch.set(picture);
      for (let y = 0; y < height; y++) {
        const from = Math.min(Math.max(y - down, 0), height - 1) * width;
        shiftLine(scratch.subarray(from, from + width), picture.subarray(y * width, (y + 1) * width), right);
      }
    }
  }
}

function shiftLine(from: Uint8Array, into: Uint8Array, right: number): void {
  const { length } = from;
  if (right >= 0) {
    into.set(from.subarray(0, length - right), right);
    into.fill(from[0]!, 0, right);
  } else {
    into.set(from.subarray(-right));
    into.fill(from[length - 1]!, length + right);
  }
}
