import { type Canvas, drawArcArrow, PALETTE, type View } from '../raster/index.ts';
import { FINGER_LENGTH, LINK_LENGTH } from './model.ts';

/** The arm reaches 0.21 m. */
export const REACHER_VIEW: View = { centreX: 0, centreY: 0, width: 0.46, height: 0.46 };

const REACH = 2 * LINK_LENGTH + FINGER_LENGTH;
const LINK_RADIUS = 0.011;
const EDGE = 0.0025;
/** Larger than in the physics, where nothing touches it: the finger tip on its middle leaves a rim to be seen. */
const TARGET_RADIUS = 0.017;
const TIP_RADIUS = 0.012;
/** Arrows of the two motors: radius of their circles, m, and length for full torque, radians. */
const ARROW_RADIUS = 0.035;
const FULL_SWEEP = 2;

export function drawReacherBackground(canvas: Canvas): void {
  canvas.fill(PALETTE.ground);
  canvas.ring(0, 0, REACH, 0.002, PALETTE.line);
}

export interface ReacherPose {
  /** Angles of shoulder and elbow, radians, counter-clockwise. */
  readonly shoulder: number;
  readonly elbow: number;
  /** Place of the target, m. */
  readonly targetX: number;
  readonly targetY: number;
}

/** @param efforts torques of shoulder and elbow as shares of the greatest, -1 to 1 */
export function drawReacher(canvas: Canvas, pose: ReacherPose, efforts: readonly [number, number]): void {
  const { shoulder, elbow, targetX, targetY } = pose;
  const elbowX = LINK_LENGTH * Math.cos(shoulder);
  const elbowY = LINK_LENGTH * Math.sin(shoulder);
  const forearm = shoulder + elbow;
  const tipX = elbowX + (LINK_LENGTH + FINGER_LENGTH) * Math.cos(forearm);
  const tipY = elbowY + (LINK_LENGTH + FINGER_LENGTH) * Math.sin(forearm);
  canvas.disc(0, 0, LINK_RADIUS * 1.6, PALETTE.steel);
  canvas.rod(0, 0, elbowX, elbowY, LINK_RADIUS, PALETTE.ink);
  canvas.rod(0, 0, elbowX, elbowY, LINK_RADIUS - EDGE, PALETTE.navy);
  canvas.rod(elbowX, elbowY, tipX, tipY, LINK_RADIUS, PALETTE.ink);
  canvas.rod(elbowX, elbowY, tipX, tipY, LINK_RADIUS - EDGE, PALETTE.navy);
  canvas.disc(elbowX, elbowY, 0.005, PALETTE.ground);
  canvas.disc(0, 0, 0.005, PALETTE.ground);
  // Above the arm, which would hide it, and below the finger tip.
  canvas.disc(targetX, targetY, TARGET_RADIUS, PALETTE.scarlet);
  canvas.disc(tipX, tipY, TIP_RADIUS, PALETTE.ink);
  canvas.disc(tipX, tipY, TIP_RADIUS - EDGE, PALETTE.amber);
  const circles = [
    { x: 0, y: 0, radius: ARROW_RADIUS },
    { x: elbowX, y: elbowY, radius: ARROW_RADIUS },
  ];
  for (const [i, circle] of circles.entries()) {
    drawArcArrow(canvas, circle, i === 0 ? shoulder : forearm, efforts[i]! * FULL_SWEEP, 0.0028, PALETTE.teal);
  }
}
