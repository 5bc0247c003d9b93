import { stripWidth } from '../query/piece.ts';
import type { Barrier } from '../track/model.ts';
import type { Body } from './body.ts';
import type { Collider } from './collider.ts';
import { SKILL_DAMAGE_FACTOR } from './constants.ts';
import { hitWall } from './wall-contact.ts';

/** How much a scrape turns the car, and how fast it may turn after one, rad/s (simuv2, collide.cpp). */
const TURN_SCALE = 10;
const MAX_YAW_RATE = 6;
/** A corner further from the barrier than this cannot touch it, m: a car's half diagonal and half a metre to spare. */
const SAFE_DISTANCE_M = 3;
/** Weights of the impact and of the scrape in the damage. */
const IMPACT_DAMAGE = 0.5;
const SCRAPE_DAMAGE = 0.005;

/**
 * Hits of the car's four corners against the barriers, and against walls before them. Source: TORCS 1.3.7, src/modules/simu/simuv2/collide.cpp,
 * SimCarCollideXYScene.
 */
export class BarrierContact {
  readonly #car: Collider;
  readonly #halfLength: number;
  readonly #halfWidth: number;

  constructor(car: Collider) {
    this.#car = car;
    this.#halfLength = car.specification.lengthM / 2;
    this.#halfWidth = car.specification.widthM / 2;
  }

  /**
   * @param x centre of gravity before this step's move, m: the game takes the corners from there
   * @param y likewise
   */
  update(x: number, y: number): void {
    const { position } = this.#car;
    const { piece, toRight } = position;
    if (
      toRight + piece.clearanceRight > SAFE_DISTANCE_M &&
      piece.width - toRight + piece.clearanceLeft > SAFE_DISTANCE_M
    ) {
      return;
    }
    const body = this.#car.body;
    // The velocities of the corners are those before the first hit.
    const velocityX = body.velocityX;
    const velocityY = body.velocityY;
    const yawRate = body.yawRate;
    for (let i = 0; i < 4; i++) {
      const forward = i < 2 ? this.#halfLength : -this.#halfLength;
      const across = i % 2 === 0 ? -this.#halfWidth : this.#halfWidth;
      const offsetX = forward * body.cosYaw - across * body.sinYaw;
      const offsetY = forward * body.sinYaw + across * body.cosYaw;
      this.#corner(x + offsetX, y + offsetY, velocityX - yawRate * offsetY, velocityY + yawRate * offsetX);
    }
  }

  #corner(x: number, y: number, velocityX: number, velocityY: number): void {
    const car = this.#car;
    const probe = car.probe;
    probe.locate(car.position.piece, x, y);
    const toRight = probe.toRightBarrier;
    if (toRight < 0) {
      this.#hit(probe.piece.segment.right.barrier, toRight, x, y, velocityX, velocityY);
      return;
    }
    const toLeft = probe.toLeftBarrier;
    if (toLeft < 0) {
      this.#hit(probe.piece.segment.left.barrier, toLeft, x, y, velocityX, velocityY);
      return;
    }
    const { piece } = probe;
    const beside = probe.toRight < 0 ? piece.right1 : probe.toRight > piece.width ? piece.left1 : null;
    if (beside === null || !beside.isWall) return;
    const depth = probe.toRight < 0 ? -probe.toRight : probe.toRight - piece.width;
    const width = stripWidth(beside, probe.toStart);
    if (depth > width) return;
    const side = beside.isRight ? piece.segment.right : piece.segment.left;
    hitWall(car, side.barrier, depth, width, x, y, velocityX, velocityY);
  }

  #hit(barrier: Barrier, toSide: number, x: number, y: number, cornerX: number, cornerY: number): void {
    const { normalX, normalY, material } = barrier;
    const body: Body = this.#car.body;
    body.x -= normalX * toSide;
    body.y -= normalY * toSide;
    this.#car.blocked = 1;

    const speed = Math.max(1, Math.sqrt(body.velocityX * body.velocityX + body.velocityY * body.velocityY));
    const inwards = body.velocityX * normalX + body.velocityY * normalY;
    const cosine = inwards / speed;
    const impact = inwards * cosine;
    const cornerInwards = normalX * cornerX + normalY * cornerY;

    const friction = cornerInwards * material.friction;
    body.velocityX -= normalX * friction;
    body.velocityY -= normalY * friction;
    const lever = normalX * (x - body.x) + normalY * (y - body.y);
    const yawRate = body.yawRate - (lever * friction) / TURN_SCALE;
    body.yawRate = Math.max(-MAX_YAW_RATE, Math.min(MAX_YAW_RATE, yawRate));

    if (cornerInwards >= 0) return;
    const severity = IMPACT_DAMAGE * impact * impact + SCRAPE_DAMAGE * Math.abs(1 - cosine) * speed;
    this.#car.addDamage(material.damage * severity * SKILL_DAMAGE_FACTOR);
    const rebound = cornerInwards * material.rebound;
    if (rebound < 0) {
      body.velocityX -= normalX * rebound;
      body.velocityY -= normalY * rebound;
    }
  }
}
