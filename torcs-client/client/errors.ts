import { TorcsPilotError } from '../errors.ts';
import type { ScrSessionState } from './events.ts';
import type { SessionSettings } from './options.ts';

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

/** What was waited for in vain, how long, what arrived instead, and what to look at. */
export function silenceError(
  state: ScrSessionState,
  server: string,
  { firstStateTimeoutMs, identifyTimeoutMs, stateTimeoutMs }: SessionSettings,
  trouble: Error | undefined,
): ScrNoAnswerError {
  const [wanted, waitedMs, advice] =
    state === 'driving'
      ? ['the next state', stateTimeoutMs, 'is the game paused, or was the car taken out of the race?']
      : state === 'waiting'
        ? ['the first state', firstStateTimeoutMs, 'does the race wait for more drivers, or does the game still load?']
        : ['an answer', identifyTimeoutMs, 'is a race with an scr_server driver waiting there, and is the port right?'];
  const instead = trouble === undefined ? '' : ` (last trouble: ${trouble.message})`;
  return new ScrNoAnswerError(
    `Expected ${wanted} from ${server} within ${waitedMs} ms, got none${instead}; ${advice}`,
    trouble === undefined ? {} : { cause: trouble },
  );
}
