import { FOCUS_SENSOR_COUNT, SENSOR_RANGE_M } from '../../../torcs-client/sensors.ts';
import type { Stretch } from './corridor.ts';
import { castRay } from './corridor.ts';

const DEGREE = Math.PI / 180;
/** The finders lie a degree apart around the direction asked for. */
const FIRST_OFFSET_DEG = -2;
/** Time after a reading without another one, s (the SCR server's sensors). */
const COOL_DOWN_S = 1;
const MAX_DIRECTION_DEG = 90;

/** What there is without a reading. */
export const NO_FOCUS_READING: readonly number[] = Object.freeze(new Array<number>(FOCUS_SENSOR_COUNT).fill(-1));

/** The five range finders that a driver points, readable once a second. */
export class Focus {
  /** Race time from which the next reading is given, s. */
  coolDownUntil = 0;
  /** Direction last asked for, degrees; before the first command straight ahead. */
  direction = 0;

  /** @param direction degrees, -90 left; outside [-90, 90] asks for none */
  ask(direction: number): void {
    this.direction = Math.trunc(direction);
  }

  /** Readings, or all -1. `time` is the race's time, s, negative before the start: then there is none. */
  read(time: number, onRoad: boolean, from: Stretch, x: number, y: number, yaw: number): readonly number[] {
    const wanted = Math.abs(this.direction) <= MAX_DIRECTION_DEG;
    if (!wanted || !onRoad || time < this.coolDownUntil) return NO_FOCUS_READING;
    this.coolDownUntil = time + COOL_DOWN_S;
    return Array.from({ length: FOCUS_SENSOR_COUNT }, (_, i) => {
      const heading = yaw - (this.direction + FIRST_OFFSET_DEG + i) * DEGREE;
      return castRay(from, x, y, Math.cos(heading), Math.sin(heading), SENSOR_RANGE_M);
    });
  }
}
