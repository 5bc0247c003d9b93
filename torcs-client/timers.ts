/** Time as the SCR client and server see it, so that tests can pass their own. */
export interface Timers {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls `callback` once after `delayMs`; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  /** Calls `callback` once, after every datagram that has arrived already was handed over. */
  afterArrived(callback: () => void): void;
}

/** The machine's own time. */
export const systemTimers: Timers = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
  // Node reads every waiting datagram of a socket (up to 32 at a time) before it runs immediates.
  afterArrived: (callback) => void setImmediate(callback),
};

/**
 * One alarm that is moved thousands of times a second and rarely rings: setting and clearing it only writes a number,
 * because the timer beneath is left running and looks at that number when it fires.
 */
export class Alarm {
  readonly #timers: Timers;
  readonly #ring: () => void;
  #dueMs = Number.POSITIVE_INFINITY;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(timers: Timers, ring: () => void) {
    this.#timers = timers;
    this.#ring = ring;
  }

  /** Rings once, `delayMs` from now; replaces what was set before. */
  set(delayMs: number): void {
    this.#dueMs = this.#timers.now() + delayMs;
    if (this.#dueMs < this.#timerDueMs) this.#arm(delayMs);
  }

  clear(): void {
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  /** Clears it, and leaves no timer behind that would keep the process alive. */
  close(): void {
    this.clear();
    this.#cancel?.();
    this.#cancel = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
  }

  #arm(delayMs: number): void {
    this.#cancel?.();
    this.#timerDueMs = this.#timers.now() + delayMs;
    this.#cancel = this.#timers.after(delayMs, () => this.#fire());
  }

  #fire(): void {
    this.#cancel = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
    if (this.#dueMs === Number.POSITIVE_INFINITY) return;
    const remainingMs = this.#dueMs - this.#timers.now();
    if (remainingMs > 0) {
      this.#arm(remainingMs);
      return;
    }
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#ring();
  }
}

/** Intervals at which both sides of the lockstep extension repeat themselves (PROTOCOL.md, rules 4 and 5), ms. */
export const FIRST_REPEAT_MS = 20;
export const LAST_REPEAT_MS = 1000;
