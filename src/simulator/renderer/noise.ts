/** A whole number's hash as a share from 0 to below 1: the same everywhere, so that scenery is part of the track. */
export function hashShare(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Smooth value noise from 0 to 1 with a grid of 1. */
export function smoothNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = ease(x - column);
  const v = ease(y - row);
  const top = hashShare(column, row, seed) * (1 - u) + hashShare(column + 1, row, seed) * u;
  const bottom = hashShare(column, row + 1, seed) * (1 - u) + hashShare(column + 1, row + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}

/** A seed from a name (FNV-1a). */
export function nameSeed(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
