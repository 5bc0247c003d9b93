import { TorcsPilotError } from '../../core/index.ts';
import { Dashboard, type DashboardListener, type DashboardOptions } from '../../dashboard/index.ts';

/** Where the page is when no port is asked for, and it is free. */
export const DEFAULT_PORT = 8765;

export interface OpenDashboardOptions extends DashboardListener {
  readonly host?: string | undefined;
  /** Left out: {@link DEFAULT_PORT}, or a free one when that is taken. */
  readonly port?: number | undefined;
  readonly log: (line: string) => void;
}

/** Opens the page and says where it is. */
export async function openDashboard({ host, port, log, ...listener }: OpenDashboardOptions): Promise<Dashboard> {
  const options: DashboardOptions = host === undefined ? {} : { host };
  const told: DashboardListener = { onProblem: (text) => log(`the page: ${text}`), ...listener };
  const dashboard = await openAt({ ...options, port: port ?? DEFAULT_PORT }, told, port === undefined);
  log(`the page is at ${dashboard.url}`);
  return dashboard;
}

async function openAt(options: DashboardOptions, listener: DashboardListener, isFree: boolean): Promise<Dashboard> {
  try {
    return await Dashboard.open(options, listener);
  } catch (error) {
    const isTaken = error instanceof TorcsPilotError && error.code === 'ERR_PORT_UNAVAILABLE';
    if (!isFree || !isTaken) throw error;
    return Dashboard.open({ ...options, port: 0 }, listener);
  }
}
