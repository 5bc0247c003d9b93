/** Strokes reach this far beyond a text's width at both ends, pixels. */
export function textBearing(size: number): number {
  return Math.ceil(size * 0.06);
}
