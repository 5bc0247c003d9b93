/**
 * The base of every error that torcs-pilot throws on purpose. `code` is stable: programs may test on it, and the
 * message may be reworded. The message says what was expected, what came, and what to do.
 */
export class TorcsPilotError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A caller passed a value that the docstring does not allow: an option, a control, a camera size, a track name. */
export class InvalidArgumentError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_INVALID_ARGUMENT', message, options);
  }
}

/** `step` was called on a simulator whose race has ended (see {@link Simulator.raceOver}), or before `reset`. */
export class RaceOverError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_RACE_OVER', message);
  }
}
