import { SENSOR_RANGE_M, type Sensors } from '../../../torcs-client/sensors.ts';

/** A reading this near to the range met nothing, m. */
const FREE_M = SENSOR_RANGE_M - 0.1;
/** Finders that look across the road or back, by the cosine of their direction to it, say nothing of the road ahead. */
const LEAST_COSINE = 0.05;

/** Where a range finder ends. */
export interface Hit {
  /** Place in the frame of the centre line beside the car: x along it, y to the left, m. */
  readonly x: number;
  readonly y: number;
  /** Distance from the car, m. */
  readonly distance: number;
  /** Edge that was met: 1 the left one, -1 the right one, 0 not known. */
  readonly side: number;
  /** Whether the finder met nothing within its range. */
  readonly free: boolean;
}

/** Turns readings of the range finders into places. */
export class Sight {
  readonly #angles: readonly number[];
  /** Indices of the finders, kept sorted by their readings. */
  readonly #order: number[];

  /** @param anglesDeg directions of the range finders, degrees, -90 left, from left to right */
  constructor(anglesDeg: readonly number[]) {
    this.#angles = anglesDeg.map((angle) => (angle * Math.PI) / 180);
    this.#order = anglesDeg.map((_, index) => index);
  }

  /**
   * Ends of the finders that look ahead, nearest first.
   *
   * @param offset where the car is, m left of the centre line
   */
  hits(sensors: Sensors, offset: number): Hit[] {
    const readings = sensors.track;
    let farthest = 0;
    for (let i = 1; i < readings.length; i++) if (readings[i]! > readings[farthest]!) farthest = i;
    const hits: Hit[] = [];
    for (const i of this.#order.sort((a, b) => readings[a]! - readings[b]!)) {
      const distance = readings[i]!;
      const direction = -sensors.angle - this.#angles[i]!;
      if (Math.cos(direction) < LEAST_COSINE) continue;
      const free = distance >= FREE_M;
      // Seen from within, the left edge comes before the right one in the order of the directions; between is the far end.
      const side = free || i === farthest ? 0 : i < farthest ? 1 : -1;
      const x = distance * Math.cos(direction);
      const y = offset + distance * Math.sin(direction);
      hits.push({ x, y, distance, side, free });
    }
    return hits;
  }
}
