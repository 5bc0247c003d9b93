import type { TransitionBatch } from '../core/batch.ts';
import { NotFiniteError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { CheckedPrioritized } from './options.ts';
import { SumTree } from './sum-tree.ts';

/** All of {@link Priorities} that cannot be made anew. */
export interface PrioritiesState {
  readonly maximum: number;
  readonly batches: number;
  /** Of each place of the ring of transitions. */
  readonly leaves: Float64Array;
}

/**
 * Proportional prioritised replay (Schaul et al., ICLR 2016): P(i) = p_i^α / Σ p^α, drawn from equal strata of the sum
 * (appendix B.2.1); a new transition gets the largest priority so far, at first 1 (algorithm 1); the weight of row i is
 * (N P(i))^-β over the largest of its batch (section 3.4).
 */
export class Priorities {
  readonly #options: CheckedPrioritized;
  readonly #capacity: number;
  readonly #tree: SumTree;
  #maximum = 1;
  #batches = 0;

  constructor(options: CheckedPrioritized, capacity: number) {
    this.#options = options;
    this.#capacity = capacity;
    this.#tree = new SumTree(capacity);
  }

  /** A transition came, in the place of the one that was a capacity before it. */
  add(transition: number): void {
    this.#tree.set(transition % this.#capacity, this.#maximum ** this.#options.alpha);
  }

  /** Draws the first rows of a batch: their numbers fill `drawn`, their weights go into the batch. */
  draw(batch: TransitionBatch, oldest: number, size: number, random: Random, drawn: Float64Array): void {
    const count = drawn.length;
    const { total } = this.#tree;
    const beta = this.#beta();
    const oldestPlace = oldest % this.#capacity;
    let largest = 0;
    for (let i = 0; i < count; i++) {
      const place = this.#tree.find((total * (i + random.uniform())) / count);
      drawn[i] = oldest + ((place - oldestPlace + this.#capacity) % this.#capacity);
      const weight = ((size * this.#tree.get(place)) / total) ** -beta;
      batch.weight[i] = weight;
      largest = Math.max(largest, weight);
    }
    for (let i = 0; i < count; i++) batch.weight[i] = batch.weight[i]! / largest;
    this.#batches++;
  }

  /** New priorities of the transitions `drawn`; those before `oldest` are skipped, as others have their places. */
  update(drawn: Float64Array, priorities: Float32Array, oldest: number): void {
    for (let i = 0; i < drawn.length; i++) {
      if (Number.isFinite(priorities[i])) continue;
      throw new NotFiniteError(`Expected \`priorities[${i}]\` to be finite, got ${priorities[i]}; nothing was changed`);
    }
    for (let i = 0; i < drawn.length; i++) {
      if (drawn[i]! < oldest) continue;
      const priority = Math.abs(priorities[i]!) + this.#options.epsilon;
      this.#maximum = Math.max(this.#maximum, priority);
      this.#tree.set(drawn[i]! % this.#capacity, priority ** this.#options.alpha);
    }
  }

  get state(): PrioritiesState {
    const leaves = Float64Array.from({ length: this.#capacity }, (_, i) => this.#tree.get(i));
    return { maximum: this.#maximum, batches: this.#batches, leaves };
  }

  set state({ maximum, batches, leaves }: PrioritiesState) {
    this.#maximum = maximum;
    this.#batches = batches;
    this.#tree.setAll(leaves);
  }

  #beta(): number {
    const { beta } = this.#options;
    if (typeof beta === 'number') return beta;
    return beta.initial + (beta.final - beta.initial) * Math.min(1, this.#batches / beta.batches);
  }
}
