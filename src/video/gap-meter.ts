/** How far a drive is: metres covered, and when. */
export interface Progress {
  readonly distanceM: number;
  readonly timeS: number;
}

/** Passed places of one drive, the oldest first. */
interface Trace {
  readonly passed: Progress[];
  /** Of the last reading. */
  nowS: number;
  /** Of those, what the other has passed too is not needed any more. */
  first: number;
}

/** Entries are dropped in blocks of this many, so that memory stays flat and dropping stays cheap. */
const BLOCK = 4096;

/** The gap in time between two drives, by distance: how long ago the one ahead was where the other is now. */
export class GapMeter {
  readonly #traces: readonly [Trace, Trace] = [
    { passed: [], nowS: 0, first: 0 },
    { passed: [], nowS: 0, first: 0 },
  ];

  /** @param which drive, 0 or 1; going backwards does not count */
  observe(which: 0 | 1, progress: Progress): void {
    const trace = this.#traces[which];
    trace.nowS = progress.timeS;
    const { passed } = trace;
    const last = passed.at(-1);
    if (last === undefined || progress.distanceM > last.distanceM) passed.push(progress);
  }

  /** Seconds that drive 0 is ahead of drive 1; negative: behind; undefined before both have begun. */
  gapS(): number | undefined {
    const [one, other] = this.#traces;
    const [oneM, otherM] = [one, other].map(({ passed }) => passed.at(-1)?.distanceM);
    if (oneM === undefined || otherM === undefined) return undefined;
    const isAhead = oneM >= otherM;
    const [leader, follower] = isAhead ? [one, other] : [other, one];
    const behindM = Math.min(oneM, otherM);
    const gap = follower.nowS - timeAt(leader, behindM);
    this.#forget(behindM);
    return isAhead ? gap : 0 - gap;
  }

  /** Places that are kept. */
  get size(): number {
    return this.#traces[0].passed.length + this.#traces[1].passed.length;
  }

  #forget(distanceM: number): void {
    for (const trace of this.#traces) {
      const { passed } = trace;
      while (trace.first + 1 < passed.length && passed[trace.first + 1]!.distanceM <= distanceM) trace.first++;
      if (trace.first < BLOCK) continue;
      passed.splice(0, trace.first);
      trace.first = 0;
    }
  }
}

/** When a place was passed, between the two entries around it. */
function timeAt({ passed, first }: Trace, distanceM: number): number {
  let low = first;
  let high = passed.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (passed[middle]!.distanceM <= distanceM) low = middle;
    else high = middle;
  }
  const from = passed[low]!;
  const to = passed[high]!;
  const span = to.distanceM - from.distanceM;
  const share = span === 0 ? 0 : Math.min(1, Math.max(0, (distanceM - from.distanceM) / span));
  return from.timeS + share * (to.timeS - from.timeS);
}
