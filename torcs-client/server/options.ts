import { z } from 'zod';
import type { TorcsPilotError } from '../errors.ts';
import type { Simulator, SimulatorResetOptions } from '../simulator.ts';
import { systemTimers, type Timers } from '../timers.ts';

const milliseconds = z.number().positive().max(86_400_000);

export const linkOptionsSchema = z.strictObject({
  /** Lockstep clients: repeat the state after this long, then at doubling intervals up to 1 s. Default 20. */
  repeatAfterMs: milliseconds.max(1000).default(20),
  /**
   * Classic clients in virtual time: repeat the state after this much silence. They do not know repetitions, so it is
   * long: only a lost datagram, not a slow driver, should cause one. Default 5000.
   */
  classicRepeatMs: milliseconds.default(5000),
  /** After such a repetition both copies may be answered: drop what comes this long after the first answer. Default 100. */
  classicSettleMs: milliseconds.default(100),
  /** A new client takes the car over when the one that drives it has been silent for this long. Default 3000. */
  takeoverAfterMs: milliseconds.default(3000),
  /** Where time comes from. Default: the machine. */
  timers: z.custom<Timers>((value) => typeof value === 'object' && value !== null).default(systemTimers),
});

export const serverOptionsSchema = linkOptionsSchema.extend({
  /** What is driven. A `MultiCarSimulator` gets one port per car. The caller closes it. */
  simulator: z.custom<Simulator>(
    (value) => typeof (value as Simulator | undefined)?.step === 'function',
    'no simulator',
  ),
  /** Address to listen at; `0.0.0.0` lets the whole network drive. Default `127.0.0.1`. */
  host: z.string().min(1).default('127.0.0.1'),
  /** Port of the first car, the next ones following; 0: free ports of the system's choice. Default 3001. */
  port: z.number().int().min(0).max(65_535).default(3001),
  /**
   * `lockstep`: time stands still until every driver has answered. `real-time`: a tick each 20 ms of the clock, and who
   * has not answered in time drives on with the last command, as in the game's window. Default `lockstep`.
   */
  mode: z.enum(['lockstep', 'real-time']).default('lockstep'),
  /** Real time: how long a tick waits for answers. Default 10, as the game. */
  answerTimeoutMs: milliseconds.max(20).default(10),
  /** Number of races to hold before `finished` resolves. Default: no end. */
  races: z.number().int().min(1).default(Number.MAX_SAFE_INTEGER),
  /**
   * How each race starts; `rangeFinderAnglesDeg` comes from the first car's client. Default `{ countdown: true }`: the
   * 49 states before the start that the game sends too.
   */
  resetOptions: z
    .custom<Omit<SimulatorResetOptions, 'rangeFinderAnglesDeg'>>((value) => typeof value === 'object' && value !== null)
    .default({ countdown: true }),
  /** Told of everything that was dropped or refused. Default: only counted. */
  onProblem: z.custom<(problem: TorcsPilotError) => void>((value) => typeof value === 'function').optional(),
});

export type LinkSettings = z.output<typeof linkOptionsSchema>;
export type ScrServerOptions = z.input<typeof serverOptionsSchema>;
export type ScrServerSettings = z.output<typeof serverOptionsSchema>;
