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

/** The disk is full. What was acknowledged before is safe; free space and run repair. */
export class DiskFullError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DISK_FULL', message, options);
  }
}

/** Writing failed for another reason than a full disk. What was acknowledged before is safe. */
export class RecordingIoError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_RECORDING_IO', message, options);
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

/** The operating system's code of a failure (`ENOSPC`), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Wraps a failed write, keeping our own errors as they are. */
export function writeFailure(error: unknown, path: string): TorcsPilotError {
  if (error instanceof TorcsPilotError) return error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DiskFullError(
      `Expected space on the disk to write ${path}, got ${code}; what was recorded before is kept: free space, then repair the recording`,
      { cause: error },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new RecordingIoError(`Expected to write ${path}, got ${reason}; what was recorded before is kept`, {
    cause: error,
  });
}
