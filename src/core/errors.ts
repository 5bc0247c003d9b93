import { TorcsPilotError } from '../../torcs-client/errors.ts';

export { InvalidArgumentError, RaceOverError, TorcsPilotError } from '../../torcs-client/errors.ts';

/** The command line was used wrongly: an unknown flag, a value out of range. The program exits with 2. */
export class UsageError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_USAGE', message, options);
  }
}

/** A file is not what it should be: truncated, altered, foreign, hostile. The message names the file. */
export class InvalidFileError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_INVALID_FILE', message, options);
  }
}
