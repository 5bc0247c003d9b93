import { mix } from './canvas.ts';
import { SKY_HORIZON } from './colors.ts';

/** The game's cameras in and behind the car see fog from here to its end, and nothing beyond (grcam.cpp), m. */
const FOG_START_M = 300;
export const FAR_M = 600;
/** Share of haze at the fog's start: the game has none, but its distant textures fade too. */
const HAZE = 0.12;

/** How much of a colour the air hides at a distance, of 256. */
export function fogShare(distance: number): number {
  if (distance <= FOG_START_M) return ((256 * HAZE * distance) / FOG_START_M) | 0;
  const share = HAZE + (1 - HAZE) * ((distance - FOG_START_M) / (FAR_M - FOG_START_M));
  return share >= 1 ? 256 : (share * 256) | 0;
}

/** The colour as seen at a distance: a little paler, and gone in the fog at its end. */
export function fog(color: number, distance: number): number {
  return mix(color, SKY_HORIZON, fogShare(distance));
}
