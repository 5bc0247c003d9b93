import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson, syncFolder, writeJsonAtomic } from '../core/files.ts';
import { FolderLock } from '../core/lock.ts';
import { parseOptions } from '../core/options.ts';
import { NoRunError, RunExistsError, RunFinishedError, RunLockedError, RunSettingsError } from './errors.ts';
import { firstDifference } from './first-difference.ts';

/**
 * What a run's folder holds:
 *
 * - `settings.json`: what the run was begun with: `format`, `training` (with `seed` and `environments`), and what the
 *   caller added about environment, agent and replay.
 * - `progress.jsonl`: one line of figures each `logInterval` steps, and one for each evaluation.
 * - `events.out.tfevents.0.torcs-pilot`: the same figures for TensorBoard.
 * - `curve.csv`: one line for each evaluation.
 * - `checkpoints/`: the last two checkpoints, `shared/` beside them for what several need, and, while one is written or
 *   removed, a folder that begins with `writing-` or `removing-`.
 * - `policy/`, `policy-best/`: the last policy, and the one with the best evaluation.
 * - `summary.json`: how the run ended; absent while it runs, and after a kill.
 * - `lock.json`: who writes the folder at present.
 */
export const runFiles = {
  settings: 'settings.json',
  progress: 'progress.jsonl',
  events: 'events.out.tfevents.0.torcs-pilot',
  curve: 'curve.csv',
  checkpoints: 'checkpoints',
  policy: 'policy',
  bestPolicy: 'policy-best',
  summary: 'summary.json',
  lock: 'lock.json',
} as const;

const finishedSchema = z.looseObject({ outcome: z.literal('finished'), steps: z.number() });

export interface RunFolderOptions {
  readonly folder: string;
  readonly resume: boolean;
  /** As JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The folder of a run, held for one writer. */
export class RunFolder {
  readonly folder: string;
  readonly #lock: FolderLock;

  private constructor(folder: string, lock: FolderLock) {
    this.folder = folder;
    this.#lock = lock;
  }

  /**
   * Takes the folder for a new run, or for the one in it.
   *
   * @throws {@link RunExistsError}, {@link NoRunError}, {@link RunSettingsError}, {@link RunFinishedError},
   *   {@link RunLockedError}; {@link DiskFullError}, {@link WriteFailedError}
   */
  static open({ folder, resume, settings }: RunFolderOptions): RunFolder {
    // Looked at before anything is written: a folder that is refused stays as it was.
    if (resume) requireRun(folder);
    else if (!isUnbegun(folder)) throw new RunExistsError(folder);
    const lock = FolderLock.acquire(path.join(folder, runFiles.lock), (held) => new RunLockedError(folder, held));
    try {
      if (!resume && !isUnbegun(folder)) throw new RunExistsError(folder);
      removeLeftovers(folder);
      const run = new RunFolder(folder, lock);
      if (fs.existsSync(run.path('settings'))) run.#compareSettings(settings);
      else writeJsonAtomic(run.path('settings'), settings);
      run.#refuseFinished();
      return run;
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  path(name: keyof typeof runFiles): string {
    return path.join(this.folder, runFiles[name]);
  }

  /** Removes what a run wrote that was killed before its first checkpoint: it is begun anew. */
  clear(): void {
    for (const name of ['checkpoints', 'policy', 'bestPolicy'] as const) {
      fs.rmSync(this.path(name), { recursive: true, force: true });
    }
    this.removeSummary();
  }

  /** A run that goes on has not ended. */
  removeSummary(): void {
    if (!fs.existsSync(this.path('summary'))) return;
    fs.rmSync(this.path('summary'));
    syncFolder(this.folder);
  }

  writeSummary(summary: Readonly<Record<string, unknown>>): void {
    writeJsonAtomic(this.path('summary'), summary);
  }

  close(): void {
    this.#lock.release();
  }

  #compareSettings(settings: Readonly<Record<string, unknown>>): void {
    const difference = firstDifference(readJson(this.path('settings')), settings);
    if (difference !== undefined) throw new RunSettingsError(this.folder, difference);
  }

  #refuseFinished(): void {
    if (!fs.existsSync(this.path('summary'))) return;
    const finished = finishedSchema.safeParse(readJson(this.path('summary')));
    if (finished.success) throw new RunFinishedError(this.folder, finished.data.steps);
  }
}

/** Checks what a caller adds to the settings, and joins it with the run's own. */
export function joinSettings(
  own: Readonly<Record<string, unknown>>,
  added: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const schema = z.looseObject({ format: z.undefined().optional(), training: z.undefined().optional() });
  // Through JSON, so that what is compared is what is written.
  return JSON.parse(
    JSON.stringify({ format: 1, training: own, ...parseOptions(schema, added, 'settings') }),
  ) as Readonly<Record<string, unknown>>;
}

/** Whether the folder is new, empty, or holds no more than a run that was killed at its very first breath. */
function isUnbegun(folder: string): boolean {
  return !fs.existsSync(folder) || fs.readdirSync(folder).every(isLeftover);
}

function isLeftover(name: string): boolean {
  return name.startsWith(runFiles.lock) || name === `${runFiles.settings}.tmp`;
}

function requireRun(folder: string): void {
  if (!fs.existsSync(folder)) throw new NoRunError(folder, 'no such folder');
  if (fs.existsSync(path.join(folder, runFiles.settings)) || isUnbegun(folder)) return;
  throw new NoRunError(folder, `other files and no ${runFiles.settings}`);
}

/** What a kill left of files and locks that were being written; only for who holds the lock. */
function removeLeftovers(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    const isOldLock = name.startsWith(runFiles.lock) && name !== runFiles.lock;
    if (isOldLock || name.endsWith('.tmp')) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}
