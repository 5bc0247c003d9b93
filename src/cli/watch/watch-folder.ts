import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemTimers } from '../../../torcs-client/timers.ts';
import { findTorcs } from '../../../torcs-client/torcs/status/status.ts';
import { systemClock } from '../../core/index.ts';
import { packageFile } from '../../core/package-file.ts';
import type { LibraryTopic } from '../../dashboard/index.ts';
import { composeTrackLibrary } from '../compose/simulator.ts';
import { scanFolder } from './library.ts';
import { openDashboard } from './open-dashboard.ts';
import { Station } from './station.ts';

/** How often the folder is looked at, ms. */
const LOOK_INTERVAL_MS = 2000;

export interface WatchFolderOptions {
  /** Whose policies, runs and recordings are shown; recordings are made in it. */
  readonly folder: string;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly seed: number;
  readonly log: (line: string) => void;
  /** Ends it: the drive under way stops, its recording is closed. */
  readonly signal: AbortSignal;
}

/** Serves the live page of a folder until the signal. @returns where it was */
export async function watchFolder(options: WatchFolderOptions): Promise<{ host: string; port: number }> {
  const { folder, host, port, seed, log, signal } = options;
  const { tracks, simulators } = await whereToDrive();
  let station: Station | undefined;
  const dashboard = await openDashboard({
    host,
    port,
    log,
    onCommand: (viewer, message) => station?.obey(viewer, message),
    onJoined: () => station?.greet(),
    onLeft: (viewer) => station?.lose(viewer),
  });
  const look = setInterval(() => station?.refresh(), LOOK_INTERVAL_MS);
  try {
    station = new Station({
      dashboard,
      folder,
      models: modelsThatDrive(),
      tracks,
      simulators,
      seed,
      clock: systemClock,
      timers: systemTimers,
      log,
    });
    if (!signal.aborted) await once(signal, 'abort');
    return { host: dashboard.host, port: dashboard.port };
  } finally {
    clearInterval(look);
    await station?.close();
    await dashboard.close();
  }
}

/** Policies that come with the program, by names that nobody has to look for: `models/driving-pixels`. */
function modelsThatDrive(): ReadonlyMap<string, string> {
  const { policies, folders } = scanFolder(fileURLToPath(packageFile('models')), 'models');
  const names = policies.filter(({ task }) => task === 'driving').map(({ name }) => name);
  return new Map(names.toSorted().map((name) => [name, folders.get(name)!]));
}

/** The embedded simulator drives every track, the real game its own, where it is set up. */
async function whereToDrive(): Promise<Pick<LibraryTopic, 'tracks' | 'simulators'>> {
  const [library, torcs] = await Promise.all([composeTrackLibrary(), findTorcs()]);
  const simulators = torcs.ready ? ['embedded', 'torcs'] : ['embedded'];
  const tracks = library.list().map(({ name, source }) => ({
    name,
    simulators: source === 'game' ? simulators : ['embedded'],
  }));
  return { tracks, simulators };
}
