import { TorcsPilotError } from '../errors.ts';

/** A port of the server cannot be opened: another program has it, or the user may not. */
export class PortUnavailableError extends TorcsPilotError {
  readonly port: number;

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    const why =
      cause.code === 'EADDRINUSE'
        ? 'another program uses it'
        : cause.code === 'EACCES'
          ? 'it is reserved'
          : cause.message;
    super(
      'ERR_PORT_UNAVAILABLE',
      `Expected UDP port ${port} of ${host} to be free, got ${cause.code ?? 'an error'} (${why}); choose another port or stop that program`,
      { cause },
    );
    this.port = port;
  }
}

/** A datagram was dropped; the race goes on as if it had not come. */
export class DroppedDatagramError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_SCR_DATAGRAM_DROPPED', message);
  }
}
