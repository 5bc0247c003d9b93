import { TorcsPilotError } from '../errors.ts';

/** Nobody answers at the server's address, or the server fell silent. The session is over; `start` may try again. */
export class ScrNoAnswerError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SCR_NO_ANSWER', message, options);
  }
}

/** The client was closed while something was waited for, or is used after that. */
export class ScrClosedError extends TorcsPilotError {
  constructor() {
    super('ERR_SCR_CLOSED', 'Expected an open client, got a closed one; connect a new one');
  }
}
