export interface PictureLimits {
  /** Pictures a second at most. */
  readonly mostPerSecond: number;
  /** Part of the time that taking them may cost, above 0 to 1. */
  readonly share: number;
}

/** Says when the next picture may be taken: not more often than looks well, and for a small part of the time only. */
export class PictureBudget {
  #limits: PictureLimits;
  #nextMs = Number.NEGATIVE_INFINITY;

  constructor(limits: PictureLimits) {
    this.#limits = limits;
  }

  /** Sets other limits from the next picture on. */
  limit(limits: PictureLimits): void {
    this.#limits = limits;
    this.#nextMs = Number.NEGATIVE_INFINITY;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#nextMs;
  }

  /** @param costMs how long the picture took that was begun at `startedMs` */
  spend(startedMs: number, costMs: number): void {
    const { mostPerSecond, share } = this.#limits;
    this.#nextMs = startedMs + Math.max(1000 / mostPerSecond, costMs / share);
  }
}
