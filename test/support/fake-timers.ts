import type { Timers } from '../../torcs-client/timers.ts';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that passes only when a test says so. */
export class FakeTimers implements Timers {
  #nowMs = 0;
  #order = 0;
  #pending: Entry[] = [];
  #arrived: (() => void)[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    const entry = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#pending.push(entry);
    return () => {
      this.#pending = this.#pending.filter((other) => other !== entry);
    };
  }

  afterArrived(callback: () => void): void {
    this.#arrived.push(callback);
  }

  /** Number of callbacks that wait. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** Runs what waits for datagrams that have arrived, and everything that promises have made ready. */
  async settle(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      const arrived = this.#arrived;
      this.#arrived = [];
      for (const callback of arrived) callback();
      await Promise.resolve();
    }
  }

  /** Goes to the next callback that is due, if it is due within `limitMs`; false when none is. */
  async next(limitMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    await this.settle();
    const [entry] = this.#pending.toSorted((a, b) => a.dueMs - b.dueMs || a.order - b.order);
    if (entry === undefined || entry.dueMs > limitMs) return false;
    this.#pending = this.#pending.filter((other) => other !== entry);
    this.#nowMs = entry.dueMs;
    entry.callback();
    await this.settle();
    return true;
  }

  /** Lets time pass. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    while (await this.next(endMs));
    this.#nowMs = endMs;
  }
}
