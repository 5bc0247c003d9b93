import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { CheckpointFolders } from '../core/checkpoint.ts';
import { InvalidFileError, systemCode } from '../core/errors.ts';
import type { FileMark } from '../core/files.ts';
import type { Layout } from './layout.ts';
import { type Expected, MANIFEST, type Manifest, OPEN_SEGMENT, PRIORITIES, readManifest, STARTS } from './manifest.ts';
import type { PrioritiesState } from './priorities.ts';
import { rebuildStore } from './rebuild.ts';
import { Segment } from './segment.ts';
import { newSource } from './source.ts';
import type { TransitionStore } from './transition-store.ts';

export interface Loaded {
  readonly store: TransitionStore;
  readonly priorities: PrioritiesState | undefined;
}

/**
 * Reads a checkpoint into memory of its own.
 *
 * @throws {@link InvalidFileError} when a file is missing, damaged, contradicts the others, or is of other sizes
 */
export async function loadBuffer({ own, shared }: CheckpointFolders, expected: Expected): Promise<Loaded> {
  const { layout } = expected;
  const manifestPath = path.join(own, MANIFEST);
  const manifest = readManifest(manifestPath, expected);
  const segments: Segment[] = [];
  for (const saved of manifest.segments) {
    const { file, sha256, bytes } = saved;
    const segment = await readSegment(layout, saved.index, layout.segmentRows, path.join(shared, file), saved);
    segment.saved = { folder: path.resolve(shared), file, sha256, bytes };
    segments.push(segment);
  }
  if (manifest.openSegment !== null) {
    const { index, rows } = manifest.openSegment;
    segments.push(await readSegment(layout, index, rows, path.join(own, OPEN_SEGMENT), manifest.openSegment));
  }
  const sources = manifest.sources.map((saved) => ({ ...newSource(layout), ...saved }));
  const staged = sources.filter((source) => source.staged);
  if (staged.length > 0) {
    await readInto(
      path.join(own, STARTS),
      required(manifest.starts, 'starts', manifestPath),
      staged.flatMap(({ stateBytes, picture }) => [stateBytes, picture]),
    );
  }
  const priorities = await readPriorities(manifest, layout, own);
  return { store: rebuildStore({ manifest, layout, segments, sources, file: manifestPath }), priorities };
}

async function readSegment(
  layout: Layout,
  index: number,
  rows: number,
  file: string,
  mark: FileMark,
): Promise<Segment> {
  if (rows > layout.segmentRows) {
    throw new InvalidFileError(`Expected at most ${layout.segmentRows} rows of a segment in ${file}, got ${rows}`);
  }
  const segment = new Segment(layout);
  segment.restart(index);
  segment.rows = rows;
  await readInto(file, mark, segment.contents(rows));
  return segment;
}

async function readPriorities(manifest: Manifest, layout: Layout, own: string): Promise<PrioritiesState | undefined> {
  if (manifest.priorities === null) return undefined;
  const { maximum, batches } = manifest.priorities;
  const leaves = new Float64Array(layout.capacity);
  const file = path.join(own, PRIORITIES);
  await readInto(file, manifest.priorities, [new Uint8Array(leaves.buffer)]);
  const oldest = manifest.transitions - manifest.size;
  const drawable = (place: number) => {
    const age = (((place - oldest) % layout.capacity) + layout.capacity) % layout.capacity;
    return age < manifest.size;
  };
  if (!leaves.every((leaf, place) => (drawable(place) ? leaf > 0 && Number.isFinite(leaf) : leaf === 0))) {
    throw new InvalidFileError(
      `Expected a priority above 0 of each transition in ${file}, and no others, got otherwise`,
    );
  }
  return { maximum, batches, leaves };
}

/** Reads a file that must be just as large as `parts` together, and have the mark. */
async function readInto(file: string, mark: FileMark, parts: readonly Uint8Array[]): Promise<void> {
  const hash = createHash('sha256');
  const expected = parts.reduce((sum, part) => sum + part.length, 0);
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(file);
  } catch (error) {
    throw new InvalidFileError(`Expected a readable file ${file}, got ${systemCode(error) ?? 'an error'}`, {
      cause: error,
    });
  }
  try {
    const { size } = await handle.stat();
    if (size !== expected || mark.bytes !== expected) {
      throw new InvalidFileError(
        `Expected ${expected} bytes in ${file}, got ${size} (${mark.bytes} by its checkpoint)`,
      );
    }
    for (const part of parts) {
      for (let done = 0; done < part.length; ) {
        const { bytesRead } = await handle.read(part, done, part.length - done);
        if (bytesRead === 0) throw new InvalidFileError(`Expected ${expected} bytes in ${file}, got fewer`);
        done += bytesRead;
      }
      hash.update(part);
    }
  } finally {
    await handle.close();
  }
  const sha256 = hash.digest('hex');
  if (sha256 !== mark.sha256) {
    throw new InvalidFileError(`Expected ${file} to have the SHA-256 ${mark.sha256}, got ${sha256}: it is damaged`);
  }
}

function required<Value>(value: Value | null, name: string, file: string): Value {
  if (value !== null) return value;
  throw new InvalidFileError(`Expected \`${name}\` in ${file}, got none`);
}
