import { OPPONENT_SENSOR_COUNT, SENSOR_RANGE_M } from '../../../torcs-client/sensors.ts';
import type { Car } from '../vehicle/car.ts';

const SECTOR_DEG = 360 / OPPONENT_SENSOR_COUNT;

/** What a car alone on the track sees. */
export const NO_OPPONENTS: readonly number[] = Object.freeze(
  new Array<number>(OPPONENT_SENSOR_COUNT).fill(SENSOR_RANGE_M),
);

/**
 * Distance to the nearest other car in each of 36 sectors, clockwise from straight behind, centre to centre, m. A car
 * exactly behind is in no sector, as in the SCR server.
 */
export function readOpponents(car: Car, cars: readonly Car[]): readonly number[] {
  if (cars.length === 1) return NO_OPPONENTS;
  const readings = NO_OPPONENTS.slice();
  for (const other of cars) {
    if (other === car || other.removed === 1) continue;
    const dx = other.body.x - car.body.x;
    const dy = other.body.y - car.body.y;
    const distance = Math.sqrt(dx * dx + dy * dy);
    if (distance === 0 || distance >= SENSOR_RANGE_M) continue;
    let bearing = ((car.body.yaw - Math.atan2(dy, dx)) * 180) / Math.PI;
    while (bearing > 180) bearing -= 360;
    while (bearing <= -180) bearing += 360;
    const sector = Math.floor((180 + bearing) / SECTOR_DEG);
    if (sector < OPPONENT_SENSOR_COUNT && distance < readings[sector]!) readings[sector] = distance;
  }
  return readings;
}
