import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { userInfo } from 'node:os';
import { TorcsSetupRunningError } from '../installation/errors.ts';

/** Held while a setup runs. */
export interface SetupLock {
  release(): Promise<void>;
}

/** A name in Linux' abstract space of sockets: it is bound to a process, not to a file (unix(7)). */
function lockName(cacheFolder: string): string {
  const digest = createHash('sha256').update(cacheFolder).digest('hex').slice(0, 32);
  return `\0torcs-pilot-setup-${userInfo().uid}-${digest}`;
}

/** The process that holds a lock tells its number to whoever connects. */
async function holderOf(name: string): Promise<string> {
  const socket = connect(name);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  const failed = once(socket, 'error').then(() => undefined);
  const closed = once(socket, 'close').catch(() => undefined);
  await Promise.race([failed, closed]);
  return text === '' ? 'another process' : `process ${text}`;
}

/**
 * Keeps two setups from working in the same cache folder. The kernel frees the lock the moment its holder dies,
 * however it dies, so there is no stale lock to judge or to take over. On systems other than Linux, where no setup
 * runs, it is no lock at all.
 *
 * @throws TorcsSetupRunningError when another setup holds it
 */
export async function acquireSetupLock(cacheFolder: string): Promise<SetupLock> {
  if (process.platform !== 'linux') return { release: async () => undefined };
  const name = lockName(cacheFolder);
  const server: Server = createServer((socket) => socket.end(String(process.pid)));
  server.listen(name);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new TorcsSetupRunningError(
      `Expected to be the only setup for ${cacheFolder}, but ${await holderOf(name)} is at it. ` +
        'Wait for it to end, then run `npx torcs-pilot torcs status`.',
    );
  }
  server.unref();
  return {
    release: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
