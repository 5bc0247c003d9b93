/** The two groups of the lockstep extension (PROTOCOL.md): which session a datagram belongs to, and which tick. */
export interface LockstepTag {
  /** Whole number, 1 to 2147483647. */
  readonly session: number;
  /** Control ticks since the session's first state, from 0. */
  readonly tick: number;
}

export const LARGEST_SESSION = 0x7fff_ffff;

export const SESSION_TAG = { bytes: Buffer.from('session'), maximum: LARGEST_SESSION };
export const TICK_TAG = { bytes: Buffer.from('tick'), maximum: 0xffff_ffff };
export const LOCKSTEP_TAG = { bytes: Buffer.from('lockstep'), maximum: LARGEST_SESSION };
