import { once } from 'node:events';
import { DgramAsPromised, type SocketAsPromised } from 'dgram-as-promised';
import { type Controls, DEFAULT_CONTROLS, NO_FOCUS } from '../controls.ts';
import { parseOptions } from '../options.ts';
import type { Sensors } from '../sensors.ts';
import { ScrNoAnswerError } from './errors.ts';
import type { ScrEvent, ScrSessionState } from './events.ts';
import { clientOptionsSchema, type ScrClientOptions } from './options.ts';
import { ClientSession } from './session.ts';

/** Codes of Node for "nobody listens at that port": ICMP's answer on Linux and macOS, and on Windows. */
const REFUSED = new Set(['ECONNREFUSED', 'ECONNRESET']);
/** Gear 1 and no pedals; what a driver says who only wants the race to start anew. */
const RESTART_CONTROLS: Controls = Object.freeze({ ...DEFAULT_CONTROLS, focus: NO_FOCUS, restart: true });

/**
 * Drives one car of any SCR server over UDP. Towards a server that knows the lockstep extension (PROTOCOL.md) no
 * datagram can be lost, doubled or mistaken; towards any other the classic rules hold: it answers the newest state,
 * and each state once.
 *
 * ```ts
 * const client = await ScrClient.connect({ port: 3001 });
 * let sensors = await client.start();
 * const event = await client.exchange({ ...DEFAULT_CONTROLS, accel: 1 });
 * await client.close();
 * ```
 */
export class ScrClient {
  readonly #socket: SocketAsPromised;
  readonly #session: ClientSession;
  readonly #spinMs: number;
  #closed = false;

  private constructor(socket: SocketAsPromised, session: ClientSession, spinMs: number) {
    this.#socket = socket;
    this.#session = session;
    this.#spinMs = spinMs;
  }

  /**
   * Opens a socket towards the server and sends nothing yet. The socket is connected: the kernel drops what comes from
   * any other address, so a server with several addresses must answer from the one that it was asked at.
   * @throws {InvalidArgumentError} for a wrong option
   * @throws {ScrNoAnswerError} when the host's name is unknown
   */
  static async connect(options: ScrClientOptions = {}): Promise<ScrClient> {
    const { host, port, spinMs, ...sessionOptions } = parseOptions(clientOptionsSchema, options);
    const socket = DgramAsPromised.createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const raw = socket.socket;
    // `send` without a callback reports nothing and waits for nothing: the protocol itself repeats what was lost.
    const session = new ClientSession(sessionOptions, `${host}:${port}`, (datagram) => raw.send(datagram));
    await socket.bind({ port: 0 });
    const connected = once(raw, 'connect');
    raw.connect(port, host);
    await connected.catch(async (error: Error) => {
      await socket.close();
      throw new ScrNoAnswerError(`Expected the address of a server, got ${host}:${port}; ${error.message}`, {
        cause: error,
      });
    });
    // A listener of our own that stays: the library's `recv` loses what arrives between two calls of it.
    raw.on('message', (datagram) => session.receive(datagram));
    raw.on('error', (error: NodeJS.ErrnoException) => {
      if (REFUSED.has(error.code ?? '')) session.refused();
      else session.troubled(error);
    });
    return new ScrClient(socket, session, spinMs);
  }

  get state(): ScrSessionState {
    return this.#session.state;
  }

  /** Whether the server of the session under way speaks the lockstep extension; undefined between sessions. */
  get lockstep(): boolean | undefined {
    return this.#session.lockstep;
  }

  /** Unreadable datagrams that were dropped so far. */
  get malformedCount(): number {
    return this.#session.malformedCount;
  }

  /**
   * Introduces itself, repeating that until the server answers, and waits for the race's first state.
   * @param rangeFinderAnglesDeg 19 directions of the `track` sensors, degrees, -90 left; default -90, -80, … 90
   * @throws {ScrNoAnswerError} when nobody answers or no state follows
   * @throws {ScrMessageError} when the server's states lack required keys
   * @throws {RaceOverError} when the server shuts down before the first state
   * @throws {InvalidArgumentError} for wrong angles, or while a race is under way
   */
  start(rangeFinderAnglesDeg?: readonly number[]): Promise<Sensors> {
    return this.#session.start(rangeFinderAnglesDeg);
  }

  /**
   * Answers the last state and waits for what follows.
   * @throws {InvalidArgumentError} for controls that are missing, NaN, infinite or out of range; nothing was sent then
   * @throws {RaceOverError} when no race is under way
   * @throws {ScrNoAnswerError} when the server falls silent
   */
  exchange(controls: Controls): Promise<ScrEvent> {
    const event = this.#session.exchange(controls);
    if (this.#spinMs > 0) this.#stayAwake(performance.now() + this.#spinMs);
    return event;
  }

  /** A pending immediate makes the event loop look at its sockets without sleeping. */
  #stayAwake(untilMs: number): void {
    setImmediate(() => {
      if (this.#session.waiting && performance.now() < untilMs) this.#stayAwake(untilMs);
    });
  }

  /**
   * Asks for the race to start anew and waits until the server says so (a classic server's word may be lost: then for
   * `restartTimeoutMs`). Every car needs a new `start` afterwards. Does nothing when no race is under way.
   * @throws {ScrNoAnswerError} when a lockstep server falls silent
   */
  async restart(): Promise<void> {
    if (this.state === 'driving') await this.#session.exchange(RESTART_CONTROLS);
  }

  /** Closes the socket; what is waited for is rejected with {@link ScrClosedError}. The server is not told: it cannot be. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#session.close();
    await this.#socket.close();
    this.#socket.destroy();
  }
}
