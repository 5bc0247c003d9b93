/**
 * Numbers whose running sum can be searched in logarithmic time: Schaul et al., "Prioritized Experience Replay" (ICLR
 * 2016), appendix B.2.1. Inner nodes are always the sum of their two children, never changed by a difference: they
 * follow from the leaves to the bit, whatever came before.
 */
export class SumTree {
  readonly #leaves: number;
  /** Node 1 is the root; node i has the children 2i and 2i + 1; the leaves are the second half. */
  readonly #nodes: Float64Array;

  /** @param count leaves, all 0 */
  constructor(count: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(count));
    this.#nodes = new Float64Array(2 * this.#leaves);
  }

  get total(): number {
    return this.#nodes[1]!;
  }

  get(leaf: number): number {
    return this.#nodes[this.#leaves + leaf]!;
  }

  set(leaf: number, value: number): void {
    let node = this.#leaves + leaf;
    this.#nodes[node] = value;
    for (node >>>= 1; node > 0; node >>>= 1) this.#nodes[node] = this.#nodes[2 * node]! + this.#nodes[2 * node + 1]!;
  }

  /** Sets the leaves from the first on. */
  setAll(values: Float64Array): void {
    this.#nodes.set(values, this.#leaves);
    for (let node = this.#leaves - 1; node > 0; node--) {
      this.#nodes[node] = this.#nodes[2 * node]! + this.#nodes[2 * node + 1]!;
    }
  }

  /** The leaf within whose share of the running sum `target` lies, 0 ≤ target < total; never a leaf of 0. */
  find(target: number): number {
    let node = 1;
    while (node < this.#leaves) {
      const left = this.#nodes[2 * node]!;
      node *= 2;
      // Rounding may carry the target past the last leaf that is not 0.
      if (target >= left && this.#nodes[node + 1]! > 0) {
        target -= left;
        node++;
      }
    }
    return node - this.#leaves;
  }
}
