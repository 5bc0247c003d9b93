/** A rectangle of whole pixels from the top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A picture that is drawn on: RGB, one byte each, top row first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Red, green, blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** Fills a rectangle; what lies outside of the picture is left out. @param opacity 0 to 1 */
export function fillBox(picture: Picture, box: Box, [red, green, blue]: Rgb, opacity = 1): void {
  const { width, data } = picture;
  const share = Math.round(opacity * 256);
  const rest = 256 - share;
  const left = Math.max(0, box.x);
  const right = Math.min(width, box.x + box.width);
  const bottom = Math.min(picture.height, box.y + box.height);
  for (let row = Math.max(0, box.y); row < bottom; row++) {
    const end = (row * width + right) * 3;
    for (let at = (row * width + left) * 3; at < end; at += 3) {
      data[at] = (data[at]! * rest + red * share) >> 8;
      data[at + 1] = (data[at + 1]! * rest + green * share) >> 8;
      data[at + 2] = (data[at + 2]! * rest + blue * share) >> 8;
    }
  }
}

/** A line with round ends, smoothed at its edges. */
export function drawLine(
  picture: Picture,
  from: readonly [number, number],
  to: readonly [number, number],
  thickness: number,
  color: Rgb,
  opacity = 1,
): void {
  const [x0, y0] = from;
  const dx = to[0] - x0;
  const dy = to[1] - y0;
  const square = dx * dx + dy * dy;
  const reach = thickness / 2 + 0.5;
  const top = Math.max(0, Math.floor(Math.min(y0, to[1]) - reach));
  const bottom = Math.min(picture.height - 1, Math.ceil(Math.max(y0, to[1]) + reach));
  const length = Math.sqrt(square);
  // In one row, what is near enough to the line reaches so far to both sides of it.
  const aside = Math.abs(dy) < 1e-9 ? Number.POSITIVE_INFINITY : (reach * length) / Math.abs(dy);
  for (let row = top; row <= bottom; row++) {
    const middle = aside === Number.POSITIVE_INFINITY ? x0 : x0 + ((row + 0.5 - y0) / dy) * dx;
    const left = Math.max(0, Math.floor(Math.max(Math.min(x0, to[0]) - reach, middle - aside)));
    const right = Math.min(picture.width - 1, Math.ceil(Math.min(Math.max(x0, to[0]) + reach, middle + aside)));
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - x0;
      const py = row + 0.5 - y0;
      const along = square === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / square));
      const away = Math.hypot(px - along * dx, py - along * dy);
      blendPixel(picture, column, row, color, Math.min(1, reach - away) * opacity);
    }
  }
}

/** A filled circle, smoothed at its edge. */
export function drawDisc(picture: Picture, x: number, y: number, radius: number, color: Rgb): void {
  drawLine(picture, [x, y], [x, y], radius * 2, color);
}

/** Mixes a colour into one pixel of the picture; a share of 0 and less does nothing. */
export function blendPixel(picture: Picture, column: number, row: number, [red, green, blue]: Rgb, opacity: number) {
  if (opacity <= 0) return;
  const share = Math.round(opacity * 256);
  const rest = 256 - share;
  const at = (row * picture.width + column) * 3;
  const { data } = picture;
  data[at] = (data[at]! * rest + red * share) >> 8;
  data[at + 1] = (data[at + 1]! * rest + green * share) >> 8;
  data[at + 2] = (data[at + 2]! * rest + blue * share) >> 8;
}

/** Copies a picture into a larger one, whole rows at a time; it has to fit. */
export function copyInto(target: Picture, source: Picture, x: number, y: number): void {
  const length = source.width * 3;
  for (let row = 0; row < source.height; row++) {
    const from = row * length;
    target.data.set(source.data.subarray(from, from + length), ((y + row) * target.width + x) * 3);
  }
}
