import { type Canvas, drawArrow, PALETTE, type View } from '../raster/index.ts';
import { POLE_LENGTH, RAIL_HALF_LENGTH } from './model.ts';

const CART_HALF_LENGTH = 0.17;
const CART_HALF_HEIGHT = 0.09;
const POLE_RADIUS = 0.049;
const EDGE = 0.012;
const RAIL_RADIUS = 0.018;
const RAIL_END = RAIL_HALF_LENGTH + CART_HALF_LENGTH;
/** Length of the arrow for full force, m. */
const FULL_ARROW = 0.4;

export const INVERTED_PENDULUM_VIEW: View = { centreX: 0, centreY: 0.24, width: 2.5, height: 1.2 };

export function drawInvertedPendulumBackground(canvas: Canvas): void {
  canvas.fill(PALETTE.ground);
  canvas.rod(-RAIL_END, 0, RAIL_END, 0, RAIL_RADIUS, PALETTE.steel);
  for (const end of [-RAIL_END, RAIL_END]) canvas.box(end, 0, 0.03, 0.13, 0.015, PALETTE.steel);
}

/**
 * @param cart place of the cart, m
 * @param angle of the pole from upright, clockwise, radians
 * @param effort force as a share of the greatest, -1 to 1
 */
export function drawInvertedPendulum(canvas: Canvas, cart: number, angle: number, effort: number): void {
  const endX = cart + POLE_LENGTH * Math.sin(angle);
  const endY = POLE_LENGTH * Math.cos(angle);
  canvas.box(cart, 0, CART_HALF_LENGTH, CART_HALF_HEIGHT, 0.035, PALETTE.ink);
  canvas.box(cart, 0, CART_HALF_LENGTH - EDGE, CART_HALF_HEIGHT - EDGE, 0.025, PALETTE.navy);
  canvas.rod(cart, 0, endX, endY, POLE_RADIUS, PALETTE.crimsonEdge);
  canvas.rod(cart, 0, endX, endY, POLE_RADIUS - EDGE, PALETTE.crimson);
  canvas.disc(cart, 0, 0.022, PALETTE.ink);
  drawArrow(canvas, cart, -0.2, cart + effort * FULL_ARROW, -0.2, 0.016, PALETTE.teal);
}
