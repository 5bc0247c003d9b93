/** Where time comes from, so that tests can pass their own. */
export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Wall-clock date, for provenance. */
  date(): Date;
}

export const systemClock: Clock = { now: () => performance.now(), date: () => new Date() };
