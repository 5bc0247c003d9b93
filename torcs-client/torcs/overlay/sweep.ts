import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnerAlive, ownerOfName } from './owner.ts';

/** An overlay whose owner lives in another container is nobody's after this long without a race, ms. */
const FOREIGN_OVERLAY_AGE_MS = 7 * 24 * 3600 * 1000;

/**
 * Deletes the overlays that dead processes left. Links are removed, never followed, and nothing is touched that is not
 * a folder with an overlay's name.
 * @param baseFolder the folder in which overlays lie
 * @param now wall-clock milliseconds since 1970
 * @returns how many were deleted
 */
export function sweepOverlays(baseFolder: string, now: number = Date.now()): number {
  if (!existsSync(baseFolder)) return 0;
  let swept = 0;
  for (const name of readdirSync(baseFolder)) {
    const owner = ownerOfName(name);
    const folder = join(baseFolder, name);
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (owner === undefined || stat?.isDirectory() !== true) continue;
    const alive = isOwnerAlive(owner) ?? now - stat.mtimeMs < FOREIGN_OVERLAY_AGE_MS;
    if (alive) continue;
    removeFolder(folder);
    swept += 1;
  }
  return swept;
}

/** Deletes a folder of links and files; `rm` unlinks a link and leaves what it points at. Another sweeper may be first. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
