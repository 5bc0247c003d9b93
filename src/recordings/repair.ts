import fs from 'node:fs';
import path from 'node:path';
import { InvalidFileError } from '../core/errors.ts';
import { listFiles, removeIfEmpty } from '../core/files.ts';
import { FolderLock } from '../core/lock.ts';
import { RecordingLockedError } from './errors.ts';
import * as format from './format.ts';
import { hasJournal, sealJournal } from './seal.ts';

export interface RepairReport {
  /** False when there was nothing to do. */
  readonly repaired: boolean;
  /** What came from the journal. */
  readonly episodes: number;
  readonly frames: number;
  /** Of these, the one that had not ended, if any: 0 or 1. Its `outcome` is `interrupted`. */
  readonly interrupted: number;
  /** Bytes of a record that was cut while it was written. */
  readonly tornBytes: number;
}

/**
 * Brings a recording whose process died back to a whole dataset, from its journal. May be run again at any time, also
 * after it was killed itself. Damage that no crash makes (altered files) is found by {@link verifyRecording}, not mended.
 *
 * @throws {@link RecordingLockedError} while a writer is alive; {@link InvalidFileError} when `dir` is no recording;
 *   {@link DiskFullError}, {@link WriteFailedError}
 */
export async function repairRecording(dir: string): Promise<RepairReport> {
  if (!fs.existsSync(path.join(dir, format.INFO_PATH)) && !fs.existsSync(path.join(dir, format.WORK_FOLDER))) {
    throw new InvalidFileError(`Expected a recording in ${dir}, got neither ${format.INFO_PATH} nor a journal`);
  }
  const lock = FolderLock.acquire(path.join(dir, format.LOCK_PATH), (held) => new RecordingLockedError(dir, held));
  try {
    const hadJournal = hasJournal(dir);
    const sealed = hadJournal ? await sealJournal(dir) : { episodes: 0, frames: 0, interrupted: 0, tornBytes: 0 };
    const cleared = clearWorkFolder(dir);
    const { episodes, frames, interrupted, tornBytes } = sealed;
    return { repaired: hadJournal || cleared, episodes, frames, interrupted, tornBytes };
  } finally {
    lock.release();
    removeIfEmpty(path.join(dir, format.WORK_FOLDER));
  }
}

/** Removes half-written files and dead locks that a kill left; only for who holds the lock. True when there were any. */
export function clearWorkFolder(dir: string): boolean {
  const left = [
    ...['meta', 'data', 'videos'].flatMap((folder) => listFiles(path.join(dir, folder)).map((f) => `${folder}/${f}`)),
  ].filter((name) => name.endsWith('.tmp'));
  const locks = listFiles(path.join(dir, format.WORK_FOLDER))
    .map((name) => `${format.WORK_FOLDER}/${name}`)
    .filter((name) => name !== format.LOCK_PATH && name.startsWith(format.LOCK_PATH));
  for (const name of [...left, ...locks]) fs.rmSync(path.join(dir, name), { force: true });
  return left.length > 0;
}
