import type { SocketAsPromised } from 'dgram-as-promised';
import { InvalidArgumentError, TorcsPilotError } from '../errors.ts';
import { parseOptions } from '../options.ts';
import type { Sensors } from '../sensors.ts';
import { CarLink } from './car-link.ts';
import { DroppedDatagramError, PortUnavailableError } from './errors.ts';
import { type ScrServerOptions, type ScrServerSettings, serverOptionsSchema } from './options.ts';
import { type Field, fieldOf, type RaceEnd, runLockstepRace, runRealTimeRace } from './race.ts';
import { createDirectSocket } from './socket.ts';

const LARGEST_PORT = 65_535;

/**
 * Puts a simulator behind the SCR protocol, for anyone's client: Python, C++, Java, ours. Race after race it waits for
 * every car's client in the order of the ports, lets them drive until the race ends or one asks for a restart, tells
 * all of them, and begins again.
 *
 * ```ts
 * const server = await ScrServer.listen({ simulator, port: 3001 });
 * await server.finished;
 * ```
 */
export class ScrServer {
  /** Resolves when the server was closed or has held its races; rejects with what the simulator threw. */
  readonly finished: Promise<void>;
  readonly #settings: ScrServerSettings;
  readonly #field: Field;
  readonly #sockets: SocketAsPromised[] = [];
  readonly #links: CarLink[] = [];
  #dropCount = 0;
  #raceCount = 0;
  #closing: Promise<void> | undefined;

  private constructor(settings: ScrServerSettings, field: Field, sockets: SocketAsPromised[]) {
    this.#settings = settings;
    this.#field = field;
    this.#sockets = sockets;
    this.#links = sockets.map((socket) => this.#link(socket));
    this.finished = this.#run().finally(() => this.close());
    // Who awaits `finished` still sees the error; who does not must not crash on it.
    this.finished.catch(() => undefined);
  }

  /**
   * Opens the ports and begins to wait for clients.
   * @throws {PortUnavailableError} when a port is in use or reserved; none stays open then
   * @throws {InvalidArgumentError} for a wrong option
   */
  static async listen(options: ScrServerOptions): Promise<ScrServer> {
    const settings = parseOptions(serverOptionsSchema, options);
    const field = fieldOf(settings.simulator);
    const lastPort = settings.port + field.carCount - 1;
    if (settings.port !== 0 && lastPort > LARGEST_PORT) {
      throw new InvalidArgumentError(
        `Expected \`port\` to leave room for ${field.carCount} cars up to ${LARGEST_PORT}, got ${settings.port}`,
      );
    }
    const sockets: SocketAsPromised[] = [];
    for (let car = 0; car < field.carCount; car++) {
      const socket = createDirectSocket(settings.host);
      const port = settings.port === 0 ? 0 : settings.port + car;
      try {
        await socket.bind({ port, address: settings.host, exclusive: true });
      } catch (error) {
        await Promise.all([socket, ...sockets].map((opened) => opened.close()));
        throw new PortUnavailableError(settings.host, port, error as NodeJS.ErrnoException);
      }
      sockets.push(socket);
    }
    return new ScrServer(settings, field, sockets);
  }

  /** The port of each car. */
  get ports(): readonly number[] {
    return this.#sockets.map((socket) => socket.address().port);
  }

  /** Datagrams that were dropped: malformed, oversized, from strangers. */
  get dropCount(): number {
    return this.#dropCount;
  }

  /** Races that have begun. */
  get raceCount(): number {
    return this.#raceCount;
  }

  /** Tells the clients that it is over and closes the ports. The simulator stays open. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const link of this.#links) link.close();
    await Promise.all(this.#sockets.map((socket) => socket.close()));
    for (const socket of this.#sockets) socket.destroy();
  }

  async #run(): Promise<void> {
    for (let race = 0; race < this.#settings.races; race++) {
      for (const link of this.#links) {
        if ((await link.identify()) === 'closed') return;
      }
      const first = await this.#reset();
      if (this.#closing !== undefined) return;
      this.#raceCount++;
      for (const link of this.#links) link.begin();
      const end = await this.#race(first);
      if (end.kind === 'closed') return;
      this.#links.forEach((link, car) => {
        link.end(end.kind === 'restart' && end.cars.includes(car) ? 'restart' : 'shutdown');
      });
    }
  }

  #race(first: readonly Sensors[]): Promise<RaceEnd> {
    return this.#settings.mode === 'lockstep'
      ? runLockstepRace(this.#field, this.#links, first)
      : runRealTimeRace(this.#field, this.#links, first, this.#settings);
  }

  async #reset(): Promise<readonly Sensors[]> {
    const { resetOptions } = this.#settings;
    const rangeFinderAnglesDeg = this.#links[0]?.init?.rangeFinderAnglesDeg;
    if (rangeFinderAnglesDeg === undefined) return this.#field.reset(resetOptions);
    try {
      return await this.#field.reset({ ...resetOptions, rangeFinderAnglesDeg });
    } catch (error) {
      // A client may ask for angles that the simulator refuses; that must not end the server.
      if (!(error instanceof InvalidArgumentError)) throw error;
      this.#settings.onProblem?.(error);
      return this.#field.reset(resetOptions);
    }
  }

  #link(socket: SocketAsPromised): CarLink {
    const raw = socket.socket;
    const link: CarLink = new CarLink({
      ...this.#settings,
      extension: this.#settings.mode === 'lockstep',
      // No callback is waited for: the protocol itself repeats what was lost.
      send: (datagram, address, port) => raw.send(datagram, 0, datagram.length, port, address),
      onTakeover: () => {
        for (const each of this.#links) each.interrupt('abandoned');
      },
      onDrop: (expectation) => {
        this.#dropCount++;
        this.#settings.onProblem?.(new DroppedDatagramError(`Expected ${expectation}; it was dropped`));
      },
    });
    raw.on('message', (datagram, { address, port }) => link.receive(datagram, address, port));
    raw.on('error', (error) => {
      this.#settings.onProblem?.(
        new TorcsPilotError('ERR_SCR_SOCKET', `Expected a working socket, got: ${error.message}`),
      );
    });
    return link;
  }
}
