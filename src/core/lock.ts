import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemCode, writeFailure } from './errors.ts';
import { makeFolder } from './files.ts';

interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the kernel's clock ticks; tells a process from a later one with its number. */
  readonly started: string;
  readonly nonce: string;
}

/** Holds a folder for one writer, across processes. A lock whose process is gone is taken over. */
export class FolderLock {
  readonly #path: string;
  readonly #content: string;

  private constructor(lockPath: string, content: string) {
    this.#path = lockPath;
    this.#content = content;
  }

  /**
   * @param refusal makes the error that is thrown when a living process holds the lock, from what tells who does
   */
  static acquire(lockPath: string, refusal: (held: string) => Error): FolderLock {
    const owner: LockOwner = {
      pid: process.pid,
      host: os.hostname(),
      started: startOf(process.pid),
      nonce: crypto.randomUUID(),
    };
    const content = JSON.stringify(owner);
    const own = `${lockPath}.${owner.nonce}`;
    try {
      makeFolder(path.dirname(lockPath));
      fs.writeFileSync(own, content);
    } catch (error) {
      throw writeFailure(error, lockPath);
    }
    try {
      // A link appears with its content or not at all, and fails when the name is taken.
      while (!tryLink(own, lockPath)) {
        const held = readOrUndefined(lockPath);
        if (held === undefined) continue;
        if (isAlive(held)) throw refusal(held);
        takeAway(lockPath, held, owner.nonce);
      }
    } finally {
      fs.rmSync(own, { force: true });
    }
    return new FolderLock(lockPath, content);
  }

  release(): void {
    if (readOrUndefined(this.#path) === this.#content) fs.rmSync(this.#path, { force: true });
  }
}

/** Whether a living process holds the lock. */
export function isLocked(lockPath: string): boolean {
  const held = readOrUndefined(lockPath);
  return held !== undefined && isAlive(held);
}

/** Removes the dead lock, and puts it back when it turns out that another process replaced it just before. */
function takeAway(lockPath: string, dead: string, nonce: string): void {
  const aside = `${lockPath}.dead-${nonce}`;
  try {
    fs.renameSync(lockPath, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (readOrUndefined(aside) !== dead) tryLink(aside, lockPath);
  fs.rmSync(aside, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw writeFailure(error, to);
  }
}

function readOrUndefined(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(content: string): boolean {
  let owner: Partial<LockOwner>;
  try {
    owner = JSON.parse(content) as Partial<LockOwner>;
  } catch {
    return false; // Locks appear whole: what does not parse was left by a crash of the machine.
  }
  if (typeof owner.pid !== 'number') return false;
  if (owner.host !== os.hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
  }
  return owner.started === startOf(owner.pid);
}

/** Field 22 of /proc/PID/stat (proc(5)); empty where there is no such file. */
function startOf(pid: number): string {
  const stat = readOrUndefined(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
