import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { InvalidFileError, systemCode, writeFailure } from './errors.ts';

export interface FileMark {
  readonly sha256: string;
  readonly bytes: number;
}

/** What file systems answer that cannot sync a folder. */
const CANNOT_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EPERM', 'EBADF']);

/** Makes a rename or a new entry in a folder last (a no-op where folders cannot be synced: Windows, some network drives). */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } catch (error) {
    if (!CANNOT_SYNC.has(systemCode(error) ?? '')) throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Makes a folder and what is missing above it, and makes them last. */
export function makeFolder(folder: string): void {
  const first = fs.mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  const above = path.dirname(path.resolve(first));
  for (let made = path.resolve(folder); made !== above; made = path.dirname(made)) syncFolder(path.dirname(made));
}

/**
 * Writes a file piece by piece under a temporary name; `commit` syncs it and gives it its own name in one step, so
 * that the file is either whole or not there. Errors: {@link DiskFullError}, {@link WriteFailedError}.
 */
export class AtomicFile {
  readonly path: string;
  readonly temporaryPath: string;
  readonly #descriptor: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;
  #open = true;

  constructor(filePath: string) {
    this.path = filePath;
    this.temporaryPath = `${filePath}.tmp`;
    try {
      makeFolder(path.dirname(filePath));
      this.#descriptor = fs.openSync(this.temporaryPath, 'w');
    } catch (error) {
      throw writeFailure(error, filePath);
    }
  }

  write(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length; ) done += fs.writeSync(this.#descriptor, bytes, done);
    } catch (error) {
      throw writeFailure(error, this.path);
    }
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  commit(): FileMark {
    try {
      fs.fsyncSync(this.#descriptor);
      this.#close();
      fs.renameSync(this.temporaryPath, this.path);
      syncFolder(path.dirname(this.path));
    } catch (error) {
      throw writeFailure(error, this.path);
    }
    return { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
  }

  /** Drops what was written; after `commit` it does nothing. */
  discard(): void {
    if (!this.#open) return;
    this.#close();
    fs.rmSync(this.temporaryPath, { force: true });
  }

  #close(): void {
    this.#open = false;
    fs.closeSync(this.#descriptor);
  }
}

export function writeFileAtomic(filePath: string, content: Uint8Array | string): FileMark {
  const file = new AtomicFile(filePath);
  try {
    file.write(typeof content === 'string' ? Buffer.from(content) : content);
    return file.commit();
  } finally {
    file.discard();
  }
}

/** JSON as LeRobot indents it, with a newline at the end. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 4)}\n`;

export function writeJsonAtomic(filePath: string, value: unknown): FileMark {
  return writeFileAtomic(filePath, jsonText(value));
}

/** @throws {@link InvalidFileError} when the file is missing or no JSON */
export function readJson(filePath: string): unknown {
  let text: string;
  try {
    text = fs.readFileSync(filePath, 'utf8');
  } catch (error) {
    throw new InvalidFileError(`Expected a readable file ${filePath}, got ${systemCode(error) ?? 'an error'}`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidFileError(`Expected JSON in ${filePath}, got ${text.length} characters that are not`, {
      cause: error,
    });
  }
}

/** SHA-256 and size, read as a stream. */
export async function markFile(filePath: string): Promise<FileMark> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of fs.createReadStream(filePath, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** All files below `folder`, relative, with forward slashes, sorted. A missing folder has none. */
export function listFiles(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort();
}

export function removeIfEmpty(folder: string): void {
  if (fs.existsSync(folder) && fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
