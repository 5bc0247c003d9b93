import fs from 'node:fs';
import { InvalidFileError, systemCode } from '../../core/errors.ts';

/**
 * Reads a file that a stranger may have made: a plain file, not a link to one elsewhere, and not larger than expected.
 *
 * @throws InvalidFileError when it is missing, no plain file, too large, or changes while it is read
 */
export function readPlainFile(filePath: string, largestBytes: number): Uint8Array<ArrayBuffer> {
  let descriptor: number | undefined;
  try {
    // Looked at before it is opened: opening a pipe would wait for a writer.
    checkPlain(fs.lstatSync(filePath), filePath, largestBytes);
    descriptor = fs.openSync(filePath, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW ?? 0));
    const status = fs.fstatSync(descriptor);
    checkPlain(status, filePath, largestBytes);
    const bytes = new Uint8Array(status.size);
    let done = 0;
    while (done < bytes.length) {
      const count = fs.readSync(descriptor, bytes, done, bytes.length - done, done);
      if (count === 0) throw new InvalidFileError(`Expected ${filePath} to stay as it is, but it became shorter`);
      done += count;
    }
    return bytes;
  } catch (error) {
    if (error instanceof InvalidFileError) throw error;
    const reason = systemCode(error) ?? String(error);
    throw new InvalidFileError(`Expected a readable file ${filePath}, got ${reason}`, { cause: error });
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

function checkPlain(status: fs.Stats, filePath: string, largestBytes: number): void {
  if (!status.isFile()) {
    const kind = status.isSymbolicLink() ? 'a link' : status.isDirectory() ? 'a folder' : 'something else';
    throw new InvalidFileError(`Expected ${filePath} to be a plain file, got ${kind}`);
  }
  if (status.size > largestBytes) {
    throw new InvalidFileError(`Expected ${filePath} to have at most ${largestBytes} bytes, got ${status.size}`);
  }
}
