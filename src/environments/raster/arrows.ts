import type { Canvas, Colour } from './canvas.ts';

/** Head of an arrow: its length and half its width, as multiples of the line's radius. */
const HEAD_LENGTH = 4.5;
const HEAD_HALF_WIDTH = 3.2;
/** Longest piece of a drawn arc, radians. */
const ARC_PIECE = Math.PI / 24;

/** A straight arrow from a to b; nothing where the two are the same. */
export function drawArrow(
  canvas: Canvas,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  radius: number,
  colour: Colour,
): void {
  const length = Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2);
  if (length === 0) return;
  canvas.rod(ax, ay, bx, by, radius, colour);
  drawHead(canvas, bx, by, (bx - ax) / length, (by - ay) / length, radius, colour);
}

/**
 * An arrow along a circle around (x, y), from angle `from` by `sweep`, radians, counter-clockwise from the x axis; nothing
 * where `sweep` is 0.
 */
export function drawArcArrow(
  canvas: Canvas,
  circle: { readonly x: number; readonly y: number; readonly radius: number },
  from: number,
  sweep: number,
  lineRadius: number,
  colour: Colour,
): void {
  if (sweep === 0) return;
  const { x, y, radius } = circle;
  const pieces = Math.ceil(Math.abs(sweep) / ARC_PIECE);
  let beforeX = x + radius * Math.cos(from);
  let beforeY = y + radius * Math.sin(from);
  for (let piece = 1; piece <= pieces; piece++) {
    const angle = from + (sweep * piece) / pieces;
    const nextX = x + radius * Math.cos(angle);
    const nextY = y + radius * Math.sin(angle);
    canvas.rod(beforeX, beforeY, nextX, nextY, lineRadius, colour);
    beforeX = nextX;
    beforeY = nextY;
  }
  const end = from + sweep;
  const turn = Math.sign(sweep);
  drawHead(canvas, beforeX, beforeY, -Math.sin(end) * turn, Math.cos(end) * turn, lineRadius, colour);
}

function drawHead(
  canvas: Canvas,
  x: number,
  y: number,
  alongX: number,
  alongY: number,
  radius: number,
  colour: Colour,
): void {
  const side = radius * HEAD_HALF_WIDTH;
  const ahead = radius * HEAD_LENGTH;
  const corners = [
    x + alongX * ahead,
    y + alongY * ahead,
    x - alongY * side,
    y + alongX * side,
    x + alongY * side,
    y - alongX * side,
  ];
  canvas.triangle(corners, colour);
}
