import path from 'node:path';
import { TorcsPilotError } from '../core/errors.ts';
import { listFiles, markFile } from '../core/files.ts';
import { isLocked } from '../core/lock.ts';
import * as format from './format.ts';
import { pngSize } from './png.ts';
import { openRecording, type RecordedTransition, type Recording } from './reader.ts';
import { hasJournal } from './seal.ts';
import { readChecksums } from './state.ts';

export type ProblemKind = 'missing' | 'truncated' | 'altered' | 'foreign' | 'unfinished' | 'inconsistent';

export interface Problem {
  readonly kind: ProblemKind;
  /** Relative to the dataset. */
  readonly file: string;
  readonly message: string;
}

export interface VerifyReport {
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly bytes: number;
  /** Rows whose content was checked. */
  readonly frames: number;
}

export interface VerifyOptions {
  /** Check the content of every row too, not only the files against their checksums. Default true. */
  readonly rows?: boolean;
}

/**
 * Checks a recording: every file against its checksum (missing, truncated, altered, foreign), then every row: numbers
 * without gaps, timestamps by the rule, picture sizes, and the totals. Never throws for a damaged dataset; says which
 * file is damaged and how.
 */
export async function verifyRecording(dir: string, { rows = true }: VerifyOptions = {}): Promise<VerifyReport> {
  const problems: Problem[] = [];
  const report = (kind: ProblemKind, file: string, message: string): void => {
    problems.push({ kind, file, message });
  };
  if (hasJournal(dir)) {
    const alive = isLocked(path.join(dir, format.LOCK_PATH));
    report('unfinished', format.JOURNAL_PATH, alive ? 'is being recorded: close it first' : 'was killed: repair it');
  }
  const totals = await verifyFiles(dir, report);
  let frames = 0;
  // Damaged bytes would only be reported a second time, less clearly.
  if (rows && !problems.some(({ kind }) => kind === 'missing' || kind === 'truncated' || kind === 'altered')) {
    try {
      frames = await verifyRows(await openRecording(dir), report);
    } catch (error) {
      if (!(error instanceof TorcsPilotError)) throw error;
      report('inconsistent', format.INFO_PATH, error.message);
    }
  }
  return { ok: problems.length === 0, problems, ...totals, frames };
}

type Report = (kind: ProblemKind, file: string, message: string) => void;

async function verifyFiles(dir: string, report: Report): Promise<{ files: number; bytes: number }> {
  const names = ['meta', 'data', 'videos'].flatMap((folder) =>
    listFiles(path.join(dir, folder)).map((name) => `${folder}/${name}`),
  );
  let marks: ReturnType<typeof readChecksums>;
  try {
    marks = readChecksums(dir);
  } catch (error) {
    if (!(error instanceof TorcsPilotError)) throw error;
    const missing = !names.includes(format.CHECKSUMS_PATH);
    report(missing ? 'missing' : 'altered', format.CHECKSUMS_PATH, error.message);
    return { files: names.length, bytes: 0 };
  }
  let total = 0;
  for (const name of names) {
    const file = path.join(dir, name);
    const expected = marks[name];
    if (name === format.CHECKSUMS_PATH) continue;
    if (expected === undefined) {
      report('foreign', name, 'is not part of the dataset');
      continue;
    }
    const { bytes, sha256 } = await markFile(file);
    total += bytes;
    if (bytes < expected.bytes) report('truncated', name, `expected ${expected.bytes} bytes, got ${bytes}`);
    else if (sha256 !== expected.sha256) {
      report(
        'altered',
        name,
        `expected SHA-256 ${expected.sha256} of ${expected.bytes} bytes, got ${sha256} of ${bytes}`,
      );
    }
  }
  for (const name of Object.keys(marks)) {
    if (!names.includes(name)) report('missing', name, 'expected the file, got none');
  }
  return { files: names.length, bytes: total };
}

async function verifyRows(recording: Recording, report: Report): Promise<number> {
  const { info, episodes } = recording;
  const camera = info.features[format.CAMERA_KEY];
  let index = 0;
  for (const episode of episodes) {
    const problem = (message: string): void =>
      report('inconsistent', episode.file, `episode ${episode.episode}: ${message}`);
    let frame = 0;
    for await (const row of recording.transitions({ episode: episode.episode })) {
      const wrong =
        wrongRow(row, { episode: episode.episode, frame, index }, info.fps) ??
        wrongActions(row, info.features) ??
        wrongPicture(row, camera);
      if (wrong !== undefined) {
        problem(`row ${frame}: ${wrong}`);
        break;
      }
      frame++;
      index++;
    }
    if (frame !== episode.frames) problem(`expected ${episode.frames} sound rows, got ${frame}`);
  }
  if (episodes.length !== info.total_episodes || index !== info.total_frames) {
    report(
      'inconsistent',
      format.INFO_PATH,
      `expected ${info.total_episodes} episodes and ${info.total_frames} frames, got ${episodes.length} and ${index}`,
    );
  }
  return index;
}

function wrongRow(
  row: RecordedTransition,
  expected: { episode: number; frame: number; index: number },
  fps: number,
): string | undefined {
  for (const key of ['episode', 'frame', 'index'] as const) {
    if (row[key] !== expected[key]) return `expected ${key} ${expected[key]}, got ${row[key]}`;
  }
  const timestamp = Math.fround(expected.frame / fps);
  return row.timestampS === timestamp ? undefined : `expected timestamp ${timestamp}, got ${row.timestampS}`;
}

function wrongActions(row: RecordedTransition, features: format.Features): string | undefined {
  for (const [key, values] of [
    [format.ACTION_KEY, row.action],
    [format.EXPERT_ACTION_KEY, row.expertAction],
  ] as const) {
    const expected = features[key]?.shape[0];
    if (expected !== values?.length)
      return `expected ${expected ?? 'no'} numbers of ${key}, got ${values?.length ?? 'none'}`;
  }
  // Recorders refuse labels that are not finite; actions are whatever was given to the environment.
  const entry = row.expertAction?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  return entry < 0
    ? undefined
    : `expected ${format.EXPERT_ACTION_KEY}[${entry}] to be finite, got ${row.expertAction?.[entry]}`;
}

function wrongPicture(row: RecordedTransition, camera: format.Feature | undefined): string | undefined {
  const png = row.picture?.png;
  if (camera === undefined || png === undefined) return undefined;
  const size = pngSize(png);
  const got = size === undefined ? 'no PNG' : `${size.height}x${size.width}x${size.channels}`;
  const expected = camera.shape.join('x');
  return got === expected ? undefined : `expected a picture of ${expected}, got ${got}`;
}
