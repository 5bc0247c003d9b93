import { mix } from './canvas.ts';
import { CLOUD, FOREST, GRASS, MOUNTAIN, SKY_HORIZON, SKY_TOP } from './colors.ts';
import { FAR_M, fog } from './fog.ts';
import { smoothNoise } from './noise.ts';

/** Directions around, and slopes (height per distance) from top to bottom. */
export const PANORAMA_DIRECTIONS = 2048;
export const PANORAMA_SLOPES = 256;
export const SLOPE_TOP = 1;
export const SLOPES_PER_ONE = 200;
/** Height of the eye for which the land below the horizon is painted, m. */
const EYE_HEIGHT_M = 1.2;

let painted: Int32Array | undefined;

/**
 * All that is beyond the track, in every direction: sky with clouds, mountains, a strip of forest, and level grass
 * below the horizon. Pixel `direction * PANORAMA_SLOPES + slope`; painted once for all tracks.
 */
export function panorama(): Int32Array {
  painted ??= paint();
  return painted;
}

function paint(): Int32Array {
  const pixels = new Int32Array(PANORAMA_DIRECTIONS * PANORAMA_SLOPES);
  const clouds = new Float64Array(PANORAMA_SLOPES);
  for (let direction = 0; direction < PANORAMA_DIRECTIONS; direction++) {
    const angle = (direction / PANORAMA_DIRECTIONS) * 2 * Math.PI;
    // On a circle through the noise, so that the end meets the beginning.
    const x = 40 + Math.cos(angle) * 6;
    const y = 40 + Math.sin(angle) * 6;
    const ridge = 0.015 + 0.1 * smoothNoise(x, y, 1) ** 2 + 0.03 * smoothNoise(x * 4, y * 4, 2);
    const forest = 0.006 + 0.022 * smoothNoise(x * 6, y * 6, 3) + 0.012 * smoothNoise(x * 20, y * 20, 4);
    for (let step = 0; step < PANORAMA_SLOPES; step++) {
      const slope = SLOPE_TOP - (step + 0.5) / SLOPES_PER_ONE;
      // Clouds are smooth enough for every other direction.
      if (direction % 2 === 0 && slope > 0) clouds[step] = cloudiness(slope, x - 40, y - 40);
      pixels[direction * PANORAMA_SLOPES + step] = colorAt(slope, ridge, forest, clouds[step]!);
    }
  }
  return pixels;
}

function colorAt(slope: number, ridge: number, forest: number, clouds: number): number {
  if (slope < 0) return fog(GRASS, Math.min(FAR_M * 0.7, EYE_HEIGHT_M / -slope));
  if (slope < forest) return mix(FOREST, SKY_HORIZON, 90);
  if (slope < ridge) return mix(MOUNTAIN, SKY_HORIZON, (60 + ((ridge - slope) / ridge) * 90) | 0);
  const sky = mix(SKY_HORIZON, SKY_TOP, Math.min(256, (slope / 0.62) * 256) | 0);
  return mix(sky, CLOUD, (clouds * 256) | 0);
}

/** Share of the sky that clouds cover: they lie on a level sheet, and are flatter the nearer to the horizon. */
function cloudiness(slope: number, x: number, y: number): number {
  const height = 0.9 / (slope + 0.12);
  const cloud =
    0.65 * smoothNoise(x * height * 0.35, y * height * 0.35, 5) +
    0.35 * smoothNoise(x * height * 0.9, y * height * 0.9, 6);
  return Math.min(0.75, Math.max(0, (cloud - 0.5) * 2.2));
}
