import { bootstrapInterval, interquartileMean } from './interquartile.ts';

export interface CurvePoint {
  /** Steps so far, of the environment or of the run. */
  readonly step: number;
  readonly value: number;
}

/** One run's figures while it learnt, by step. */
export interface Curve {
  readonly seed: number;
  readonly points: readonly CurvePoint[];
}

/** Several runs of equal settings, at one step. */
export interface SummaryPoint {
  readonly step: number;
  readonly interquartileMean: number;
  /** Where it lies with 95 % by a percentile bootstrap over the runs. */
  readonly low: number;
  readonly high: number;
}

/** Interquartile mean and interval at every step that all the curves have: where one ends, so does the summary. */
export function summarizeCurves(curves: readonly Curve[]): readonly SummaryPoint[] {
  const [first, ...others] = curves.map(({ points }) => new Map(points.map(({ step, value }) => [step, value])));
  if (first === undefined) return [];
  const steps = [...first.keys()].filter((step) => others.every((values) => values.has(step)));
  return steps.map((step) => {
    const values = [first, ...others].map((of) => of.get(step)!);
    const [low, high] = bootstrapInterval(values);
    return { step, interquartileMean: interquartileMean(values), low, high };
  });
}
