import { type Box, drawDisc, drawLine, fillBox, type Picture, type Rgb } from '../raster/picture.ts';
import { PALETTE } from './palette.ts';

/** The wire's reading (rad/s × 10) at car1-trb1's limiter (cars/car1-trb1/car1-trb1.xml, `revs limiter`). */
const LIMITER = 9584;
const SEGMENTS = 24;
/** Shares of the limiter from which the revolutions are shown in another colour. */
const HIGH = 0.75;
const HIGHEST = 0.92;
const EMPTY_OPACITY = 0.35;
/** Range finders are drawn up to this distance, m. */
const FARTHEST_M = 120;

/** Revolutions as a row of lights. @param rpm the sensor's reading */
export function drawRevs(picture: Picture, box: Box, rpm: number): void {
  const lit = Math.min(1, rpm / LIMITER) * SEGMENTS;
  const gap = box.width >= SEGMENTS * 4 ? Math.max(1, Math.round(box.width / SEGMENTS / 5)) : 0;
  for (let i = 0; i < SEGMENTS; i++) {
    const left = Math.round((box.width * i) / SEGMENTS);
    const right = Math.round((box.width * (i + 1)) / SEGMENTS);
    const share = (i + 1) / SEGMENTS;
    const color = share > HIGHEST ? PALETTE.bad : share > HIGH ? PALETTE.warning : PALETTE.good;
    const segment = { x: box.x + left, y: box.y, width: Math.max(1, right - left - gap), height: box.height };
    if (i + 0.5 <= lit) fillBox(picture, segment, color);
    else fillBox(picture, segment, PALETTE.empty, EMPTY_OPACITY);
  }
}

/** A pedal, from the left. @param share 0 to 1 */
export function drawPedal(picture: Picture, box: Box, share: number, color: Rgb): void {
  fillBox(picture, box, PALETTE.empty, EMPTY_OPACITY);
  const width = Math.round(box.width * Math.min(1, Math.max(0, share)));
  fillBox(picture, { ...box, width }, color);
}

/** Steering from the middle: to the left when the wheel is turned left. @param steer -1 right to 1 left */
export function drawSteering(picture: Picture, box: Box, steer: number): void {
  fillBox(picture, box, PALETTE.empty, EMPTY_OPACITY);
  const middle = box.x + box.width / 2;
  const end = middle - (Math.min(1, Math.max(-1, steer)) * box.width) / 2;
  const left = Math.round(Math.min(middle, end));
  fillBox(picture, { ...box, x: left, width: Math.round(Math.max(middle, end)) - left }, PALETTE.accent);
  const tick = Math.max(1, Math.round(box.height / 5));
  fillBox(picture, { ...box, x: Math.round(middle - tick / 2), width: tick }, PALETTE.text);
}

/**
 * Range finders as rays from the car, seen from above, forward up.
 *
 * @param rangesM as the sensor reads them; below 0 where there is no reading
 * @param anglesDeg of each, -90 left
 */
export function drawRangeFinders(
  picture: Picture,
  box: Box,
  rangesM: readonly number[],
  anglesDeg: readonly number[],
): void {
  fillBox(picture, box, PALETTE.empty, 0.15);
  const x = box.x + box.width / 2;
  const y = box.y + box.height - 2;
  const thickness = Math.max(1, box.height / 60);
  for (const [i, range] of rangesM.entries()) {
    const angle = ((anglesDeg[i] ?? 0) * Math.PI) / 180;
    if (range < 0) continue;
    // Near things matter most: lengths are roots of distances.
    const length = Math.sqrt(Math.min(1, range / FARTHEST_M)) * (box.height - 4);
    const reach = Math.min(length, Math.abs((box.width / 2 - 2) / (Math.sin(angle) || 1e-9)));
    const end = [x + Math.sin(angle) * reach, y - Math.cos(angle) * reach] as const;
    drawLine(picture, [x, y], end, thickness, PALETTE.accent, 0.55);
    drawDisc(picture, end[0], end[1], Math.max(1, box.height / 45), PALETTE.text);
  }
}
