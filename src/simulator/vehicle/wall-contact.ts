import type { Barrier } from '../track/model.ts';
import type { Collider } from './collider.ts';
import { SKILL_DAMAGE_FACTOR } from './constants.ts';

/** Damage per squared newton second of an impulse, and how much more a hit on the nose counts (simuv2, collide.cpp). */
const IMPULSE_DAMAGE = 0.1 * 0.00002;
const NOSE_DAMAGE = 1.5;
const NOSE_ANGLE = Math.PI / 3;
/** How far a car is pushed off the wall in a step, m; how a hit turns it, and the fastest turn after one, rad/s. */
const MIN_PUSH_M = 0.02;
const MAX_PUSH_M = 0.05;
const TURN_FACTOR = 0.5;
const MAX_YAW_RATE = 3;
/** The game's hits are elastic. */
const RESTITUTION = 1;

/**
 * A corner of the car inside a wall that stands between the road and a side behind it, such as a pit wall: an elastic
 * hit off the nearer face. The response is the game's (TORCS 1.3.7, src/modules/simu/simuv2/collide.cpp,
 * SimCarWallCollideResponse); the contact is the corner itself, where the game asks a library for convex bodies.
 * @param barrier of the same side: its normal points to the track
 * @param depth how far the corner is inside the face towards the road, m
 * @param width of the wall, m
 * @param velocityX of the corner, world axes, m/s
 */
export function hitWall(
  car: Collider,
  barrier: Barrier,
  depth: number,
  width: number,
  x: number,
  y: number,
  velocityX: number,
  velocityY: number,
): void {
  const { body } = car;
  const towardsRoad = depth < width / 2;
  const normalX = towardsRoad ? barrier.normalX : -barrier.normalX;
  const normalY = towardsRoad ? barrier.normalY : -barrier.normalY;
  const inside = towardsRoad ? depth : width - depth;
  if (car.blocked === 0) {
    const push = Math.min(Math.max(inside, MIN_PUSH_M), MAX_PUSH_M);
    body.x += normalX * push;
    body.y += normalY * push;
    car.blocked = 1;
  }
  const approach = velocityX * normalX + velocityY * normalY;
  if (approach > 0) return;
  const armX = x - body.x;
  const armY = y - body.y;
  const lever = armX * normalX + armY * normalY;
  const perMass = 1 / car.specification.massKg;
  const impulse = (-(1 + RESTITUTION) * approach) / (perMass + lever * lever * body.inverseYaw);
  const ahead = armX * body.cosYaw + armY * body.sinYaw;
  const aside = armY * body.cosYaw - armX * body.sinYaw;
  const severity = Math.abs(Math.atan2(aside, ahead)) < NOSE_ANGLE ? NOSE_DAMAGE : 1;
  car.addDamage(IMPULSE_DAMAGE * impulse * impulse * severity * SKILL_DAMAGE_FACTOR);
  body.velocityX += normalX * impulse * perMass;
  body.velocityY += normalY * impulse * perMass;
  const turn = impulse * lever * (normalX * armY - normalY * armX) * body.inverseYaw * TURN_FACTOR;
  body.yawRate = Math.max(-MAX_YAW_RATE, Math.min(MAX_YAW_RATE, body.yawRate + turn));
}
