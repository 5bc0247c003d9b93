import { SurfaceNormal } from '../query/road-height.ts';
import type { Collider } from './collider.ts';
import { SKILL_DAMAGE_FACTOR } from './constants.ts';

const normal = new SurfaceNormal();

/**
 * The body hits the ground where a suspension is fully compressed. Source: TORCS 1.3.7,
 * src/modules/simu/simuv2/collide.cpp, SimCarCollideZ.
 */
export function hitGround(car: Collider): void {
  const body = car.body;
  for (let i = 0; i < 4; i++) {
    const wheel = car.wheels[i]!;
    if (wheel.suspension.compressed === 0) continue;
    body.z += wheel.suspension.packers - wheel.gap;
    normal.set(wheel.ground);
    const material = wheel.ground.strip.material;
    const inwards = body.velocityX * normal.x + body.velocityY * normal.y + body.velocityZ * normal.z;
    const rebound = inwards * material.rebound;
    if (rebound >= 0) continue;
    body.velocityX -= normal.x * rebound;
    body.velocityY -= normal.y * rebound;
    body.velocityZ -= normal.z * rebound;
    car.addDamage(material.damage * -rebound * SKILL_DAMAGE_FACTOR);
  }
}
