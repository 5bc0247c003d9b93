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

/** The disk is full. What was complete before is safe; free space and go on. */
export class DiskFullError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DISK_FULL', message, options);
  }
}

/** Writing failed for another reason than a full disk. What was complete before is safe. */
export class WriteFailedError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_WRITE_FAILED', message, options);
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
      `Expected space on the disk to write ${path}, got ${code}; what was complete before is kept: free space (a recording: then repair it)`,
      { cause: error },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new WriteFailedError(`Expected to write ${path}, got ${reason}; what was complete before is kept`, {
    cause: error,
  });
}

/** A loss, gradient or action is not finite (NaN or infinite). The message says which, and what was kept. */
export class NotFiniteError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_NOT_FINITE', message, options);
  }
}
