import type { CompiledTrack } from '../query/compiled-track.ts';
import { placeOn } from '../query/place.ts';
import { heightAt } from '../query/road-height.ts';
import type { Car } from '../vehicle/car.ts';

/**
 * Puts the cars on the grid, the first one in front. Source: TORCS 1.3.7, src/libs/raceengineclient/raceinit.cpp,
 * initStartingGrid.
 * @param startDistanceM where the first car stands, from the start line, m, in the middle of the road, the others in
 *   line behind it; undefined: where the track's grid says
 */
export function placeOnGrid(track: CompiledTrack, cars: readonly Car[], startDistanceM: number | undefined): void {
  const grid = track.track.startingGrid;
  const front = startDistanceM ?? track.lengthM - grid.distanceToStartM;
  const rows = startDistanceM === undefined ? Math.max(1, grid.rows) : 1;
  for (const [index, car] of cars.entries()) {
    const column = index % rows;
    const behind = Math.floor(index / rows) * grid.distanceBetweenColumnsM + column * grid.offsetWithinColumnM;
    const share = (column + 1) / (rows + 1);
    const toRight = track.track.widthM * (grid.polePosition === 'left' ? 1 - share : share);
    const place = placeOn(track, front - behind, toRight);
    car.place(place.piece, place.x, place.y, 0, place.heading);
    car.position.toStrip();
    car.body.z = heightAt(car.position) + grid.initialHeightM;
  }
}
