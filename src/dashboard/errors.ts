import { TorcsPilotError } from '../core/errors.ts';

/** The page's address cannot be listened at. */
export class DashboardUnavailableError extends TorcsPilotError {
  constructor(host: string, port: number, reason: string) {
    super(
      'ERR_PORT_UNAVAILABLE',
      `Expected to serve the page at ${host}, port ${port}, got ${reason}; choose another port, or 0 for a free one`,
    );
  }
}

/** The thread that serves the page ended before it was asked to. */
export class DashboardFailedError extends TorcsPilotError {
  constructor(options?: ErrorOptions) {
    super('ERR_DASHBOARD', 'Expected the page to be served until the end, got an end of its thread', options);
  }
}
