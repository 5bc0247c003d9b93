import type { CompiledTrack } from '../query/compiled-track.ts';
import { placeOn } from '../query/place.ts';
import { heightAt } from '../query/road-height.ts';
import type { Car } from '../vehicle/car.ts';

/**
 * Puts the cars on the grid. Source: TORCS 1.3.7, src/libs/raceengineclient/raceinit.cpp, initStartingGrid.
 * @param order indices of the cars, the one in front first
 * @param startDistanceM where car 0 stands, from the start line, m, all of them in line in the middle of the road;
 *   undefined: where the track's grid says
 */
export function placeOnGrid(
  track: CompiledTrack,
  cars: readonly Car[],
  order: readonly number[],
  startDistanceM: number | undefined,
): void {
  const grid = track.track.startingGrid;
  const ahead = order.indexOf(0) * grid.distanceBetweenColumnsM;
  const front = startDistanceM === undefined ? track.lengthM - grid.distanceToStartM : startDistanceM + ahead;
  const rows = startDistanceM === undefined ? Math.max(1, grid.rows) : 1;
  for (const [place, index] of order.entries()) {
    const car = cars[index]!;
    const column = place % rows;
    const behind = Math.floor(place / rows) * grid.distanceBetweenColumnsM + column * grid.offsetWithinColumnM;
    const share = (column + 1) / (rows + 1);
    const toRight = track.track.widthM * (grid.polePosition === 'left' ? 1 - share : share);
    const spot = placeOn(track, front - behind, toRight);
    car.place(spot.piece, spot.x, spot.y, 0, spot.heading);
    car.position.toStrip();
    car.body.z = heightAt(car.position) + grid.initialHeightM;
  }
}
