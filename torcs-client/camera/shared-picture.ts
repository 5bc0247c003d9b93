import { closeSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TorcsPilotError } from '../errors.ts';

/** A file without a name, in memory where the system has a file system there: it is gone when its last user is. */
export interface SharedPicture {
  /** To be passed on to the process that writes it. */
  readonly fd: number;
  /** Copies the picture's bytes from the start of the file. */
  read(into: Uint8Array): void;
  close(): void;
}

/** Opens a file for pictures and takes its name away at once, so that no kill leaves it behind. */
export function openSharedPicture(): SharedPicture {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'torcs-pilot-'));
  const fd = openSync(join(folder, 'picture'), 'wx+', 0o600);
  rmSync(folder, { recursive: true });
  let open = true;
  return {
    fd,
    read(into) {
      let count = 0;
      while (count < into.length) {
        const got = readSync(fd, into, count, into.length - count, count);
        if (got === 0) {
          throw new TorcsPilotError(
            'ERR_PICTURE',
            `Expected a picture of ${into.length} bytes, got ${count}; report this as a bug`,
          );
        }
        count += got;
      }
    },
    close() {
      if (open) closeSync(fd);
      open = false;
    },
  };
}
