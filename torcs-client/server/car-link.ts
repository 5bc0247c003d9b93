import { type Controls, DEFAULT_CONTROLS } from '../controls.ts';
import {
  type ControlsMessage,
  formatSensors,
  formatSpecial,
  type InitMessage,
  isInit,
  parseControls,
  parseInit,
  sanitiseControls,
} from '../messages/index.ts';
import type { Sensors } from '../sensors.ts';
import { Alarm, LAST_REPEAT_MS } from '../timers.ts';
import type { LinkSettings } from './options.ts';

/** The longest datagram that the game's server takes, bytes. */
const LARGEST_DATAGRAM = 1000;
/** Sessions that are over and must not come back to life through a late datagram. */
const REMEMBERED_SESSIONS = 64;
/** What is repeated to a classic client that asked twice is not repeated sooner than this. */
const CLASSIC_WELCOME_MS = 500;

interface Peer {
  readonly address: string;
  readonly port: number;
  /** Undefined: a classic client. */
  readonly session: number | undefined;
}

/** Why a wait for a client ended without what was waited for. */
export type LinkInterruption = 'abandoned' | 'closed';
export type LinkAnswer = Controls | LinkInterruption;

export interface CarLinkOptions extends LinkSettings {
  /** Speak the lockstep extension with clients that offer it. */
  readonly extension: boolean;
  readonly send: (datagram: Buffer, address: string, port: number) => void;
  /** The driver is silent and a new client knocks: the race should be given up. */
  readonly onTakeover: () => void;
  /** Told of what was dropped. */
  readonly onDrop: (reason: string) => void;
}

/**
 * The server's half of the protocol for one car, without a socket: datagrams and time go in, datagrams come out. One
 * call of `identify`, `exchange` or `poll` at a time.
 */
export class CarLink {
  readonly #options: CarLinkOptions;
  readonly #alarm: Alarm;
  #phase: 'deaf' | 'listening' | 'identified' | 'racing' = 'deaf';
  #peer: Peer | undefined;
  #init: InitMessage | undefined;
  #welcomedMs = 0;
  #heardMs = 0;
  readonly #endedSessions: number[] = [];
  #lastEnd: { readonly peer: Peer; readonly datagram: Buffer } | undefined;
  /** A first datagram that came while another driver held the car. */
  #knock: { readonly init: InitMessage; readonly address: string; readonly port: number } | undefined;

  #onIdentified: ((result: InitMessage | LinkInterruption) => void) | undefined;
  #onAnswer: ((answer: LinkAnswer) => void) | undefined;
  #state: Buffer = Buffer.alloc(0);
  #tick = 0;
  #gear = 0;
  #repeatMs = 0;
  #repeated = false;
  /** Classic: the newest controls that came since they were last taken. */
  #newest: Controls | undefined;
  #settling = false;
  /** Why the next wait ends at once. */
  #interruption: LinkInterruption | undefined;

  constructor(options: CarLinkOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.timers, () => this.#onAlarm());
  }

  /** Forgets the last client and waits for the next one's first datagram. */
  identify(): Promise<InitMessage | LinkInterruption> {
    if (this.#interruption === 'closed') return Promise.resolve('closed');
    this.#interruption = undefined;
    this.#phase = 'listening';
    this.#peer = undefined;
    return new Promise((resolve) => {
      this.#onIdentified = resolve;
      const knock = this.#knock;
      this.#knock = undefined;
      if (knock !== undefined) this.#welcome(knock.init, knock.address, knock.port);
    });
  }

  /** What the client that was identified last wishes. */
  get init(): InitMessage | undefined {
    return this.#init;
  }

  /** The race begins: from now on the client cannot be replaced, unless it falls silent. */
  begin(): void {
    this.#phase = 'racing';
    this.#knock = undefined;
    this.#newest = undefined;
    this.#settling = false;
    this.#heardMs = this.#options.timers.now();
  }

  /** Sends a state and waits, however long, for the controls that answer it. */
  exchange(sensors: Sensors, tick: number): Promise<LinkAnswer> {
    if (this.#interruption !== undefined) return Promise.resolve(this.#interruption);
    this.#post(sensors, tick);
    this.#repeated = false;
    this.#newest = undefined;
    const { classicRepeatMs, repeatAfterMs } = this.#options;
    this.#repeatMs = this.#peer?.session === undefined ? classicRepeatMs : repeatAfterMs;
    this.#alarm.set(this.#repeatMs);
    return new Promise((resolve) => {
      this.#onAnswer = resolve;
    });
  }

  /**
   * Real time: sends a state and waits up to `timeoutMs` for controls; what has come late for the state before counts,
   * as in the game. Undefined when nothing came.
   */
  poll(sensors: Sensors, tick: number, timeoutMs: number): Promise<LinkAnswer | undefined> {
    if (this.#interruption !== undefined) return Promise.resolve(this.#interruption);
    this.#post(sensors, tick);
    const late = this.#newest;
    this.#newest = undefined;
    if (late !== undefined) return Promise.resolve(late);
    return new Promise((resolve) => {
      const cancel = this.#options.timers.after(timeoutMs, () => {
        this.#onAnswer = undefined;
        resolve(undefined);
      });
      this.#onAnswer = (answer) => {
        cancel();
        resolve(answer);
      };
    });
  }

  /** Says farewell, and says it again to whoever of the same session asks. */
  end(word: 'restart' | 'shutdown'): void {
    const peer = this.#peer;
    this.#phase = 'deaf';
    this.#peer = undefined;
    this.#alarm.clear();
    if (peer === undefined) return;
    const datagram = formatSpecial(word, peer.session);
    this.#retire(peer.session);
    this.#lastEnd = { peer, datagram };
    this.#options.send(datagram, peer.address, peer.port);
  }

  /** Ends what is waited for, or what is waited for next in the race under way. */
  interrupt(reason: LinkInterruption): void {
    this.#interruption = reason;
    const onIdentified = this.#onIdentified;
    this.#onIdentified = undefined;
    onIdentified?.(reason);
    this.#answer(reason);
  }

  close(): void {
    this.end('shutdown');
    this.#alarm.close();
    this.interrupt('closed');
  }

  /** Takes a datagram that came to the car's port. Never throws. */
  receive(datagram: Uint8Array, address: string, port: number): void {
    if (datagram.length === 0 || datagram.length > LARGEST_DATAGRAM) {
      this.#options.onDrop(`a datagram of 1 to ${LARGEST_DATAGRAM} bytes, got ${datagram.length}`);
    } else if (isInit(datagram)) {
      const init = parseInit(datagram);
      if (init !== undefined) this.#onInit(this.#options.extension ? init : withoutSession(init), address, port);
    } else {
      this.#onControls(parseControls(datagram), address, port);
    }
  }

  #onInit(init: InitMessage, address: string, port: number): void {
    if (this.#phase === 'deaf') return;
    const { session } = init;
    if (session !== undefined && this.#endedSessions.includes(session)) return;
    const { takeoverAfterMs, timers } = this.#options;
    const peer = this.#peer;
    const known = peer !== undefined && peer.address === address && peer.port === port && peer.session === session;
    if (known) {
      // A classic client that asked twice before it heard us must not be answered twice: it would take that for a state.
      const impatient = session === undefined && timers.now() - this.#welcomedMs < CLASSIC_WELCOME_MS;
      if (!impatient) this.#sendWelcome(peer);
    } else if (this.#phase !== 'racing') {
      this.#retire(peer?.session);
      this.#welcome(init, address, port);
    } else if (timers.now() - this.#heardMs >= takeoverAfterMs) {
      this.#knock = { init, address, port };
      this.#options.onTakeover();
    } else {
      this.#options.onDrop(`the driver of the race under way, got a new client at ${address}:${port}`);
    }
  }

  #welcome(init: InitMessage, address: string, port: number): void {
    this.#init = init;
    this.#peer = { address, port, session: init.session };
    this.#phase = 'identified';
    this.#sendWelcome(this.#peer);
    const onIdentified = this.#onIdentified;
    this.#onIdentified = undefined;
    onIdentified?.(init);
  }

  #sendWelcome(peer: Peer): void {
    this.#welcomedMs = this.#options.timers.now();
    this.#options.send(formatSpecial('identified', peer.session), peer.address, peer.port);
  }

  #onControls(message: ControlsMessage, address: string, port: number): void {
    const peer = this.#peer;
    if (peer === undefined || peer.address !== address || peer.port !== port || peer.session !== message.session) {
      this.#onForeignControls(message, address, port);
      return;
    }
    if (message.keyCount === 0) {
      this.#options.onDrop('controls such as "(accel 1)(brake 0)…", got a datagram without any');
      return;
    }
    this.#heardMs = this.#options.timers.now();
    if (this.#phase !== 'racing') return;
    const controls = sanitiseControls(message.controls, this.#gear);
    if (peer.session !== undefined) {
      if (message.tick === this.#tick) this.#answer(controls);
      return;
    }
    if (this.#settling) return;
    const first = this.#newest === undefined;
    this.#newest = controls;
    if (first && this.#onAnswer !== undefined) this.#options.timers.afterArrived(() => this.#answerNewest());
  }

  #onForeignControls({ session }: ControlsMessage, address: string, port: number): void {
    const end = this.#lastEnd;
    const isLate = end?.peer.address === address && end.peer.port === port && end.peer.session === session;
    if (!isLate) this.#options.onDrop(`controls from the car's own driver, got some from ${address}:${port}`);
    // A classic client, which does not repeat itself, sends no second question; only its late answers come here.
    else if (session !== undefined) this.#options.send(end.datagram, address, port);
  }

  #answerNewest(): void {
    const controls = this.#newest;
    if (controls === undefined || this.#onAnswer === undefined) return;
    this.#newest = undefined;
    if (!this.#repeated) {
      this.#answer(controls);
      return;
    }
    this.#settling = true;
    this.#alarm.clear();
    this.#options.timers.after(this.#options.classicSettleMs, () => {
      this.#settling = false;
      this.#answer(controls);
    });
  }

  #post(sensors: Sensors, tick: number): void {
    const session = this.#peer?.session;
    this.#tick = tick;
    this.#gear = sensors.gear;
    this.#state = session === undefined ? formatSensors(sensors) : formatSensors(sensors, { session, tick });
    this.#sendState();
  }

  #sendState(): void {
    if (this.#peer !== undefined) this.#options.send(this.#state, this.#peer.address, this.#peer.port);
  }

  #onAlarm(): void {
    if (this.#onAnswer === undefined) return;
    this.#sendState();
    this.#repeated = true;
    if (this.#peer?.session !== undefined) this.#repeatMs = Math.min(2 * this.#repeatMs, LAST_REPEAT_MS);
    this.#alarm.set(this.#repeatMs);
  }

  #answer(answer: LinkAnswer): void {
    const onAnswer = this.#onAnswer;
    this.#onAnswer = undefined;
    this.#alarm.clear();
    onAnswer?.(answer);
  }

  #retire(session: number | undefined): void {
    if (session === undefined) return;
    this.#endedSessions.push(session);
    if (this.#endedSessions.length > REMEMBERED_SESSIONS) this.#endedSessions.shift();
  }
}

/** What the game's module drives with before a first command arrives: every value 0, gear too. */
export const SILENT_CONTROLS: Controls = Object.freeze({ ...DEFAULT_CONTROLS, gear: 0 });

function withoutSession({ rangeFinderAnglesDeg }: InitMessage): InitMessage {
  return { rangeFinderAnglesDeg };
}
