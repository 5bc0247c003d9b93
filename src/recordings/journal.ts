import fs from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeFailure } from '../core/errors.ts';

/**
 * The append-only journal of a recording under way. Each record is: payload length (u32, little-endian), CRC-32 of
 * kind and payload (u32), kind (u8), payload. A kill leaves at most one torn record, at the end; readers stop there.
 */
export const RecordKind = { header: 1, episodeStart: 2, frame: 3, episodeEnd: 4 } as const;

export interface JournalRecord {
  readonly kind: number;
  /** Until the next record is read. */
  readonly payload: Buffer;
  /** Where the record ends in the file. */
  readonly end: number;
}

/** The file beneath a journal, so that tests can let the disk fill up. */
export interface JournalFile {
  /** Appends all bytes or throws; what it wrote before throwing is cut off again by the journal. */
  write(bytes: Uint8Array): void;
  sync(): Promise<void>;
  truncate(length: number): void;
  close(): void;
}

export function createJournalFile(path: string): JournalFile {
  const descriptor = fs.openSync(path, 'w');
  let offset = 0;
  return {
    write(bytes) {
      for (let done = 0; done < bytes.length; ) {
        done += fs.writeSync(descriptor, bytes, done, bytes.length - done, offset + done);
      }
      offset += bytes.length;
    },
    sync: () => new Promise((resolve, reject) => fs.fdatasync(descriptor, (e) => (e ? reject(e) : resolve()))),
    truncate: (length) => fs.ftruncateSync(descriptor, length),
    close: () => fs.closeSync(descriptor),
  };
}

const HEAD_BYTES = 9;
/** Read at once, at least. */
const READ_BYTES = 1 << 20;
/** Longer than any record that is written: a 4096 × 4096 picture that does not compress. A torn length is beyond it. */
const LONGEST_RECORD_BYTES = 64 * 1024 * 1024;

/** Appends records; a record that fails half-written is cut off again, so that the journal stays sound. */
export class Journal {
  readonly #path: string;
  readonly #file: JournalFile;
  #length = 0;
  #synced = 0;

  constructor(path: string, file: JournalFile) {
    this.#path = path;
    this.#file = file;
  }

  get length(): number {
    return this.#length;
  }

  get isSynced(): boolean {
    return this.#synced === this.#length;
  }

  /** Throws {@link DiskFullError} or {@link WriteFailedError}; the records before stay whole. */
  append(kind: number, payload: Uint8Array): void {
    const record = Buffer.allocUnsafe(HEAD_BYTES + payload.length);
    record.writeUInt32LE(payload.length, 0);
    record[8] = kind;
    record.set(payload, HEAD_BYTES);
    record.writeUInt32LE(crc32(record.subarray(8)), 4);
    try {
      this.#file.write(record);
    } catch (error) {
      this.#file.truncate(this.#length);
      throw writeFailure(error, this.#path);
    }
    this.#length += record.length;
  }

  appendJson(kind: number, value: unknown): void {
    this.append(kind, Buffer.from(JSON.stringify(value)));
  }

  async sync(): Promise<void> {
    const length = this.#length;
    try {
      await this.#file.sync();
    } catch (error) {
      throw writeFailure(error, this.#path);
    }
    this.#synced = length;
  }

  close(): void {
    this.#file.close();
  }
}

/**
 * Reads the sound records of a journal from the start and stops at the first that is not. A record's payload is good
 * until the next record is asked for: all are read into the same memory.
 */
export async function* readJournal(path: string): AsyncGenerator<JournalRecord> {
  const handle = await fs.promises.open(path, 'r');
  try {
    let memory = Buffer.allocUnsafe(READ_BYTES);
    let from = 0;
    let to = 0;
    let end = 0;
    for (;;) {
      const needed = to - from < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + memory.readUInt32LE(from);
      if (needed > HEAD_BYTES + LONGEST_RECORD_BYTES) return;
      if (to - from < needed) {
        const larger = needed > memory.length ? Buffer.allocUnsafe(needed) : memory;
        memory.copy(larger, 0, from, to);
        memory = larger;
        to -= from;
        from = 0;
        const { bytesRead } = await handle.read(memory, to, memory.length - to, null);
        if (bytesRead === 0) return;
        to += bytesRead;
        continue;
      }
      const next = from + needed;
      if (crc32(memory.subarray(from + 8, next)) !== memory.readUInt32LE(from + 4)) return;
      end += needed;
      yield { kind: memory[from + 8] ?? 0, payload: memory.subarray(from + HEAD_BYTES, next), end };
      from = next;
    }
  } finally {
    await handle.close();
  }
}
