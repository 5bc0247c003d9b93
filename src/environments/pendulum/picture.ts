import { type Canvas, drawArcArrow, PALETTE, type View } from '../raster/index.ts';

/** The rod's length is 1, so that its end stays in sight all around. */
export const PENDULUM_VIEW: View = { centreX: 0, centreY: 0, width: 2.5, height: 2.5 };

const ROD_RADIUS = 0.1;
const EDGE = 0.018;
const ARROW_CIRCLE = { x: 0, y: 0, radius: 0.5 };
/** Length of the arrow for full torque, radians. */
const FULL_SWEEP = 1.6;

export function drawPendulumBackground(canvas: Canvas): void {
  canvas.fill(PALETTE.ground);
  // The way of the rod's end, and a mark where it should be.
  canvas.ring(0, 0, 1, 0.012, PALETTE.line);
  canvas.rod(0, 1.13, 0, 1.19, 0.015, PALETTE.steel);
}

/** @param angle from upright, counter-clockwise, radians; @param effort torque as a share of the greatest, -1 to 1 */
export function drawPendulum(canvas: Canvas, angle: number, effort: number): void {
  const endX = -Math.sin(angle);
  const endY = Math.cos(angle);
  canvas.rod(0, 0, endX, endY, ROD_RADIUS, PALETTE.crimsonEdge);
  canvas.rod(0, 0, endX, endY, ROD_RADIUS - EDGE, PALETTE.crimson);
  canvas.disc(0, 0, 0.05, PALETTE.ink);
  drawArcArrow(canvas, ARROW_CIRCLE, Math.PI / 2, effort * FULL_SWEEP, 0.022, PALETTE.navy);
}
