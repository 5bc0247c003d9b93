import { TorcsPilotError } from '../core/errors.ts';

/** The folder's features, rate or picture differ from what the writer was asked to append. */
export class RecordingMismatchError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_RECORDING_MISMATCH', message);
  }
}

/** Another process (or another writer of this one) has the folder open for writing. */
export class RecordingLockedError extends TorcsPilotError {
  /** @param held who has it, as its lock says */
  constructor(folder: string, held: string) {
    super(
      'ERR_RECORDING_LOCKED',
      `Expected ${folder} to have no other writer, got one: ${held}; wait for it or choose another folder`,
    );
  }
}

/** The writer was used after it was closed, or a step came before the first reset. */
export class RecordingStateError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_RECORDING_STATE', message);
  }
}

/** ffmpeg is missing or failed. */
export class VideoError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_VIDEO', message, options);
  }
}
