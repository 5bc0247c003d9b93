import { normalizeAngle } from '../vehicle/body.ts';
import type { Car } from '../vehicle/car.ts';

/** Both cars must be faster than this, m/s, and head the same way within this angle, rad (8 degrees). */
const DRAFT_SPEED = 10;
const DRAFT_ANGLE = 0.1396;
/** A car is behind another when the other lies within 10 degrees of its way; rad. */
const BEHIND_ANGLE = 2.9671;
/** How fast the wake fades behind a car, and how much and how fast the push of one behind does. */
const WAKE_FADE = 2;
const PUSH = 0.15;
const PUSH_FADE = 8;

/**
 * Factor on the speed of the air that a car feels, 1 alone on the road. Source: TORCS 1.3.7,
 * src/modules/simu/simuv2/aero.cpp, SimAeroUpdate.
 */
export function slipstream(car: Car, cars: readonly Car[]): number {
  const { body } = car;
  if (cars.length === 1 || body.speedX <= DRAFT_SPEED) return 1;
  const direction = Math.atan2(body.velocityY, body.velocityX);
  let factor = 1;
  for (const other of cars) {
    if (other === car || other.body.speedX <= DRAFT_SPEED) continue;
    if (Math.abs(normalizeAngle(body.yaw - other.body.yaw)) >= DRAFT_ANGLE) continue;
    const dx = body.x - other.body.x;
    const dy = body.y - other.body.y;
    const bearing = Math.abs(normalizeAngle(direction - Math.atan2(dy, dx)));
    const distance = Math.sqrt(dx * dx + dy * dy);
    if (bearing > BEHIND_ANGLE) {
      factor = Math.min(factor, 1 - Math.exp((-WAKE_FADE * distance) / (other.air.wake * other.body.speedX)));
    } else if (bearing < DRAFT_ANGLE) {
      factor = Math.min(factor, 1 - PUSH * Math.exp((-PUSH_FADE * distance) / (car.air.wake * body.speedX)));
    }
  }
  return factor;
}
