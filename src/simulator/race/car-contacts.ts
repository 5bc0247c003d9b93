import type { Car } from '../vehicle/car.ts';
import { SKILL_DAMAGE_FACTOR } from '../vehicle/constants.ts';

/** Damage per newton second of an impulse, and how much more a hit on the nose counts (simuv2, collide.cpp). */
const IMPULSE_DAMAGE = 0.1;
const NOSE_DAMAGE = 1.5;
const NOSE_ANGLE = Math.PI / 3;
/** Furthest that cars are pushed apart in a step, m, and the fastest turn after a hit, rad/s. */
const MAX_PUSH_M = 0.05;
const MAX_YAW_RATE = 3;
/** The game's hits are elastic. */
const RESTITUTION = 1;

/**
 * Hits between cars, taken as rectangles. The responses are the game's (TORCS 1.3.7,
 * src/modules/simu/simuv2/collide.cpp, SimCarCollideResponse); it finds contact points with a library for convex
 * bodies, here they are the middle of the corners that lie inside the other rectangle, along the axis of least overlap.
 */
export class CarContacts {
  readonly #cars: readonly Car[];
  readonly #velocities: Float64Array;
  readonly #hit: Uint8Array;

  #normalX = 0;
  #normalY = 0;
  #overlap = 0;
  #contactX = 0;
  #contactY = 0;

  constructor(cars: readonly Car[]) {
    this.#cars = cars;
    this.#velocities = new Float64Array(cars.length * 3);
    this.#hit = new Uint8Array(cars.length);
  }

  /** After all cars have moved: finds the hits, and changes velocities once all are found. */
  update(): void {
    const count = this.#cars.length;
    if (count === 1) return;
    this.#hit.fill(0);
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const first = this.#cars[i]!;
        const second = this.#cars[j]!;
        if (first.removed === 1 || second.removed === 1) continue;
        if (this.#touch(first, second)) this.#respond(i, j);
      }
    }
    for (let i = 0; i < count; i++) {
      if (this.#hit[i] === 0) continue;
      const body = this.#cars[i]!.body;
      body.velocityX = this.#velocities[3 * i]!;
      body.velocityY = this.#velocities[3 * i + 1]!;
      body.yawRate = this.#velocities[3 * i + 2]!;
    }
  }

  /** Whether two rectangles overlap; sets the normal from the second to the first, the overlap and the contact. */
  #touch(first: Car, second: Car): boolean {
    const dx = first.body.x - second.body.x;
    const dy = first.body.y - second.body.y;
    const reach = first.specification.lengthM;
    if (dx * dx + dy * dy > 1.5 * reach * reach) return false;
    this.#overlap = Number.POSITIVE_INFINITY;
    if (!this.#separate(first, second, first, dx, dy) || !this.#separate(first, second, second, dx, dy)) return false;
    let count = 0;
    this.#contactX = 0;
    this.#contactY = 0;
    count += this.#cornersInside(first, second);
    count += this.#cornersInside(second, first);
    if (count === 0) {
      this.#contactX = (first.body.x + second.body.x) / 2;
      this.#contactY = (first.body.y + second.body.y) / 2;
    } else {
      this.#contactX /= count;
      this.#contactY /= count;
    }
    return true;
  }

  /** Tests both axes of one rectangle; keeps the axis of least overlap. False when the rectangles are apart on one. */
  #separate(first: Car, second: Car, axes: Car, dx: number, dy: number): boolean {
    const cos = Math.cos(axes.body.yaw);
    const sin = Math.sin(axes.body.yaw);
    return this.#axis(first, second, cos, sin, dx, dy) && this.#axis(first, second, -sin, cos, dx, dy);
  }

  #axis(first: Car, second: Car, x: number, y: number, dx: number, dy: number): boolean {
    const distance = dx * x + dy * y;
    const overlap = extent(first, x, y) + extent(second, x, y) - Math.abs(distance);
    if (overlap <= 0) return false;
    if (overlap < this.#overlap) {
      const sign = distance < 0 ? -1 : 1;
      this.#overlap = overlap;
      this.#normalX = sign * x;
      this.#normalY = sign * y;
    }
    return true;
  }

  #cornersInside(owner: Car, other: Car): number {
    const halfLength = owner.specification.lengthM / 2;
    const halfWidth = owner.specification.widthM / 2;
    const cos = Math.cos(owner.body.yaw);
    const sin = Math.sin(owner.body.yaw);
    const otherCos = Math.cos(other.body.yaw);
    const otherSin = Math.sin(other.body.yaw);
    let count = 0;
    for (let i = 0; i < 4; i++) {
      const forward = i < 2 ? halfLength : -halfLength;
      const across = i % 2 === 0 ? -halfWidth : halfWidth;
      const x = owner.body.x + forward * cos - across * sin;
      const y = owner.body.y + forward * sin + across * cos;
      const dx = x - other.body.x;
      const dy = y - other.body.y;
      if (Math.abs(dx * otherCos + dy * otherSin) > other.specification.lengthM / 2) continue;
      if (Math.abs(dy * otherCos - dx * otherSin) > other.specification.widthM / 2) continue;
      this.#contactX += x;
      this.#contactY += y;
      count++;
    }
    return count;
  }

  #respond(i: number, j: number): void {
    const first = this.#cars[i]!;
    const second = this.#cars[j]!;
    const normalX = this.#normalX;
    const normalY = this.#normalY;
    const firstX = this.#contactX - first.body.x;
    const firstY = this.#contactY - first.body.y;
    const secondX = this.#contactX - second.body.x;
    const secondY = this.#contactY - second.body.y;
    const push = Math.min(this.#overlap, MAX_PUSH_M);
    shift(first, normalX * push, normalY * push);
    shift(second, -normalX * push, -normalY * push);
    const velocityX =
      first.body.velocityX - first.body.yawRate * firstY - (second.body.velocityX - second.body.yawRate * secondY);
    const velocityY =
      first.body.velocityY + first.body.yawRate * firstX - (second.body.velocityY + second.body.yawRate * secondX);
    const approach = velocityX * normalX + velocityY * normalY;
    if (approach > 0) return;
    // The game weighs the levers by their parts along the normal, not across it.
    const firstLever = firstX * normalX + firstY * normalY;
    const secondLever = secondX * normalX + secondY * normalY;
    const firstMass = 1 / first.specification.massKg;
    const secondMass = 1 / second.specification.massKg;
    const impulse =
      (-(1 + RESTITUTION) * approach) /
      (firstMass +
        secondMass +
        firstLever * firstLever * first.body.inverseYaw +
        secondLever * secondLever * second.body.inverseYaw);
    const firstCross = normalX * firstY - normalY * firstX;
    const secondCross = normalY * secondX - normalX * secondY;
    this.#change(i, impulse, firstMass, firstLever * firstCross, firstX, firstY);
    this.#change(j, -impulse, secondMass, secondLever * secondCross, secondX, secondY);
  }

  #change(index: number, impulse: number, perMass: number, turn: number, x: number, y: number): void {
    const car = this.#cars[index]!;
    const { body } = car;
    const bearing = Math.atan2(
      y * Math.cos(body.yaw) - x * Math.sin(body.yaw),
      x * Math.cos(body.yaw) + y * Math.sin(body.yaw),
    );
    const severity = Math.abs(bearing) < NOSE_ANGLE ? NOSE_DAMAGE : 1;
    car.addDamage(IMPULSE_DAMAGE * Math.abs(impulse) * severity * SKILL_DAMAGE_FACTOR);
    const base = 3 * index;
    if (this.#hit[index] === 0) {
      this.#velocities[base] = body.velocityX;
      this.#velocities[base + 1] = body.velocityY;
      this.#velocities[base + 2] = body.yawRate;
      this.#hit[index] = 1;
    }
    this.#velocities[base] = this.#velocities[base]! + this.#normalX * impulse * perMass;
    this.#velocities[base + 1] = this.#velocities[base + 1]! + this.#normalY * impulse * perMass;
    const yawRate = this.#velocities[base + 2]! + impulse * turn * body.inverseYaw;
    this.#velocities[base + 2] = Math.max(-MAX_YAW_RATE, Math.min(MAX_YAW_RATE, yawRate));
  }
}

/** Half the width of a car's rectangle seen along a direction, m. */
function extent(car: Car, x: number, y: number): number {
  const cos = Math.cos(car.body.yaw);
  const sin = Math.sin(car.body.yaw);
  const { lengthM, widthM } = car.specification;
  return (lengthM * Math.abs(x * cos + y * sin) + widthM * Math.abs(y * cos - x * sin)) / 2;
}

/** Pushes a car once in a step. */
function shift(car: Car, x: number, y: number): void {
  if (car.blocked === 1) return;
  car.body.x += x;
  car.body.y += y;
  car.blocked = 1;
}
