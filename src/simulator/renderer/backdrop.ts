import { PANORAMA_DIRECTIONS, PANORAMA_SLOPES, panorama, SLOPE_TOP, SLOPES_PER_ONE } from './panorama.ts';
import type { Projector } from './projector.ts';

/** Fills the whole picture with the panorama as seen in the camera's direction. */
export function paintBackdrop(projector: Projector): void {
  const { canvas, eye, focal } = projector;
  const { pixels, width, height } = canvas;
  const { forward, right, up } = eye;
  const view = panorama();
  const upward = Math.max(0.05, up[2]!);
  let at = 0;
  for (let column = 0; column < width; column++) {
    const aside = (column + 0.5 - width / 2) / focal;
    const slope = forward[2]! + aside * right[2]!;
    // The column's ray at the horizon gives its direction; along the column slopes change evenly, nearly.
    const rise = -slope / upward;
    const x = forward[0]! + aside * right[0]! + rise * up[0]!;
    const y = forward[1]! + aside * right[1]! + rise * up[1]!;
    const turn = Math.atan2(y, x) / (2 * Math.PI);
    const direction = Math.floor((turn < 0 ? turn + 1 : turn) * PANORAMA_DIRECTIONS) % PANORAMA_DIRECTIONS;
    const base = direction * PANORAMA_SLOPES;
    const perRow = upward / focal / Math.hypot(x, y);
    const horizonRow = height / 2 - rise * focal;
    const step = perRow * SLOPES_PER_ONE;
    let slopeStep = SLOPE_TOP * SLOPES_PER_ONE - (horizonRow - 0.5) * step;
    for (const end = at + height; at < end; at++, slopeStep += step) {
      const index = slopeStep | 0;
      pixels[at] = view[base + (index < 0 ? 0 : index >= PANORAMA_SLOPES ? PANORAMA_SLOPES - 1 : index)]!;
    }
  }
}
