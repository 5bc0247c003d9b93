import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Checkpointed } from '../../core/checkpoint.ts';
import { InvalidFileError, systemCode, writeFailure } from '../../core/errors.ts';
import {
  type FileMark,
  listFiles,
  makeFolder,
  markFile,
  readJson,
  syncFolder,
  writeFileAtomic,
  writeJsonAtomic,
} from '../../core/files.ts';

/** Kept when a new one is complete: the new one, and one to fall back on when the disk damages it. */
const KEPT = 2;
const NAME = /^\d{15}$/;
const SHARED = 'shared';
const RECORD = 'checkpoint.json';
const ACTIONS = 'actions.f32';

const markSchema = z.strictObject({ sha256: z.string(), bytes: z.int().min(0) });
const recordSchema = z.strictObject({
  format: z.literal(1),
  /** Names of the shared files that each part needs. */
  shared: z.record(z.string(), z.array(z.string())),
  actions: markSchema,
  state: z.unknown(),
});

/** A complete checkpoint. */
export interface Checkpoint {
  readonly steps: number;
  readonly folder: string;
}

/** What a checkpoint holds beside the parts' own folders. */
export interface CheckpointContent {
  /** As JSON. */
  readonly state: unknown;
  /** Recorded actions of the episodes under way. */
  readonly actions: Float32Array;
}

/**
 * The checkpoints of a run. One is written into a folder named `writing-…`, synced, and given its name, which is its number
 * of steps, in one step: a folder of that name is complete, whenever the process is killed. Which one is the latest is
 * seen from the names alone.
 */
export class CheckpointStore {
  readonly #folder: string;
  readonly #parts: Readonly<Record<string, Checkpointed>>;

  /** @param parts by the name of their folders */
  constructor(folder: string, parts: Readonly<Record<string, Checkpointed>>) {
    this.#folder = folder;
    this.#parts = parts;
  }

  /** The complete ones, newest first. */
  list(): readonly Checkpoint[] {
    if (!fs.existsSync(this.#folder)) return [];
    const names = fs.readdirSync(this.#folder).filter((name) => NAME.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => ({ steps: Number(name), folder: path.join(this.#folder, name) }));
  }

  /**
   * Writes one; when it is complete, older ones than the last two are removed, and shared files that none needs any more.
   *
   * @throws {@link DiskFullError}, {@link WriteFailedError}; the complete ones are as they were then
   */
  async write(steps: number, { state, actions }: CheckpointContent): Promise<Checkpoint> {
    const name = String(steps).padStart(15, '0');
    const target = path.join(this.#folder, name);
    const temporary = path.join(this.#folder, `writing-${name}`);
    try {
      fs.rmSync(temporary, { recursive: true, force: true });
      const shared = await this.#saveParts(temporary);
      const mark = writeFileAtomic(path.join(temporary, ACTIONS), bytesOf(actions));
      writeJsonAtomic(path.join(temporary, RECORD), { format: 1, shared, actions: mark, state });
      syncFolders(temporary);
      syncFolders(path.join(this.#folder, SHARED));
      this.#remove(target);
      fs.renameSync(temporary, target);
      syncFolder(this.#folder);
    } catch (error) {
      fs.rmSync(temporary, { recursive: true, force: true });
      throw systemCode(error) === undefined ? error : writeFailure(error, target);
    }
    this.prune();
    return { steps, folder: target };
  }

  async #saveParts(temporary: string): Promise<Record<string, readonly string[]>> {
    const shared: Record<string, readonly string[]> = {};
    for (const [part, checkpointed] of Object.entries(this.#parts)) {
      const folders = { own: path.join(temporary, part), shared: path.join(this.#folder, SHARED, part) };
      makeFolder(folders.own);
      makeFolder(folders.shared);
      shared[part] = await checkpointed.saveCheckpoint(folders);
    }
    return shared;
  }

  /**
   * Loads every part from a checkpoint.
   *
   * @throws {@link InvalidFileError} when something is missing or damaged; parts may have been loaded by then
   */
  async read(checkpoint: Checkpoint): Promise<CheckpointContent> {
    const record = readRecord(checkpoint);
    const actions = await readActions(path.join(checkpoint.folder, ACTIONS), record.actions);
    for (const [part, checkpointed] of Object.entries(this.#parts)) {
      await checkpointed.loadCheckpoint({
        own: path.join(checkpoint.folder, part),
        shared: path.join(this.#folder, SHARED, part),
      });
    }
    return { state: record.state, actions };
  }

  /** Removes what kills left, newer checkpoints than the given one, and whatever the last two do not need. */
  prune(newest = Number.POSITIVE_INFINITY): void {
    if (!fs.existsSync(this.#folder)) return;
    for (const name of fs.readdirSync(this.#folder)) {
      if (/^(writing|removing)-/.test(name)) {
        fs.rmSync(path.join(this.#folder, name), { recursive: true, force: true });
      }
    }
    for (const { steps, folder } of this.list()) if (steps > newest) this.#remove(folder);
    for (const { folder } of this.list().slice(KEPT)) this.#remove(folder);
    this.#pruneShared();
  }

  #pruneShared(): void {
    const needed = new Set<string>();
    for (const checkpoint of this.list()) {
      try {
        for (const [part, names] of Object.entries(readRecord(checkpoint).shared)) {
          for (const name of names) needed.add(`${part}/${name}`);
        }
      } catch (error) {
        // What a damaged checkpoint needs is not known: then nothing is removed.
        if (error instanceof InvalidFileError) return;
        throw error;
      }
    }
    const shared = path.join(this.#folder, SHARED);
    for (const name of listFiles(shared)) if (!needed.has(name)) fs.rmSync(path.join(shared, name));
  }

  /** Takes the name away first, so that a folder with a checkpoint's name is never half removed. */
  #remove(folder: string): void {
    if (!fs.existsSync(folder)) return;
    const aside = path.join(this.#folder, `removing-${path.basename(folder)}`);
    fs.rmSync(aside, { recursive: true, force: true });
    fs.renameSync(folder, aside);
    syncFolder(this.#folder);
    fs.rmSync(aside, { recursive: true, force: true });
  }
}

function readRecord({ folder }: Checkpoint): z.output<typeof recordSchema> {
  const file = path.join(folder, RECORD);
  const parsed = recordSchema.safeParse(readJson(file));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new InvalidFileError(
    `Expected a checkpoint of format 1 in ${file}, got \`${issue?.path.map(String).join('.')}\`: ${issue?.message}`,
  );
}

async function readActions(file: string, mark: FileMark): Promise<Float32Array> {
  const missing = !fs.existsSync(file);
  const found = missing ? undefined : await markFile(file);
  if (found?.sha256 !== mark.sha256 || found.bytes !== mark.bytes || mark.bytes % 4 !== 0) {
    throw new InvalidFileError(
      `Expected ${file} as it was written (${mark.bytes} bytes), got ${found === undefined ? 'no file' : `other content (${found.bytes} bytes)`}`,
    );
  }
  const bytes = fs.readFileSync(file);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}

/** Little-endian on every machine. */
function bytesOf(values: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i]!, 4 * i);
  return bytes;
}

/** Makes the entries of a folder and of those below it last. */
function syncFolders(folder: string): void {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) syncFolder(path.join(entry.parentPath, entry.name));
  }
  syncFolder(folder);
}
