import { InvalidArgumentError } from './errors.ts';

/** The whole state of a {@link Random}: serialisable, so that a run can go on where it stopped. */
export interface RandomState {
  readonly words: readonly [number, number, number, number];
  /** The second half of the last pair of normal numbers, not yet handed out. */
  readonly spareNormal: number | null;
}

/**
 * Seeded random numbers: the same seed gives the same numbers on every machine. One stream per purpose, so that
 * drawing more noise does not change which track comes next: `random.stream('noise')`.
 *
 * Generator: xoshiro128** 1.1 (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47,
 * 2021), its state filled from the seed by splitmix32's finaliser.
 */
export class Random {
  readonly #seed: number;
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spareNormal: number | null = null;

  /** @param seed whole number, 0 to 2^32-1 */
  constructor(seed: number) {
    if (!Number.isInteger(seed) || seed < 0 || seed > 0xffff_ffff) {
      throw new InvalidArgumentError(`Expected \`seed\` to be a whole number from 0 to 4294967295, got ${seed}`);
    }
    this.#seed = seed;
    let mix = seed;
    const next = () => {
      mix = (mix + 0x9e37_79b9) | 0;
      return finalise(mix);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  /** An independent generator for one purpose; the same name gives the same stream, whatever was drawn before. */
  stream(purpose: string): Random {
    let hash = this.#seed ^ 0x811c_9dc5;
    for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x0100_0193);
    return new Random(finalise(hash) >>> 0);
  }

  /** Whole number, uniform in [0, 2^32). */
  uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Whole number, uniform in [0, count). */
  below(count: number): number {
    return Math.floor(this.uniform() * count);
  }

  /** One of the items, each as likely. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new InvalidArgumentError('Expected at least one item to pick from, got none');
    return items[this.below(items.length)] as T;
  }

  /** Normal with mean 0 and standard deviation 1 (Marsaglia's polar method). */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spareNormal = y * factor;
      return x * factor;
    }
  }

  get state(): RandomState {
    return { words: [this.#a, this.#b, this.#c, this.#d], spareNormal: this.#spareNormal };
  }

  set state(state: RandomState) {
    [this.#a, this.#b, this.#c, this.#d] = state.words;
    this.#spareNormal = state.spareNormal;
  }
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}

function finalise(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2_ae35);
  return word ^ (word >>> 16);
}
