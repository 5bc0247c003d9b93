/** LeRobot's statistics of one feature (compute_stats.py), without its quantiles; pictures are scaled to 0 to 1. */
export interface FeatureStats {
  min: number[];
  max: number[];
  mean: number[];
  std: number[];
  /** Frames. Called `count` and a list of one entry in LeRobot's files. */
  count: number[];
}

/** Running minimum, maximum, mean and variance per entry (Welford, Technometrics 4(3), 1962). */
export class RunningStats {
  readonly #min: Float64Array;
  readonly #max: Float64Array;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(size: number) {
    this.#min = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.#max = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
  }

  add(values: ArrayLike<number>): void {
    this.#count++;
    for (let i = 0; i < this.#mean.length; i++) {
      const value = values[i] as number;
      const mean = this.#mean[i] as number;
      const delta = value - mean;
      const next = mean + delta / this.#count;
      this.#mean[i] = next;
      this.#squares[i] = (this.#squares[i] as number) + delta * (value - next);
      if (value < (this.#min[i] as number)) this.#min[i] = value;
      if (value > (this.#max[i] as number)) this.#max[i] = value;
    }
  }

  result(): FeatureStats {
    return {
      min: [...this.#min],
      max: [...this.#max],
      mean: [...this.#mean],
      std: Array.from(this.#squares, (sum) => Math.sqrt(sum / Math.max(1, this.#count))),
      count: [this.#count],
    };
  }
}

/** Statistics per channel of pictures: every frame counts once, its pixels (at most about 4096 of them) alike. */
export class PictureStats {
  readonly #channels: number;
  readonly #min: number[];
  readonly #max: number[];
  readonly #sum: number[];
  readonly #squares: number[];
  #pixels = 0;
  #count = 0;

  constructor(channels: number) {
    this.#channels = channels;
    this.#min = new Array<number>(channels).fill(255);
    this.#max = new Array<number>(channels).fill(0);
    this.#sum = new Array<number>(channels).fill(0);
    this.#squares = new Array<number>(channels).fill(0);
  }

  add(data: Uint8Array): void {
    const channels = this.#channels;
    const pixels = data.length / channels;
    const stride = Math.max(1, Math.floor(pixels / 4096)) * channels;
    for (let c = 0; c < channels; c++) {
      let low = this.#min[c] as number;
      let high = this.#max[c] as number;
      let sum = 0;
      let squares = 0;
      for (let i = c; i < data.length; i += stride) {
        const value = data[i] as number;
        if (value < low) low = value;
        if (value > high) high = value;
        sum += value;
        squares += value * value;
      }
      this.#min[c] = low;
      this.#max[c] = high;
      this.#sum[c] = (this.#sum[c] as number) + sum;
      this.#squares[c] = (this.#squares[c] as number) + squares;
    }
    this.#pixels += Math.ceil(data.length / stride);
    this.#count++;
  }

  result(): FeatureStats {
    const mean = this.#sum.map((sum) => sum / this.#pixels);
    return {
      min: this.#min.map((value) => value / 255),
      max: this.#max.map((value) => value / 255),
      mean: mean.map((value) => value / 255),
      std: this.#squares.map((sum, c) => Math.sqrt(Math.max(0, sum / this.#pixels - (mean[c] as number) ** 2)) / 255),
      count: [this.#count],
    };
  }
}

/** The statistics of two sets together (Chan, Golub, LeVeque, "Updating formulae …", 1979; as LeRobot's aggregate_stats). */
export function mergeStats(a: FeatureStats | undefined, b: FeatureStats): FeatureStats {
  if (a === undefined || (a.count[0] ?? 0) === 0) return b;
  const countA = a.count[0] as number;
  const countB = b.count[0] as number;
  const count = countA + countB;
  const mean = a.mean.map((value, i) => (value * countA + (b.mean[i] as number) * countB) / count);
  return {
    min: a.min.map((value, i) => Math.min(value, b.min[i] as number)),
    max: a.max.map((value, i) => Math.max(value, b.max[i] as number)),
    mean,
    std: a.std.map((value, i) => {
      const partA = countA * (value ** 2 + ((a.mean[i] as number) - (mean[i] as number)) ** 2);
      const partB = countB * ((b.std[i] as number) ** 2 + ((b.mean[i] as number) - (mean[i] as number)) ** 2);
      return Math.sqrt((partA + partB) / count);
    }),
    count: [count],
  };
}
