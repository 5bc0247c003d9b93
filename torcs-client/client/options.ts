import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { LARGEST_SESSION } from '../messages/lockstep.ts';
import { systemTimers, type Timers } from '../timers.ts';

const milliseconds = z.number().positive().max(86_400_000);

/** What a client's session may be told; every time in ms. */
export const sessionOptionsSchema = z.strictObject({
  /** Text that the first datagram begins with; servers look at its first three letters only. Default `SCR`. */
  id: z
    .string()
    .regex(/^SCR[^\s()]{0,32}$/, 'begin with SCR and hold no space or parenthesis')
    .default('SCR'),
  /** Offer the lockstep extension; a server that does not know it is driven the classic way. Default true. */
  lockstep: z.boolean().default(true),
  /** How long to wait for `***identified***`. Default 30,000. */
  identifyTimeoutMs: milliseconds.default(30_000),
  /**
   * Repeat the first datagram this often. Classic servers take repetitions for controls later on, so not too often.
   * Default 1000, as the official C++ client.
   */
  identifyRetryMs: milliseconds.default(1000),
  /** Try again this soon where the port is closed, for a server that is about to open it. Default 10. */
  refusedRetryMs: milliseconds.default(10),
  /** How long to wait for the first state: a game may be loading its graphics. Default 60,000. */
  firstStateTimeoutMs: milliseconds.default(60_000),
  /** How long to wait for the state after controls. Default 10,000. */
  stateTimeoutMs: milliseconds.default(10_000),
  /** How long to wait for `***restart***`, which a classic server sends once and the network may lose. Default 2000. */
  restartTimeoutMs: milliseconds.default(2000),
  /** Lockstep: repeat unanswered controls after this long, then at doubling intervals up to 1 s. Default 20. */
  repeatAfterMs: milliseconds.max(1000).default(20),
  /** Where time comes from. Default: the machine. */
  timers: z.custom<Timers>((value) => typeof value === 'object' && value !== null).default(systemTimers),
  /** Draws the number of a lockstep session, 1 to 2147483647. Default: at random. */
  drawSession: z.custom<() => number>((value) => typeof value === 'function').default(() => drawSession),
});

export const clientOptionsSchema = sessionOptionsSchema.extend({
  /** Name or address of the server's machine. Default `127.0.0.1`. */
  host: z.string().min(1).default('127.0.0.1'),
  /**
   * After controls were sent, ask the socket without a pause for up to this long before the process goes to sleep, ms,
   * 0 to 10: a game on the same machine answers within some 30 µs, and waking up takes as long. Default 0.15.
   */
  spinMs: z.number().min(0).max(10).default(0.15),
  /** The server's port: 3001 for the first car, up to 3010 for the tenth. Default 3001. */
  port: z.number().int().min(1).max(65_535).default(3001),
});

export type SessionOptions = z.input<typeof sessionOptionsSchema>;
export type SessionSettings = z.output<typeof sessionOptionsSchema>;
export type ScrClientOptions = z.input<typeof clientOptionsSchema>;
export type ScrClientSettings = z.output<typeof clientOptionsSchema>;

function drawSession(): number {
  return randomInt(1, LARGEST_SESSION + 1);
}
