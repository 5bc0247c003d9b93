import { TorcsPilotError } from '../errors.ts';

/** A datagram is not what the protocol allows. */
export class ScrMessageError extends TorcsPilotError {
  /** Sensors that the datagram should have named and did not; empty when something else is wrong. */
  readonly missingKeys: readonly string[];

  constructor(message: string, missingKeys: readonly string[] = []) {
    super('ERR_SCR_MESSAGE', message);
    this.missingKeys = missingKeys;
  }
}
