import { availableParallelism } from 'node:os';

/**
 * Smaller pictures are drawn without threads of their own: at 64 × 64 their hand-over costs what they save (measured in
 * processor time per picture: 1.98 ms without, 2.00 with one, 2.13 with two; at 640 × 480 two halve the waiting).
 */
const SMALL_PICTURE_PIXELS = 128 * 128;

/**
 * Number of threads of Mesa's software renderer (its environment variable LP_NUM_THREADS) for pictures of a size; 0 draws in
 * the game's own thread.
 * @param processors how many processors there are; default: this machine's
 */
export function llvmpipeThreads(
  size: { readonly width: number; readonly height: number },
  processors: number = availableParallelism(),
): number {
  return size.width * size.height < SMALL_PICTURE_PIXELS ? 0 : Math.max(1, Math.min(processors, 8));
}
