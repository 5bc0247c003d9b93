import type { Observation } from '../core/environment.ts';

/** The last `channels` channels of the stack: its newest picture. */
export function newestPicture(
  observation: Observation,
  camera: { width: number; height: number; channels: number },
): Uint8Array | undefined {
  const pixels = observation.pixels;
  const count = camera.width * camera.height;
  if (pixels === undefined || pixels.length === count * camera.channels) return pixels;
  const depth = pixels.length / count;
  if (!Number.isInteger(depth) || depth % camera.channels !== 0) return pixels;
  const newest = new Uint8Array(count * camera.channels);
  for (let i = 0, to = 0; i < count; i++) {
    for (let c = depth - camera.channels; c < depth; c++) newest[to++] = pixels[i * depth + c] as number;
  }
  return newest;
}
