import { InvalidArgumentError } from '../../../torcs-client/errors.ts';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG, SENSOR_RANGE_M, TRACK_SENSOR_COUNT } from '../../../torcs-client/sensors.ts';
import type { Stretch } from './corridor.ts';
import { castRay } from './corridor.ts';

const DEGREE = Math.PI / 180;

/** Range finders in fixed directions from the car's axis, 0 ahead, -90 left, as the SCR protocol has them. */
export class RangeFinders {
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #blank: readonly number[];

  /** @param anglesDeg directions in degrees. Throws {@link InvalidArgumentError} unless they are 19 finite numbers. */
  constructor(anglesDeg: readonly number[] = DEFAULT_RANGE_FINDER_ANGLES_DEG) {
    if (anglesDeg.length !== TRACK_SENSOR_COUNT || !anglesDeg.every(Number.isFinite)) {
      throw new InvalidArgumentError(
        `Expected \`rangeFinderAnglesDeg\` to be ${TRACK_SENSOR_COUNT} finite numbers, got [${anglesDeg.join(', ')}]`,
      );
    }
    this.#cos = Float64Array.from(anglesDeg, (angle) => Math.cos(angle * DEGREE));
    this.#sin = Float64Array.from(anglesDeg, (angle) => Math.sin(angle * DEGREE));
    // A copy of an array of fractions is made in one go, and stays an array of doubles.
    this.#blank = anglesDeg.map(() => 0.5);
  }

  /** A fresh array of readings, m, from (x, y) with the car's axis along (axisX, axisY). */
  read(from: Stretch, x: number, y: number, axisX: number, axisY: number): number[] {
    const readings = this.#blank.slice();
    for (let i = 0; i < readings.length; i++) {
      const cos = this.#cos[i]!;
      const sin = this.#sin[i]!;
      // To the right of the axis is clockwise.
      readings[i] = castRay(from, x, y, axisX * cos + axisY * sin, axisY * cos - axisX * sin, SENSOR_RANGE_M);
    }
    return readings;
  }
}
