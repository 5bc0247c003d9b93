import type { SeenPixels } from './moment.ts';

/** Squares along the shorter side of a picture. */
const SQUARES = 8;
/** A change of the steering that shows in full when nothing in the picture moves it more: below, all would be noise. */
const LEAST_CHANGE = 0.02;

/**
 * Which parts of the newest picture move the steering: each part in turn is hidden behind the mean of its surroundings
 * (occlusion, after Zeiler and Fergus, "Visualizing and understanding convolutional networks", 2014, section 4.2), and
 * what counts is how far the steering moves. A square is an eighth of the shorter side.
 *
 * @param steer the steering for a stack; it must not keep the array
 * @returns height × width, 0 to 1 by the largest change in the picture
 */
export async function occlusionMap(
  seen: SeenPixels,
  steer: (data: Uint8Array) => number | Promise<number>,
): Promise<Float32Array> {
  const { width, height } = seen;
  const side = Math.max(1, Math.floor(Math.min(width, height) / SQUARES));
  const columns = Math.ceil(width / side);
  const rows = Math.ceil(height / side);
  const straight = await steer(seen.data);
  const hidden = Uint8Array.from(seen.data);
  const changes = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const square = { left: column * side, top: row * side, side };
      hide(hidden, seen, square);
      changes[row * columns + column] = Math.abs((await steer(hidden)) - straight);
      restore(hidden, seen, square);
    }
  }
  const largest = Math.max(LEAST_CHANGE, ...changes);
  return spread(changes, { columns, rows, side, width, height }, largest);
}

interface Square {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** Puts the mean of the square and a ring as wide as itself around it in its place, channel by channel. */
function hide(data: Uint8Array, seen: SeenPixels, { left, top, side }: Square): void {
  const around = { left: left - side, top: top - side, right: left + 2 * side, bottom: top + 2 * side };
  for (let channel = 0; channel < seen.channels; channel++) {
    let sum = 0;
    let count = 0;
    eachPixel(seen, around, channel, (at) => {
      sum += seen.data[at]!;
      count++;
    });
    const mean = Math.round(sum / count);
    eachPixel(seen, { left, top, right: left + side, bottom: top + side }, channel, (at) => {
      data[at] = mean;
    });
  }
}

function restore(data: Uint8Array, seen: SeenPixels, { left, top, side }: Square): void {
  for (let channel = 0; channel < seen.channels; channel++) {
    eachPixel(seen, { left, top, right: left + side, bottom: top + side }, channel, (at) => {
      data[at] = seen.data[at]!;
    });
  }
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Places in the data of one channel of the newest picture; what lies outside of the picture is left out. */
function eachPixel(seen: SeenPixels, area: Area, channel: number, visit: (at: number) => void): void {
  const { width, height, channels, count } = seen;
  const depth = channels * count;
  const offset = channels * (count - 1) + channel;
  const right = Math.min(width, area.right);
  const bottom = Math.min(height, area.bottom);
  for (let y = Math.max(0, area.top); y < bottom; y++) {
    for (let x = Math.max(0, area.left); x < right; x++) visit((y * width + x) * depth + offset);
  }
}

interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly side: number;
  readonly width: number;
  readonly height: number;
}

/** From a value for each square to one for each pixel, linear between the squares' middles. */
function spread(values: Float64Array, { columns, rows, side, width, height }: Grid, largest: number): Float32Array {
  const map = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = between((y + 0.5) / side - 0.5, rows);
    for (let x = 0; x < width; x++) {
      const [left, right, over] = between((x + 0.5) / side - 0.5, columns);
      const upper = values[top * columns + left]! * (1 - over) + values[top * columns + right]! * over;
      const lower = values[bottom * columns + left]! * (1 - over) + values[bottom * columns + right]! * over;
      map[y * width + x] = (upper * (1 - down) + lower * down) / largest;
    }
  }
  return map;
}

/** The two entries around a place, and how far it is from the first. */
function between(place: number, count: number): readonly [number, number, number] {
  const low = Math.min(count - 1, Math.max(0, Math.floor(place)));
  const high = Math.min(count - 1, low + 1);
  return [low, high, Math.min(1, Math.max(0, place - low))];
}
