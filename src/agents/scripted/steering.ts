import { CAR, TICK_S } from './car.ts';
import { LINE_STEP_M } from './line.ts';
import type { Motion } from './motion.ts';

/** Share of the difference between wanted and measured turning speed that goes into the wheels, s. */
const YAW_RATE_GAIN = 0.2;
/**
 * The same where steering holds for longer than a tick, over the ticks: at 30 m/s a wheel that is turned by 1 rad turns the
 * car by 11 rad/s, so that a correction in full that holds for five ticks would be a larger error the other way.
 */
const HELD_YAW_RATE_GAIN = 0.1;
/** Slip angle of the front wheels beyond which more steering brings little more force, rad. */
const MOST_FRONT_SLIP = 0.2;

/** Distance of the point that is steered for: at a standstill, m, and more by speed, s. */
const REACH_M = 5;
const REACH_S = 0.22;
/** And more by the time for which steering holds, over a tick. */
const REACH_PER_HOLD = 3;

/**
 * Steering command, -1 to 1, that bends the car's way with a curvature, 1/m. The geometric angle of a bicycle model,
 * plus a correction by the turning speed, which turns into the skid when the car slides, within the front tyres' grip.
 *
 * @param holdS time for which the command will act, s
 */
export function steerForCurvature(curvature: number, motion: Motion, holdS = TICK_S): number {
  const forward = Math.max(3, motion.forward);
  const wanted = curvature * motion.speed;
  let angle = Math.atan(CAR.wheelbaseM * curvature);
  const gain = holdS <= TICK_S ? YAW_RATE_GAIN : HELD_YAW_RATE_GAIN * (TICK_S / holdS);
  if (motion.forward > 5) angle += gain * (wanted - motion.yawRate);
  const axle = Math.atan2(motion.left + motion.yawRate * CAR.frontAxleM, forward);
  if (motion.forward > 8) angle = Math.max(axle - MOST_FRONT_SLIP, Math.min(axle + MOST_FRONT_SLIP, angle));
  return Math.max(-1, Math.min(1, angle / CAR.steerLockRad));
}

/**
 * Curvature of the arc from the car, along its motion, to the planned line some way ahead: pure pursuit (Coulter,
 * "Implementation of the Pure Pursuit Path Tracking Algorithm", CMU-RI-TR-92-01, 1992), with the direction of motion in
 * the place of the body's.
 *
 * @param offset where the car is, m left of the centre line
 * @param count points of the plan
 * @param roadCurvature curvature of the centre line at them, 1/m
 * @param line planned offsets from the centre line at them, m
 * @param holdS time for which the steering will act, s
 */
export function curvatureToLine(
  motion: Motion,
  offset: number,
  count: number,
  roadCurvature: Float64Array,
  line: Float64Array,
  holdS = TICK_S,
): number {
  const reachS = REACH_S + REACH_PER_HOLD * (holdS - TICK_S);
  const reach = Math.min((count - 1) * LINE_STEP_M, REACH_M + reachS * motion.speed);
  const whole = Math.floor(reach / LINE_STEP_M);
  let x = 0;
  let y = 0;
  let heading = 0;
  for (let k = 0; k <= whole; k++) {
    const length = k < whole ? LINE_STEP_M : reach - whole * LINE_STEP_M;
    const turn = roadCurvature[k]! * length;
    x += length * Math.cos(heading + turn / 2);
    y += length * Math.sin(heading + turn / 2);
    heading += turn;
  }
  const share = reach / LINE_STEP_M - whole;
  const n = (1 - share) * line[whole]! + share * line[Math.min(count - 1, whole + 1)]!;
  const px = x - n * Math.sin(heading);
  const py = y + n * Math.cos(heading) - offset;
  const ahead = px * Math.cos(motion.course) + py * Math.sin(motion.course);
  const left = -px * Math.sin(motion.course) + py * Math.cos(motion.course);
  return (2 * left) / (ahead * ahead + left * left);
}
