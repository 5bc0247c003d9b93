import { TorcsPilotError } from '../../errors.ts';

/** The game ended by itself. The message tells how, and the last lines it printed. The next `reset` starts it anew. */
export class TorcsCrashedError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TORCS_CRASHED', message, options);
  }
}

/** The game fell silent for longer than allowed and was killed. The next `reset` starts it anew. */
export class TorcsHungError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TORCS_HUNG', message, options);
  }
}

/** The game cannot start, or refuses what it was told: its own words are in the message. */
export class TorcsGameError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_TORCS_GAME', message);
  }
}

/** The simulator was closed, and is used after that. */
export class TorcsClosedError extends TorcsPilotError {
  constructor() {
    super('ERR_TORCS_CLOSED', 'Expected an open simulator, got a closed one; launch another');
  }
}
