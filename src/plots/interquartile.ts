import { Random } from '../core/random.ts';

const RESAMPLES = 2000;

/** Mean of the middle half of the values; a value at an edge counts by its share (Agarwal et al. 2021). */
export function interquartileMean(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const from = sorted.length / 4;
  const to = sorted.length - from;
  let sum = 0;
  for (const [i, value] of sorted.entries()) sum += value * Math.max(0, Math.min(i + 1, to) - Math.max(i, from));
  return sum / (to - from);
}

/** Where 95 % of the interquartile means of resampled values lie (percentile bootstrap, a fixed seed). */
export function bootstrapInterval(values: readonly number[]): readonly [number, number] {
  const random = new Random(0);
  const means = Array.from({ length: RESAMPLES }, () => interquartileMean(values.map(() => random.pick(values))));
  means.sort((a, b) => a - b);
  return [means[Math.floor(0.025 * RESAMPLES)]!, means[Math.ceil(0.975 * RESAMPLES) - 1]!];
}
