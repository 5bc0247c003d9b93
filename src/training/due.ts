/**
 * Whether something that happens every `interval` steps, and at the end, is due.
 *
 * @param interval 0: never
 * @param doneAt steps at which it was done last; 0: not yet
 */
export function isDue(interval: number, doneAt: number, steps: number, totalSteps: number): boolean {
  if (interval === 0 || doneAt === steps) return false;
  return steps >= totalSteps || Math.floor(steps / interval) > Math.floor(doneAt / interval);
}
