import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CheckpointFolders } from '../core/checkpoint.ts';
import { AtomicFile, type FileMark } from '../core/files.ts';
import {
  describeLayout,
  MANIFEST,
  type Manifest,
  OPEN_SEGMENT,
  PRIORITIES,
  STARTS,
  writeManifest,
} from './manifest.ts';
import type { PrioritiesState } from './priorities.ts';
import type { SavedSegment, Segment } from './segment.ts';
import type { TransitionStore } from './transition-store.ts';

export interface Snapshot {
  readonly store: TransitionStore;
  readonly priorities: (PrioritiesState & { readonly alpha: number }) | undefined;
  readonly demonstrations: number | undefined;
}

/**
 * Writes whole segments that are not in the shared folder yet, and the rest to the checkpoint's own folder. Nothing may
 * change meanwhile; the event loop turns between two files.
 *
 * @returns names of the files in the shared folder
 */
export async function saveBuffer(snapshot: Snapshot, { own, shared }: CheckpointFolders): Promise<string[]> {
  const { store, priorities, demonstrations } = snapshot;
  const segments: Manifest['segments'] = [];
  let openSegment: Manifest['openSegment'] = null;
  for (const segment of store.log.segments) {
    if (segment.full) {
      const { file, sha256, bytes } = await saveSegment(segment, path.resolve(shared));
      segments.push({ index: segment.index, file, sha256, bytes });
    } else {
      const mark = writeFile(path.join(own, OPEN_SEGMENT), segment.contentsToSave());
      openSegment = { index: segment.index, rows: segment.rows, ...mark };
    }
  }
  const staged = store.sources.filter((source) => source.staged);
  const starts = staged.flatMap(({ stateBytes, picture }) => [stateBytes, picture]);
  const manifest: Manifest = {
    format: 'torcs-pilot-replay-1',
    layout: describeLayout(store.layout),
    rows: store.log.rows,
    transitions: store.total,
    size: store.size,
    sources: store.sources.map(({ tail, last, open, staged, steps }) => ({ tail, last, open, staged, steps })),
    segments,
    openSegment,
    starts: staged.length === 0 ? null : writeFile(path.join(own, STARTS), starts),
    priorities: priorities === undefined ? null : savePriorities(priorities, own),
    demonstrations: demonstrations ?? null,
  };
  writeManifest(path.join(own, MANIFEST), manifest);
  return segments.map(({ file }) => file);
}

async function saveSegment(segment: Segment, shared: string): Promise<SavedSegment> {
  const { saved } = segment;
  if (saved !== undefined && saved.folder === shared && fileSize(path.join(shared, saved.file)) === saved.bytes) {
    return saved;
  }
  const name = `segment-${String(segment.index).padStart(8, '0')}`;
  let file = `${name}.bin`;
  // What bears that name belongs to a checkpoint from which this run did not go on.
  for (let version = 1; fileSize(path.join(shared, file)) !== undefined; version++) file = `${name}.${version}.bin`;
  const mark = writeFile(path.join(shared, file), segment.contentsToSave());
  segment.saved = { folder: shared, file, ...mark };
  await nextTurn();
  return segment.saved;
}

function savePriorities(state: NonNullable<Snapshot['priorities']>, own: string): Manifest['priorities'] {
  const { alpha, maximum, batches, leaves } = state;
  return { alpha, maximum, batches, ...writeFile(path.join(own, PRIORITIES), [new Uint8Array(leaves.buffer)]) };
}

function writeFile(filePath: string, parts: readonly Uint8Array[]): FileMark {
  const file = new AtomicFile(filePath);
  try {
    for (const part of parts) file.write(part);
    return file.commit();
  } finally {
    file.discard();
  }
}

function fileSize(filePath: string): number | undefined {
  return fs.statSync(filePath, { throwIfNoEntry: false })?.size;
}
