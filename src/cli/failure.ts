import { TorcsPilotError } from '../core/index.ts';

/** What is told of an error: a stable code, and one line. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Ctrl-C came before the first tick, or while something was waited for. */
export class InterruptedError extends TorcsPilotError {
  /** @param expected what was waited for. Default: the simulator's answer */
  constructor({
    expected = 'the simulator to answer',
    ...options
  }: ErrorOptions & { readonly expected?: string } = {}) {
    super('ERR_INTERRUPTED', `Expected ${expected}, got interrupted while waiting for it`, options);
  }
}

/** Names an error: our own by their code, those of the operating system by a few codes of ours. */
export function describeFailure(error: unknown): Failure {
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ').trim();
  if (error instanceof TorcsPilotError) return { code: error.code, message };
  if (error instanceof Error && isSystemError(error)) {
    const where = error.path ?? 'a file';
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
      return { code: 'ERR_DISK_FULL', message: `Expected space on the disk for ${where}, got none; free some` };
    }
    return { code: 'ERR_FILE_SYSTEM', message: `Expected to read or write ${where}, got ${message}` };
  }
  return { code: 'ERR_UNEXPECTED', message };
}

interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
}

function isSystemError(error: Error): error is SystemError {
  return 'syscall' in error && 'code' in error && typeof error.code === 'string';
}
