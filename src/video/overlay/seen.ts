import type { SeenFit } from '../layout/seen-size.ts';
import type { SeenPixels } from '../moment.ts';
import type { Box, Picture } from '../raster/picture.ts';

/** How much of a pixel the heat may hide. */
const HEAT_OPACITY = 0.8;
const HEAT = [255, 64, 32] as const;

/**
 * Draws the newest pictures of a network's stack beside or under each other, the newest last, each pixel as a square.
 *
 * @param saliency height × width, 0 to 1: laid over the newest picture as heat
 */
export function drawSeen(picture: Picture, box: Box, fit: SeenFit, seen: SeenPixels, saliency?: Float32Array): void {
  const width = Math.ceil(seen.width * fit.scale);
  const height = Math.ceil(seen.height * fit.scale);
  for (let shown = 0; shown < fit.count; shown++) {
    const index = seen.count - fit.count + shown;
    const left = box.x + (fit.direction === 'row' ? shown * (width + fit.gap) : 0);
    const top = box.y + (fit.direction === 'row' ? 0 : shown * (height + fit.gap));
    const heat = index === seen.count - 1 ? saliency : undefined;
    for (let row = 0; row < height; row++) {
      const y = Math.min(seen.height - 1, Math.floor(row / fit.scale));
      drawRow(picture, ((top + row) * picture.width + left) * 3, width, fit.scale, { seen, index, y, heat });
    }
  }
}

interface SeenRow {
  readonly seen: SeenPixels;
  /** Of the picture in the stack. */
  readonly index: number;
  readonly y: number;
  readonly heat: Float32Array | undefined;
}

function drawRow({ data }: Picture, to: number, width: number, scale: number, { seen, index, y, heat }: SeenRow): void {
  const { channels } = seen;
  const depth = channels * seen.count;
  const green = channels === 3 ? 1 : 0;
  const blue = channels === 3 ? 2 : 0;
  for (let column = 0; column < width; column++, to += 3) {
    const x = Math.min(seen.width - 1, Math.floor(column / scale));
    const from = (y * seen.width + x) * depth + index * channels;
    data[to] = seen.data[from]!;
    data[to + 1] = seen.data[from + green]!;
    data[to + 2] = seen.data[from + blue]!;
    if (heat === undefined) continue;
    const share = heat[y * seen.width + x]! * HEAT_OPACITY;
    for (let c = 0; c < 3; c++) data[to + c] = data[to + c]! + (HEAT[c]! - data[to + c]!) * share;
  }
}
