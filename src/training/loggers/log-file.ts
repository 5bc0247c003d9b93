import fs from 'node:fs';
import { z } from 'zod';
import { InvalidFileError, writeFailure } from '../../core/errors.ts';
import type { ObserverCheckpoint } from '../observer.ts';

const stateSchema = z.strictObject({ bytes: z.int().min(0) });

/**
 * A file that only grows, and that is cut back to where it was when its run is resumed from a checkpoint.
 * Errors: {@link DiskFullError}, {@link WriteFailedError}.
 */
export class LogFile {
  readonly #path: string;
  #descriptor: number | undefined;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Starts the file anew, with a beginning, unless it was loaded. */
  open(beginning: () => Uint8Array | string = () => ''): void {
    if (this.#descriptor !== undefined) return;
    this.#attempt(() => {
      this.#descriptor = fs.openSync(this.#path, 'w');
      this.#bytes = 0;
    });
    this.append(beginning());
  }

  append(content: Uint8Array | string): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#attempt((descriptor) => {
      for (let done = 0; done < bytes.length; ) {
        done += fs.writeSync(descriptor, bytes, done, bytes.length - done, this.#bytes + done);
      }
      this.#bytes += bytes.length;
    });
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    fs.closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  /** For a logger's checkpoint: the file's length. */
  checkpoint(key: string): ObserverCheckpoint {
    return { key, save: () => this.#save(), load: (state) => this.#load(state) };
  }

  #save(): z.output<typeof stateSchema> {
    this.#attempt((descriptor) => fs.fsyncSync(descriptor));
    return { bytes: this.#bytes };
  }

  #load(state: unknown): void {
    const parsed = stateSchema.safeParse(state);
    if (!parsed.success) throw new InvalidFileError(`Expected the length of ${this.#path} in the checkpoint, got none`);
    const { bytes } = parsed.data;
    const found = fs.existsSync(this.#path) ? fs.statSync(this.#path).size : 0;
    if (found < bytes) {
      throw new InvalidFileError(
        `Expected at least ${bytes} bytes in ${this.#path}, as when the checkpoint was written, got ${found}`,
      );
    }
    this.close();
    this.#attempt(() => {
      this.#descriptor = fs.openSync(this.#path, bytes === 0 ? 'w' : 'r+');
      fs.ftruncateSync(this.#descriptor, bytes);
      this.#bytes = bytes;
    });
  }

  #attempt(act: (descriptor: number) => void): void {
    try {
      act(this.#descriptor ?? -1);
    } catch (error) {
      throw writeFailure(error, this.#path);
    }
  }
}
