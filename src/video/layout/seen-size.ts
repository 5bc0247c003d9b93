/** The size of one picture that a network sees, and how many there are. */
export interface SeenShape {
  readonly width: number;
  readonly height: number;
  readonly count: number;
}

/** How the pictures that a network sees are shown. */
export interface SeenFit {
  /** The last so many of the stack. */
  readonly count: number;
  /** Each pixel becomes a square of this many pixels; below 1: of so many pixels one is shown (1/2, 1/3, …). */
  readonly scale: number;
  /** Between two pictures, pixels. */
  readonly gap: number;
  /** Of everything. */
  readonly width: number;
  readonly height: number;
}

const GAP = 2;

/**
 * The largest whole enlargement at which the stack fits, side by side; the newest picture alone where the stack does not
 * fit, and thinned out where even that is too large. Undefined when there is no room at all.
 */
export function fitSeen(shape: SeenShape, width: number, height: number): SeenFit | undefined {
  for (const count of new Set([shape.count, Math.min(2, shape.count), 1])) {
    const room = width - GAP * (count - 1);
    const scale = Math.floor(Math.min(room / (shape.width * count), height / shape.height));
    if (scale >= 1) return fitOf(shape, count, scale);
  }
  const divisor = Math.ceil(Math.max(shape.width / Math.max(1, width), shape.height / Math.max(1, height)));
  const least = Math.min(shape.width, shape.height) / divisor;
  return width < 1 || height < 1 || least < 16 ? undefined : fitOf(shape, 1, 1 / divisor);
}

function fitOf(shape: SeenShape, count: number, scale: number): SeenFit {
  return {
    count,
    scale,
    gap: GAP,
    width: Math.ceil(shape.width * scale) * count + GAP * (count - 1),
    height: Math.ceil(shape.height * scale),
  };
}
