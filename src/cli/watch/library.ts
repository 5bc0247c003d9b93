import fs from 'node:fs';
import path from 'node:path';
import { readJson } from '../../core/files.ts';
import { isLocked } from '../../core/lock.ts';
import type { LibraryTopic } from '../../dashboard/index.ts';
import { runFiles } from '../../training/index.ts';

/** How deep below the served folder is looked, and how many folders at most. */
const DEEPEST = 4;
const MOST_FOLDERS = 2000;
const MOST_LISTED = 200;
/** A larger description is nobody's of ours, bytes. */
const LARGEST_DESCRIPTION = 4 * 1024 * 1024;

export interface Found {
  readonly policies: LibraryTopic['policies'];
  readonly runs: LibraryTopic['runs'];
  readonly recordings: LibraryTopic['recordings'];
  /** Folder of each policy, run and recording, by its name. */
  readonly folders: ReadonlyMap<string, string>;
}

interface Entry {
  readonly name: string;
  readonly folder: string;
  readonly changedMs: number;
}

/**
 * What lies in a folder that can be watched: policies, runs, recordings, the newest first. Names are paths below the
 * folder, behind the name that it goes by, if it has one; only what was found has a name, so that no name leads anywhere
 * else. Links are not followed.
 */
export function scanFolder(root: string, called = ''): Found {
  const policies: (Entry & { readonly task: string })[] = [];
  const runs: (Entry & { readonly task: string; readonly state: string })[] = [];
  const recordings: (Entry & { readonly episodes: number; readonly frames: number })[] = [];
  let looked = 0;
  const look = (folder: string, name: string, depth: number): void => {
    if (depth > DEEPEST || looked++ > MOST_FOLDERS) return;
    const files = entriesOf(folder);
    const has = (file: string) => files.some((entry) => entry.isFile() && entry.name === file);
    if (has('policy.json'))
      policies.push({ ...entry(folder, name, 'policy.json'), task: taskOf(folder, 'policy.json') });
    if (has(runFiles.settings) && has(runFiles.progress)) {
      const isRunning = isLocked(path.join(folder, runFiles.lock));
      const state = isRunning ? 'running' : has(runFiles.summary) ? 'ended' : 'stopped';
      runs.push({ ...entry(folder, name, runFiles.progress), task: taskOf(folder, runFiles.settings), state });
    }
    const info = path.join(folder, 'meta', 'info.json');
    if (fs.existsSync(info)) {
      recordings.push({ ...entry(folder, name, path.join('meta', 'info.json')), ...countsOf(info) });
      return;
    }
    for (const below of files) {
      if (!below.isDirectory() || below.name.startsWith('.') || below.name === runFiles.checkpoints) continue;
      look(path.join(folder, below.name), name === '' ? below.name : `${name}/${below.name}`, depth + 1);
    }
  };
  look(root, called, 0);
  const newest = <T extends Entry>(entries: readonly T[]): readonly T[] =>
    entries.toSorted((a, b) => b.changedMs - a.changedMs).slice(0, MOST_LISTED);
  const listed = { policies: newest(policies), runs: newest(runs), recordings: newest(recordings) };
  const all: readonly Entry[] = [...listed.policies, ...listed.runs, ...listed.recordings];
  return {
    policies: listed.policies.map(({ name, task }) => ({ name, task })),
    runs: listed.runs.map(({ name, task, state }) => ({ name, task, state })),
    recordings: listed.recordings.map(({ name, episodes, frames }) => ({ name, episodes, frames })),
    folders: new Map(all.map(({ name, folder }) => [name, folder])),
  };
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // Removed meanwhile, or not ours to read: nothing of it is listed.
  }
}

function entry(folder: string, name: string, file: string): Entry {
  // The served folder itself may be a run.
  const shown = name === '' ? '.' : name;
  return {
    name: shown,
    folder,
    changedMs: fs.statSync(path.join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  };
}

/** The environment that a policy or a run is about. */
function taskOf(folder: string, file: string): string {
  const content = jsonOf(path.join(folder, file));
  const provenance = content['provenance'] as Record<string, unknown> | undefined;
  const environment = (provenance?.['environment'] ?? content['environment']) as Record<string, unknown> | undefined;
  const name = environment?.['name'];
  return typeof name === 'string' ? name.slice(0, 60) : 'unknown';
}

function countsOf(info: string): { episodes: number; frames: number } {
  const content = jsonOf(info);
  const count = (key: string) => (Number.isSafeInteger(content[key]) ? (content[key] as number) : 0);
  return { episodes: count('total_episodes'), frames: count('total_frames') };
}

function jsonOf(file: string): Record<string, unknown> {
  try {
    if (fs.statSync(file).size > LARGEST_DESCRIPTION) return {};
    const value = readJson(file);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // Being written, or damaged: it is listed, and whoever opens it is told.
  }
}
