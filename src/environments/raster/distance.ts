/**
 * Signed distances from a point to a shape: negative inside. In any unit. Only additions, products and square roots,
 * which IEEE 754 fixes to the last bit: a picture is the same on every machine.
 */

/** To the segment from a to b, thickened by `radius`. */
export function capsuleDistance(
  x: number,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  radius: number,
): number {
  const alongX = bx - ax;
  const alongY = by - ay;
  const square = alongX * alongX + alongY * alongY;
  const share = square === 0 ? 0 : ((x - ax) * alongX + (y - ay) * alongY) / square;
  const held = Math.min(1, Math.max(0, share));
  const offX = x - ax - held * alongX;
  const offY = y - ay - held * alongY;
  return Math.sqrt(offX * offX + offY * offY) - radius;
}

/** To an upright rectangle with rounded corners. */
export function boxDistance(
  x: number,
  y: number,
  centreX: number,
  centreY: number,
  halfWidth: number,
  halfHeight: number,
  corner: number,
): number {
  const overX = Math.abs(x - centreX) - halfWidth + corner;
  const overY = Math.abs(y - centreY) - halfHeight + corner;
  const outX = Math.max(0, overX);
  const outY = Math.max(0, overY);
  return Math.sqrt(outX * outX + outY * outY) + Math.min(0, Math.max(overX, overY)) - corner;
}

/** To a circle's line of the given width. */
export function ringDistance(
  x: number,
  y: number,
  centreX: number,
  centreY: number,
  radius: number,
  halfWidth: number,
): number {
  const offX = x - centreX;
  const offY = y - centreY;
  return Math.abs(Math.sqrt(offX * offX + offY * offY) - radius) - halfWidth;
}

/** To a triangle; corners in either order. Near a corner it is a little too small, which rounds nothing off. */
export function triangleDistance(x: number, y: number, corners: readonly number[]): number {
  const [ax, ay, bx, by, cx, cy] = corners as readonly [number, number, number, number, number, number];
  const turn = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0 ? -1 : 1;
  return Math.max(
    edgeDistance(x, y, ax, ay, bx, by) * turn,
    edgeDistance(x, y, bx, by, cx, cy) * turn,
    edgeDistance(x, y, cx, cy, ax, ay) * turn,
  );
}

/** To the line through a and b, positive on its right. */
function edgeDistance(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const alongX = bx - ax;
  const alongY = by - ay;
  return ((x - ax) * alongY - (y - ay) * alongX) / Math.sqrt(alongX * alongX + alongY * alongY);
}
