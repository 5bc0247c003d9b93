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
  for (let row = 0; row < pixels.length; row += channels * plane) {
    const down = random.below(2 * reach + 1) - reach;
    const right = random.below(2 * reach + 1) - reach;
    if (down === 0 && right === 0) continue;
    for (let begin = row; begin < row + channels * plane; begin += plane) {
      // All lines at once; what wraps around from one line to the next is repaired after it.
      const by = down * width + right;
      if (by >= 0) pixels.copyWithin(begin + by, begin, begin + plane - by);
      else pixels.copyWithin(begin, begin - by, begin + plane);
      repeatSides(pixels.subarray(begin, begin + plane), width, right);
      repeatTopOrBottom(pixels, begin, { height, width, down });
    }
  }
}

function repeatSides(picture: Uint8Array, width: number, right: number): void {
  const [from, to] = right >= 0 ? [0, right] : [width + right, width];
  const edge = right >= 0 ? right : width + right - 1;
  for (let line = 0; line < picture.length; line += width) {
    const value = picture[line + edge]!;
    for (let x = from; x < to; x++) picture[line + x] = value;
  }
}

function repeatTopOrBottom(
  pixels: Uint8Array,
  begin: number,
  { height, width, down }: { readonly height: number; readonly width: number; readonly down: number },
): void {
  const [from, to] = down >= 0 ? [0, down] : [height + down, height];
  const edge = begin + (down >= 0 ? down : height + down - 1) * width;
  for (let y = from; y < to; y++) pixels.copyWithin(begin + y * width, edge, edge + width);
}
