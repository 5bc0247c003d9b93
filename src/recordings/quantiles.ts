import { Random } from '../core/random.ts';

/** The quantiles that LeRobot keeps since 0.4 (compute_stats.py, DEFAULT_QUANTILES), by their names in its files. */
export const QUANTILES = { q01: 0.01, q10: 0.1, q50: 0.5, q90: 0.9, q99: 0.99 } as const;
export type QuantileName = keyof typeof QUANTILES;
export const QUANTILE_NAMES = Object.keys(QUANTILES) as readonly QuantileName[];

/** Something for each quantile. */
export function byQuantile<T>(make: (name: QuantileName) => T): Record<QuantileName, T> {
  return { q01: make('q01'), q10: make('q10'), q50: make('q50'), q90: make('q90'), q99: make('q99') };
}

/** Most rows that a sample keeps. */
const SAMPLE_ROWS = 4096;

/**
 * Rows of numbers: all of them up to {@link SAMPLE_ROWS}, of more a random choice (Vitter's algorithm R, ACM TOMS 11(1),
 * 1985). The choice depends on the number of rows alone, so that a sealing that is done again gives the same.
 */
export class RowSample {
  readonly #size: number;
  readonly #random = new Random(0);
  #values: Float64Array;
  #rows = 0;

  constructor(size: number) {
    this.#size = size;
    this.#values = new Float64Array(64 * size);
  }

  add(row: ArrayLike<number>): void {
    const place = this.#rows < SAMPLE_ROWS ? this.#rows : Math.floor(this.#random.uniform() * (this.#rows + 1));
    this.#rows++;
    if (place >= SAMPLE_ROWS) return;
    const at = place * this.#size;
    if (at + this.#size > this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    for (let i = 0; i < this.#size; i++) this.#values[at + i] = row[i] as number;
  }

  /** The finite values of one entry, sorted. */
  sorted(entry: number): Float64Array {
    const rows = Math.min(this.#rows, SAMPLE_ROWS);
    const column = Float64Array.from({ length: rows }, (_, row) => this.#values[row * this.#size + entry] as number);
    return column.filter(Number.isFinite).sort();
  }
}

/**
 * The value below which the given part of sorted values lies, interpolated between neighbours (type 7 of Hyndman and
 * Fan, The American Statistician 50(4), 1996: numpy's default). 0 of none.
 */
export function quantileOf(count: number, valueAt: (rank: number) => number, part: number): number {
  if (count === 0) return 0;
  const rank = part * (count - 1);
  const below = Math.floor(rank);
  const low = valueAt(below);
  return below === rank ? low : low + (valueAt(below + 1) - low) * (rank - below);
}

/** A distribution as its minimum, its quantiles and its maximum: piecewise linear between them. */
export interface Distribution {
  /** Values, ascending: minimum, {@link QUANTILES}, maximum. */
  readonly knots: readonly number[];
  readonly weight: number;
}

const PARTS = [0, ...Object.values(QUANTILES), 1];

/**
 * Quantiles of two distributions mixed by their weights. LeRobot 0.6 averages the quantiles themselves, which pulls
 * the outer ones inwards (its issue #4156); mixing the distributions does not, and needs no more than is stored.
 */
export function mixQuantiles(a: Distribution, b: Distribution): Record<QuantileName, number> {
  const all = a.weight + b.weight;
  const mixed = (share: (distribution: Distribution) => number): number =>
    (share(a) * a.weight + share(b) * b.weight) / all;
  const places = [...a.knots, ...b.knots].sort((x, y) => x - y);
  const steps = places.map((x) => ({ x, before: mixed((d) => below(d, x)), upTo: mixed((d) => atMost(d, x)) }));
  return byQuantile((name) => {
    const part = QUANTILES[name];
    const next = steps.findIndex(({ upTo }) => upTo >= part);
    const step = steps[next] ?? steps.at(-1);
    const last = steps[next - 1];
    if (step === undefined) return 0;
    if (last === undefined || part >= step.before || step.before <= last.upTo) return step.x;
    return last.x + ((step.x - last.x) * (part - last.upTo)) / (step.before - last.upTo);
  });
}

/** Part of the distribution that is less than x. */
function below({ knots }: Distribution, x: number): number {
  return shareAt(
    knots,
    x,
    knots.findLastIndex((knot) => knot < x),
  );
}

/** Part of the distribution that is at most x. */
function atMost({ knots }: Distribution, x: number): number {
  return shareAt(
    knots,
    x,
    knots.findLastIndex((knot) => knot <= x),
  );
}

function shareAt(knots: readonly number[], x: number, at: number): number {
  if (at < 0) return 0;
  const [low, high] = [knots[at], knots[at + 1]];
  const [from, to] = [PARTS[at], PARTS[at + 1]];
  if (low === undefined || high === undefined || from === undefined || to === undefined) return 1;
  return from + ((x - low) / (high - low)) * (to - from);
}
