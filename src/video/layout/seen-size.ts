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
  /** Beside each other, or under each other. */
  readonly direction: 'row' | 'column';
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
 * The largest whole enlargement at which the stack fits, side by side, or one under the other where that allows a larger
 * one; the newest pictures alone where the stack does not fit, and thinned out where even one is too large. Undefined when
 * there is no room at all.
 */
export function fitSeen(shape: SeenShape, width: number, height: number): SeenFit | undefined {
  for (const count of new Set([shape.count, Math.min(2, shape.count), 1])) {
    const gaps = GAP * (count - 1);
    const beside = Math.floor(Math.min((width - gaps) / (shape.width * count), height / shape.height));
    const below = Math.floor(Math.min(width / shape.width, (height - gaps) / (shape.height * count)));
    if (Math.max(beside, below) >= 1)
      return fitOf(shape, count, below > beside ? 'column' : 'row', Math.max(beside, below));
  }
  const divisor = Math.ceil(Math.max(shape.width / Math.max(1, width), shape.height / Math.max(1, height)));
  const least = Math.min(shape.width, shape.height) / divisor;
  return width < 1 || height < 1 || least < 16 ? undefined : fitOf(shape, 1, 'row', 1 / divisor);
}

function fitOf(shape: SeenShape, count: number, direction: 'row' | 'column', scale: number): SeenFit {
  const [width, height] = [Math.ceil(shape.width * scale), Math.ceil(shape.height * scale)];
  const gaps = GAP * (count - 1);
  return {
    count,
    direction,
    scale,
    gap: GAP,
    width: direction === 'row' ? width * count + gaps : width,
    height: direction === 'row' ? height : height * count + gaps,
  };
}
