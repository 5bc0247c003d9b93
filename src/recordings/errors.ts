import { TorcsPilotError } from '../core/errors.ts';

/** The folder's features, rate or picture differ from what the writer was asked to append. */
export class RecordingMismatchError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_RECORDING_MISMATCH', message);
  }
}

/** Another process (or another writer of this one) has the folder open for writing. */
export class RecordingLockedError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_RECORDING_LOCKED', message);
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
