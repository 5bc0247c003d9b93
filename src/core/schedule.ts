import { z } from 'zod';

/** A straight line from one value to another, and the last value from then on. */
export interface LinearSchedule {
  readonly from: number;
  readonly to: number;
  /** Length of the line, in what the option counts: steps or updates. */
  readonly over: number;
}

/** A number that stays, or one that moves. */
export type Schedule = number | LinearSchedule;

/** Checks a schedule whose values are all of one range. */
export function scheduleSchema(value: z.ZodNumber) {
  return z.union([value, z.strictObject({ from: value, to: value, over: z.int().min(1).max(1e12) })]);
}

/** The value after `count` steps or updates. */
export function scheduleAt(schedule: Schedule, count: number): number {
  if (typeof schedule === 'number') return schedule;
  const { from, to, over } = schedule;
  return count >= over ? to : from + ((to - from) * count) / over;
}
