import {
  byQuantile,
  type Distribution,
  mixQuantiles,
  QUANTILE_NAMES,
  QUANTILES,
  type QuantileName,
  quantileOf,
  RowSample,
} from './quantiles.ts';

/** LeRobot's statistics of one feature (compute_stats.py); a list holds an entry per number of the feature. */
export interface FeatureStats extends Readonly<Record<QuantileName, readonly number[]>> {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Frames that were looked at; a list of one entry, as in LeRobot's files. */
  readonly count: readonly number[];
}

export type StatName = keyof FeatureStats;
export const STAT_NAMES: readonly StatName[] = ['min', 'max', 'mean', 'std', 'count', ...QUANTILE_NAMES];

/**
 * Running minimum, maximum, mean, variance (Welford, Technometrics 4(3), 1962) and quantiles of each entry. What is not
 * finite is left out, because neither JSON nor a normaliser could use it. Memory is bounded.
 */
export class RunningStats {
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  readonly #counts: Float64Array;
  readonly #sample: RowSample;
  #rows = 0;

  constructor(size: number) {
    this.#min = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
    this.#counts = new Float64Array(size);
    this.#sample = new RowSample(size);
  }

  add(values: ArrayLike<number>): void {
    this.#rows++;
    this.#sample.add(values);
    for (let i = 0; i < this.#mean.length; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) continue;
      const count = (this.#counts[i] as number) + 1;
      this.#counts[i] = count;
      const mean = this.#mean[i] as number;
      const delta = value - mean;
      const next = mean + delta / count;
      this.#mean[i] = next;
      this.#squares[i] = (this.#squares[i] as number) + delta * (value - next);
      if (value < (this.#min[i] as number)) this.#min[i] = value;
      if (value > (this.#max[i] as number)) this.#max[i] = value;
    }
  }

  result(): FeatureStats {
    const columns = Array.from(this.#mean, (_, i) => this.#sample.sorted(i));
    const seen = (values: Float64Array): number[] =>
      Array.from(values, (value, i) => (this.#counts[i] === 0 ? 0 : value));
    return {
      min: seen(this.#min),
      max: seen(this.#max),
      mean: [...this.#mean],
      std: Array.from(this.#squares, (sum, i) => Math.sqrt(sum / Math.max(1, this.#counts[i] as number))),
      ...byQuantile((name) =>
        columns.map((column) => quantileOf(column.length, (rank) => column[rank] as number, QUANTILES[name])),
      ),
      count: [this.#rows],
    };
  }
}

const LEVELS = 256;

/** Statistics per channel of pictures, scaled to 0 to 1; at most about 4096 pixels of a picture are looked at. */
export class PictureStats {
  readonly #histograms: readonly Float64Array[];
  #count = 0;

  constructor(channels: number) {
    this.#histograms = Array.from({ length: channels }, () => new Float64Array(LEVELS));
  }

  add(data: Uint8Array): void {
    const channels = this.#histograms.length;
    const stride = Math.max(1, Math.floor(data.length / channels / 4096)) * channels;
    for (const [channel, histogram] of this.#histograms.entries()) {
      for (let i = channel; i < data.length; i += stride) {
        const level = data[i] as number;
        histogram[level] = (histogram[level] as number) + 1;
      }
    }
    this.#count++;
  }

  result(): FeatureStats {
    const channels = this.#histograms.map((histogram) => {
      const pixels = histogram.reduce((sum, count) => sum + count, 0);
      const mean = histogram.reduce((sum, count, level) => sum + count * level, 0) / Math.max(1, pixels);
      const squares = histogram.reduce((sum, count, level) => sum + count * (level - mean) ** 2, 0);
      const part = (share: number): number => quantileOf(pixels, (rank) => levelAt(histogram, rank), share) / 255;
      return { mean: mean / 255, std: Math.sqrt(squares / Math.max(1, pixels)) / 255, part };
    });
    return {
      min: channels.map(({ part }) => part(0)),
      max: channels.map(({ part }) => part(1)),
      mean: channels.map(({ mean }) => mean),
      std: channels.map(({ std }) => std),
      ...byQuantile((name) => channels.map(({ part }) => part(QUANTILES[name]))),
      count: [this.#count],
    };
  }
}

/** The level of the pixel that would stand at `rank`, were all of them sorted. */
function levelAt(histogram: Float64Array, rank: number): number {
  let level = 0;
  for (let passed = histogram[0] as number; passed <= rank && level < LEVELS - 1; ) {
    passed += histogram[++level] as number;
  }
  return level;
}

/**
 * The statistics of two sets together (Chan, Golub, LeVeque, "Updating formulae …", 1979; as LeRobot's aggregate_stats).
 * Quantiles are those of the mixed distributions, see {@link mixQuantiles}.
 */
export function mergeStats(a: FeatureStats | undefined, b: FeatureStats): FeatureStats {
  if (a === undefined || (a.count[0] ?? 0) === 0) return b;
  const countA = a.count[0] as number;
  const countB = b.count[0] as number;
  const count = countA + countB;
  const mean = a.mean.map((value, i) => (value * countA + (b.mean[i] as number) * countB) / count);
  const mixed = a.mean.map((_, i) => mixQuantiles(distribution(a, i), distribution(b, i)));
  return {
    min: a.min.map((value, i) => Math.min(value, b.min[i] as number)),
    max: a.max.map((value, i) => Math.max(value, b.max[i] as number)),
    mean,
    std: a.std.map((value, i) => {
      const partA = countA * (value ** 2 + ((a.mean[i] as number) - (mean[i] as number)) ** 2);
      const partB = countB * ((b.std[i] as number) ** 2 + ((b.mean[i] as number) - (mean[i] as number)) ** 2);
      return Math.sqrt((partA + partB) / count);
    }),
    ...byQuantile((name) => mixed.map((quantiles) => quantiles[name])),
    count: [count],
  };
}

function distribution(stats: FeatureStats, entry: number): Distribution {
  const names = ['min', ...QUANTILE_NAMES, 'max'] as const;
  return { knots: names.map((name) => stats[name][entry] as number), weight: stats.count[0] as number };
}
