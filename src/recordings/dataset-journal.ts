import path from 'node:path';
import { syncFolder } from '../core/files.ts';
import * as format from './format.ts';
import { Journal, type JournalFile, RecordKind } from './journal.ts';
import type { EpisodeEndRecord, EpisodeStartRecord, JournalHeader } from './journal-records.ts';
import { hasJournal, sealJournal } from './seal.ts';
import type { DatasetState } from './state.ts';

export interface DatasetJournalOptions {
  readonly dir: string;
  /** Size at which the journal becomes files, MB. */
  readonly dataFileMegabytes: number;
  /** Longest time until an appended record is synced, ms. */
  readonly syncIntervalMs: number;
  readonly openFile: (path: string) => JournalFile;
}

/**
 * What is recorded into a dataset, on its way from the journal into files. After a failure nothing may follow: the
 * journal is whole up to there, every further append throws the same error, and `close` makes files of what there is.
 */
export class DatasetJournal {
  readonly #options: DatasetJournalOptions;
  #state: DatasetState;
  #journal: Journal | undefined;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(options: DatasetJournalOptions, state: DatasetState) {
    this.#options = options;
    this.#state = state;
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  startEpisode(start: EpisodeStartRecord): void {
    this.#append((journal) => journal.appendJson(RecordKind.episodeStart, start));
  }

  /** Appends a step; it is on the disk after `syncIntervalMs` at the latest. */
  addFrame(payload: Uint8Array): void {
    this.#append((journal) => journal.append(RecordKind.frame, payload));
    this.#syncSoon();
  }

  endEpisode(end: EpisodeEndRecord): void {
    this.#append((journal) => journal.appendJson(RecordKind.episodeEnd, end));
  }

  /** Waits until all that was appended is on the disk, and makes files of it when it has grown large enough. */
  async settle(): Promise<void> {
    try {
      await this.#sync();
      if ((this.#journal?.length ?? 0) >= this.#options.dataFileMegabytes * 1e6) await this.#seal();
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  /** Makes files of all that is in the journal, also of a sealing that failed before, for want of space perhaps. */
  async close(): Promise<void> {
    clearTimeout(this.#syncTimer);
    await this.#syncing;
    if (!this.hasFailed) await this.#sync();
    if (hasJournal(this.#options.dir)) await this.#seal();
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  get #path(): string {
    return path.join(this.#options.dir, format.JOURNAL_PATH);
  }

  #append(work: (journal: Journal) => void): void {
    this.throwFailure();
    try {
      work(this.#journal ?? this.#open());
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  #open(): Journal {
    const journal = new Journal(this.#path, this.#options.openFile(this.#path));
    this.#journal = journal;
    const header: JournalHeader = {
      version: 1,
      dataFileMegabytes: this.#options.dataFileMegabytes,
      state: this.#state,
    };
    journal.appendJson(RecordKind.header, header);
    syncFolder(path.dirname(this.#path));
    return journal;
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      const journal = this.#journal;
      if (journal === undefined || journal.isSynced) return;
      this.#syncing = journal.sync().catch((error: unknown) => {
        this.#failure ??= error; // The next call throws it.
      });
    }, this.#options.syncIntervalMs).unref();
  }

  async #sync(): Promise<void> {
    await this.#syncing;
    await this.#journal?.sync();
  }

  async #seal(): Promise<void> {
    await this.#syncing;
    this.#journal?.close();
    this.#journal = undefined;
    this.#state = (await sealJournal(this.#options.dir)).state ?? this.#state;
  }
}
