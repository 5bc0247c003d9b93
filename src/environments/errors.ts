import { TorcsPilotError } from '../core/errors.ts';

/** `step` was called before `reset`, after an episode's end, or after `close`. */
export class ResetNeededError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_RESET_NEEDED', message);
  }
}
