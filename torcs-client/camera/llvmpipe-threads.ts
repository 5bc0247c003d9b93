import { availableParallelism } from 'node:os';

/** Pictures below this many pixels are drawn by one thread. */
const SMALL_PICTURE_PIXELS = 128 * 128;

/**
 * Threads of Mesa's software renderer (its environment variable LP_NUM_THREADS) for pictures of a size.
 * @param processors how many processors there are; default: this machine's
 */
export function llvmpipeThreads(
  size: { readonly width: number; readonly height: number },
  processors: number = availableParallelism(),
): number {
  return size.width * size.height < SMALL_PICTURE_PIXELS ? 1 : Math.max(1, Math.min(processors, 8));
}
