import { CAR } from './car.ts';
import type { Motion } from './motion.ts';

/** Share of the difference between wanted and measured turning speed that goes into the wheels, s. */
const YAW_RATE_GAIN = 0.2;
/** Slip angle of the front wheels beyond which more steering brings little more force, rad. */
const MOST_FRONT_SLIP = 0.2;

/**
 * Steering command, -1 to 1, that bends the car's way with a curvature, 1/m. The geometric angle of a bicycle model,
 * plus a correction by the turning speed, which turns into the skid when the car slides, within the front tyres' grip.
 */
export function steerForCurvature(curvature: number, motion: Motion): number {
  const forward = Math.max(3, motion.forward);
  const wanted = curvature * motion.speed;
  let angle = Math.atan(CAR.wheelbaseM * curvature);
  if (motion.forward > 5) angle += YAW_RATE_GAIN * (wanted - motion.yawRate);
  const axle = Math.atan2(motion.left + motion.yawRate * CAR.frontAxleM, forward);
  if (motion.forward > 8) angle = Math.max(axle - MOST_FRONT_SLIP, Math.min(axle + MOST_FRONT_SLIP, angle));
  return Math.max(-1, Math.min(1, angle / CAR.steerLockRad));
}
