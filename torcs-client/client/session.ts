import type { Controls } from '../controls.ts';
import { InvalidArgumentError, RaceOverError } from '../errors.ts';
import {
  checkControls,
  checkRangeFinderAngles,
  formatControls,
  formatInit,
  parseServerMessage,
  ScrMessageError,
  type ServerMessage,
  type SpecialMessage,
  type StateMessage,
} from '../messages/index.ts';
import { parseOptions } from '../options.ts';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG, type Sensors } from '../sensors.ts';
import { Alarm, LAST_REPEAT_MS } from '../timers.ts';
import { ScrClosedError, ScrNoAnswerError, silenceError } from './errors.ts';
import type { ScrEvent, ScrSessionState } from './events.ts';
import { type SessionOptions, type SessionSettings, sessionOptionsSchema } from './options.ts';

interface Waiter {
  readonly resolve: (event: ScrEvent) => void;
  readonly reject: (error: Error) => void;
}

const RESTART: ScrEvent = Object.freeze({ kind: 'restart' });
const SHUTDOWN: ScrEvent = Object.freeze({ kind: 'shutdown' });

/** How long a word of farewell may take to come after the notice that the port is closed. */
const FAREWELL_MS = 100;

/**
 * The client's half of the protocol without a socket: datagrams and time go in, datagrams come out. Calls of `start`
 * and `exchange` must not overlap.
 */
export class ClientSession {
  readonly #settings: SessionSettings;
  readonly #send: (datagram: Buffer) => void;
  /** How the server is called in messages of errors. */
  readonly #server: string;
  readonly #alarm: Alarm;
  #state: ScrSessionState = 'idle';
  #waiter: Waiter | undefined;
  #deadlineMs = 0;
  #repeatMs = 0;

  #session = 0;
  #lockstep = false;
  #init: Buffer = Buffer.alloc(0);
  #initCount = 0;
  /** Tick of the state that was handed out last; -1 before the first. */
  #tick = -1;
  /** The answer to that state, once given. */
  #controls: Buffer | undefined;
  #restarting = false;
  /** Classic: the newest state that arrived while it was waited for. */
  #newest: StateMessage | undefined;
  /** An end of the session that nobody has been told of yet. */
  #unreadEnd: ScrEvent | undefined;
  #portClosed = false;
  #malformedCount = 0;
  /** What went wrong last without ending the session; told when nothing else arrives. */
  #trouble: Error | undefined;

  constructor(options: SessionOptions, server: string, send: (datagram: Buffer) => void) {
    this.#settings = parseOptions(sessionOptionsSchema, options);
    this.#server = server;
    this.#send = send;
    this.#alarm = new Alarm(this.#settings.timers, () => this.#onAlarm());
  }

  get state(): ScrSessionState {
    return this.#state;
  }

  /** Whether the server speaks the lockstep extension; undefined before it has answered. */
  get lockstep(): boolean | undefined {
    return this.#state === 'waiting' || this.#state === 'driving' ? this.#lockstep : undefined;
  }

  /** Datagrams that could not be read, and were dropped. */
  get malformedCount(): number {
    return this.#malformedCount;
  }

  /** See `ScrClient.start`. */
  async start(rangeFinderAnglesDeg: readonly number[] = DEFAULT_RANGE_FINDER_ANGLES_DEG): Promise<Sensors> {
    this.#checkFree();
    if (this.#state === 'driving') {
      throw new InvalidArgumentError(
        'Expected `start` before a race or after its end, got one under way; restart first',
      );
    }
    checkRangeFinderAngles(rangeFinderAnglesDeg);
    const { identifyTimeoutMs, lockstep, timers } = this.#settings;
    const session = this.#drawSession();
    this.#session = session;
    this.#lockstep = false;
    this.#tick = -1;
    this.#controls = undefined;
    this.#restarting = false;
    this.#newest = undefined;
    this.#unreadEnd = undefined;
    this.#trouble = undefined;
    this.#portClosed = false;
    this.#init = formatInit(lockstep ? { rangeFinderAnglesDeg, session } : { rangeFinderAnglesDeg }, this.#settings.id);
    this.#initCount = 0;
    this.#state = 'identifying';
    this.#deadlineMs = timers.now() + identifyTimeoutMs;
    const event = this.#wait();
    this.#sendInit();
    const first = await event;
    if (first.kind === 'state') return first.sensors;
    throw new RaceOverError('Expected a race to begin, got a shutdown from the server; start it again');
  }

  /** Whether somebody waits for the server. */
  get waiting(): boolean {
    return this.#waiter !== undefined;
  }

  /** See `ScrClient.exchange`. */
  exchange(controls: Controls): Promise<ScrEvent> {
    try {
      this.#checkFree();
      checkControls(controls);
      if (this.#unreadEnd !== undefined) {
        const event = this.#unreadEnd;
        this.#unreadEnd = undefined;
        return Promise.resolve(event);
      }
      if (this.#state !== 'driving') {
        throw new RaceOverError(`Expected a race under way, got a session that is ${this.#state}; call start first`);
      }
    } catch (error) {
      return Promise.reject(error);
    }
    const { restartTimeoutMs, stateTimeoutMs, timers } = this.#settings;
    this.#controls = this.#lockstep
      ? formatControls(controls, { session: this.#session, tick: this.#tick })
      : formatControls(controls);
    this.#restarting = controls.restart;
    // What arrived while the driver was thinking is old by now: the server takes this answer for its newest state.
    this.#newest = undefined;
    const waitMs = controls.restart && !this.#lockstep ? restartTimeoutMs : stateTimeoutMs;
    this.#deadlineMs = timers.now() + waitMs;
    this.#repeatMs = this.#settings.repeatAfterMs;
    const event = this.#wait();
    this.#send(this.#controls);
    this.#alarm.set(this.#lockstep ? this.#repeatMs : waitMs);
    return event;
  }

  /** Takes a datagram from the server's address. Never throws. */
  receive(datagram: Uint8Array): void {
    if (this.#state === 'idle' || this.#state === 'over' || this.#state === 'closed') return;
    let message: ServerMessage;
    try {
      message = parseServerMessage(datagram);
    } catch (error) {
      if (!(error instanceof ScrMessageError)) throw error;
      this.#malformedCount++;
      this.#trouble = error;
      // A state without a required key is no accident of the network: this server will never send it.
      if (error.missingKeys.length > 0 && this.#waiter !== undefined) this.#fail(error);
      return;
    }
    if (message.kind === 'special') this.#onSpecial(message);
    else if (message.session !== undefined) this.#onLockstepState(message);
    else this.#onClassicState(message);
  }

  /** The machine at the other end says that nobody listens at the port. */
  refused(): void {
    if (this.#state === 'identifying' || (this.#state === 'waiting' && this.#lockstep)) {
      if (this.#state === 'waiting') this.#deadlineMs = this.#settings.timers.now() + this.#settings.identifyTimeoutMs;
      this.#state = 'identifying';
      this.#alarm.set(this.#settings.refusedRetryMs);
    } else if (this.#state === 'driving' && this.#waiter !== undefined) {
      // The port closes after a word of farewell, which the kernel may hand over after this notice.
      this.#portClosed = true;
      this.#deadlineMs = Math.min(this.#deadlineMs, this.#settings.timers.now() + FAREWELL_MS);
      this.#alarm.set(Math.max(0, this.#deadlineMs - this.#settings.timers.now()));
    }
  }

  /** The socket reports something else; it is told of when nothing arrives in time. */
  troubled(error: Error): void {
    this.#trouble = error;
  }

  close(): void {
    this.#alarm.close();
    this.#state = 'closed';
    this.#reject(new ScrClosedError());
  }

  #onSpecial({ word, session }: SpecialMessage): void {
    if (session !== undefined && session !== this.#session) return;
    if (this.#state === 'identifying') {
      if (word !== 'identified' || (session !== undefined && !this.#settings.lockstep)) return;
      this.#identified(session !== undefined);
      return;
    }
    // An end of another kind of session than ours is a late word from the one before.
    if (word === 'identified' || (session !== undefined) !== this.#lockstep) return;
    this.#end(word === 'restart' ? RESTART : SHUTDOWN);
  }

  #onLockstepState(message: StateMessage): void {
    if (message.session !== this.#session || !this.#settings.lockstep) return;
    // The word of welcome was lost, and the race has begun.
    if (this.#state === 'identifying') this.#identified(true);
    if (!this.#lockstep) return;
    if (message.tick === this.#tick + 1 && this.#waiter !== undefined) {
      this.#tick++;
      this.#deliver(message);
    } else if (message.tick === this.#tick && this.#controls !== undefined) {
      this.#send(this.#controls);
    }
  }

  #onClassicState(message: StateMessage): void {
    if (this.#state === 'identifying') {
      // States without a welcome: either it was lost, or they are the last ones of the race before.
      if (this.#initCount < 2) return;
      this.#identified(false);
    }
    if (this.#lockstep || this.#waiter === undefined) return;
    const first = this.#newest === undefined;
    this.#newest = message;
    if (first) this.#settings.timers.afterArrived(() => this.#deliverNewest());
  }

  #deliverNewest(): void {
    const message = this.#newest;
    this.#newest = undefined;
    if (message === undefined || this.#waiter === undefined) return;
    if (this.#restarting && this.#controls !== undefined) {
      // It goes on as if nothing had been asked: the request was lost.
      this.#send(this.#controls);
      return;
    }
    this.#deliver(message);
  }

  #identified(lockstep: boolean): void {
    const { firstStateTimeoutMs, identifyRetryMs, timers } = this.#settings;
    this.#lockstep = lockstep;
    this.#state = 'waiting';
    this.#deadlineMs = timers.now() + firstStateTimeoutMs;
    this.#alarm.set(lockstep ? Math.min(identifyRetryMs, firstStateTimeoutMs) : firstStateTimeoutMs);
  }

  #onAlarm(): void {
    const { identifyRetryMs, timers } = this.#settings;
    const remainingMs = this.#deadlineMs - timers.now();
    if (this.#waiter === undefined) return;
    if (remainingMs > 0) {
      if (this.#state === 'driving') {
        if (this.#lockstep && this.#controls !== undefined) this.#send(this.#controls);
        this.#repeatMs = Math.min(2 * this.#repeatMs, LAST_REPEAT_MS);
        this.#alarm.set(Math.min(this.#lockstep ? this.#repeatMs : remainingMs, remainingMs));
      } else if (this.#state === 'identifying' || this.#lockstep) {
        // While a lockstep server loads its race, the repetition finds out whether it still lives (rule 6).
        this.#sendInit();
      } else {
        this.#alarm.set(Math.min(identifyRetryMs, remainingMs));
      }
    } else if (this.#restarting && (!this.#lockstep || this.#portClosed)) {
      // A classic server says `***restart***` once, and some close their port after it. Whether it did restart, the next handshake shows.
      this.#end(RESTART);
    } else {
      this.#fail(
        this.#portClosed
          ? new ScrNoAnswerError(`Expected a state from ${this.#server}, got a closed port; the server ended`)
          : silenceError(this.#state, this.#server, this.#settings, this.#trouble),
      );
    }
  }

  #sendInit(): void {
    const remainingMs = this.#deadlineMs - this.#settings.timers.now();
    this.#initCount++;
    this.#alarm.set(Math.max(0, Math.min(this.#settings.identifyRetryMs, remainingMs)));
    this.#send(this.#init);
  }

  #wait(): Promise<ScrEvent> {
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
    });
  }

  #deliver({ sensors }: StateMessage): void {
    this.#state = 'driving';
    this.#controls = undefined;
    this.#alarm.clear();
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.resolve({ kind: 'state', sensors });
  }

  #end(event: ScrEvent): void {
    this.#state = 'over';
    this.#alarm.clear();
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter === undefined) this.#unreadEnd = event;
    else waiter.resolve(event);
  }

  #fail(error: Error): void {
    this.#state = 'over';
    this.#alarm.clear();
    this.#reject(error);
  }

  #reject(error: Error): void {
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.reject(error);
  }

  #drawSession(): number {
    for (;;) {
      const session = this.#settings.drawSession();
      if (session !== this.#session) return session;
    }
  }

  #checkFree(): void {
    if (this.#state === 'closed') throw new ScrClosedError();
    if (this.#waiter !== undefined) {
      throw new InvalidArgumentError('Expected one call at a time, got a second one; await the one under way first');
    }
  }
}
