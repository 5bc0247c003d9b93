import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {
  inspectRecording,
  openRecording,
  type RecordedTransition,
  RecordingWriter,
  repairRecording,
  verifyRecording,
} from '../../src/recordings/index.ts';
import { createJournalFile, Journal, readJournal } from '../../src/recordings/journal.ts';
import { optionsFor, pictureAt, recordEpisode, sensorsAt, transitionAt } from './drive.ts';
import { recordAndKill } from './kill.ts';

const SIZE = { width: 16, height: 12 };
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'recordings-test-'));
test.after.always(() => fs.rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => path.join(root, String(folders++));

async function record(dir: string, lengths: readonly number[], more = {}): Promise<void> {
  const writer = await RecordingWriter.open(optionsFor(dir, more));
  for (const [episode, steps] of lengths.entries()) await recordEpisode(writer, episode, steps);
  await writer.close();
}

async function rowsOf(dir: string, options = {}): Promise<RecordedTransition[]> {
  const rows: RecordedTransition[] = [];
  for await (const row of (await openRecording(dir)).transitions(options)) rows.push(row);
  return rows;
}

test('what is recorded is read back, appended to, verified and summed up', async (t) => {
  const dir = newFolder();
  await record(dir, [7, 5]);
  await record(dir, [3]);
  const rows = await rowsOf(dir, { episode: 1 });
  t.is(rows.length, 5);
  const row = rows[4] as RecordedTransition;
  const sent = transitionAt(1, 4, SIZE);
  t.deepEqual(row.state, sent.observation.state);
  t.deepEqual(row.action, sent.action);
  t.is(row.reward, Math.fround(sent.reward));
  t.true(row.terminated);
  t.false(rows[3]?.terminated);
  t.like(row, { episode: 1, frame: 4, index: 11, tick: 4, tickTimeS: 0.08, timestampS: Math.fround(0.08) });
  t.is(row.sensors?.rpm, sensorsAt(4).rpm);
  t.deepEqual(row.sensors?.track, sensorsAt(4).track);
  const frame = await row.picture?.decode();
  t.deepEqual(Uint8Array.from(frame?.data ?? []), pictureAt(4, SIZE.width, SIZE.height));
  const { episodes } = await openRecording(dir);
  t.deepEqual(
    episodes.map(({ track, outcome, frames, seed }) => [track, outcome, frames, seed]),
    [
      ['track-0', 'terminated', 7, 0],
      ['track-1', 'terminated', 5, 1],
      ['track-0', 'terminated', 3, 0],
    ],
  );
  t.deepEqual([...(episodes[1]?.finalState ?? [])], [1, 5, Math.fround(5 / 3)]);
  const report = await verifyRecording(dir);
  t.deepEqual(report.problems, []);
  t.is(report.frames, 15);
  t.like(await inspectRecording(dir), { episodes: 3, frames: 15, tracks: { 'track-0': 2, 'track-1': 1 } });
  t.false(fs.existsSync(path.join(dir, '.recording')));
});

test('statistics follow the values over all files', async (t) => {
  const dir = newFolder();
  await record(dir, [4]);
  await record(dir, [8]);
  const rows = await rowsOf(dir);
  const values = rows.map((row) => row.state[1] as number);
  const mean = values.reduce((a, b) => a + b) / values.length;
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const stats = JSON.parse(fs.readFileSync(path.join(dir, 'meta/stats.json'), 'utf8'));
  const state = stats['observation.state'];
  t.true(Math.abs(state.mean[1] - mean) < 1e-9);
  t.true(Math.abs(state.std[1] - std) < 1e-9);
  t.deepEqual([state.min[1], state.max[1], state.count], [0, 7, [12]]);
  t.is(stats['observation.images.camera'].mean.length, 3);
});

test('a video holds every picture at its place, in every episode', async (t) => {
  const dir = newFolder();
  await record(dir, [5, 9], { video: true });
  const rows = await rowsOf(dir, { episode: 1 });
  t.is(rows.length, 9);
  for (const [step, row] of rows.entries()) {
    const data = (await row.picture?.decode())?.data ?? new Uint8Array(0);
    const away = (other: number): number => {
      const sent = pictureAt(other, SIZE.width, SIZE.height);
      return sent.reduce((sum, value, i) => sum + Math.abs(value - (data[i] ?? 0)), 0) / sent.length;
    };
    t.true(away(step) < 20, `picture ${step} is ${away(step)} away`);
  }
  t.true((await verifyRecording(dir)).ok);
  await t.throwsAsync(
    RecordingWriter.open(optionsFor(newFolder(), { video: true, camera: { width: 15, height: 12 } })),
    {
      code: 'ERR_INVALID_ARGUMENT',
    },
  );
});

test('wrong options, other features, and a second writer are refused', async (t) => {
  for (const camera of [
    { width: 0, height: 4 },
    { width: 100_000, height: 4 },
  ]) {
    await t.throwsAsync(RecordingWriter.open(optionsFor(newFolder(), { camera })), { code: 'ERR_INVALID_ARGUMENT' });
  }
  const dir = newFolder();
  await record(dir, [2]);
  await t.throwsAsync(RecordingWriter.open(optionsFor(dir, { fps: 25 })), { code: 'ERR_RECORDING_MISMATCH' });
  await t.throwsAsync(RecordingWriter.open(optionsFor(dir, { actionNames: ['a'] })), {
    code: 'ERR_RECORDING_MISMATCH',
  });
  const writer = await RecordingWriter.open(optionsFor(dir));
  await t.throwsAsync(RecordingWriter.open(optionsFor(dir)), { code: 'ERR_RECORDING_LOCKED' });
  await t.throwsAsync(repairRecording(dir), { code: 'ERR_RECORDING_LOCKED' });
  await writer.close();
  await t.throwsAsync(recordEpisode(writer, 0, 1), { code: 'ERR_RECORDING_STATE' });
  await (await RecordingWriter.open(optionsFor(dir))).close();
  t.true((await verifyRecording(dir)).ok);
});

test('a full disk is said clearly, and what was acknowledged stays', async (t) => {
  const dir = newFolder();
  let room = 20_000;
  const openFile = (file: string) => {
    const real = createJournalFile(file);
    return {
      ...real,
      write(bytes: Uint8Array): void {
        if (bytes.length > room) {
          real.write(bytes.subarray(0, room));
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        }
        room -= bytes.length;
        real.write(bytes);
      },
    };
  };
  const writer = await RecordingWriter.open(optionsFor(dir), { openFile });
  const { observation } = transitionAt(0, 0, SIZE);
  await writer.onReset({ episode: 0, observation, info: {} });
  let acknowledged = 0;
  const error = await t.throwsAsync(async () => {
    for (;;) {
      await writer.onStep(transitionAt(0, acknowledged, SIZE));
      acknowledged++;
    }
  });
  t.like(error, { code: 'ERR_DISK_FULL' });
  await t.throwsAsync(writer.onStep(transitionAt(0, 0, SIZE)), { code: 'ERR_DISK_FULL' });
  await writer.close();
  t.true(acknowledged > 5);
  t.is((await rowsOf(dir)).length, acknowledged);
  t.true((await verifyRecording(dir)).ok);
});

test('a file that is cut, altered, missing or foreign is named', async (t) => {
  const dir = newFolder();
  await record(dir, [6]);
  const files = fs
    .readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(dir, name)).isFile());
  t.is(files.length, 6);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.double({ min: 0, max: 0.999, noNaN: true }), async (name, part) => {
      const file = path.join(dir, name);
      const whole = fs.readFileSync(file);
      fs.writeFileSync(file, whole.subarray(0, Math.floor(whole.length * part)));
      const cut = await verifyRecording(dir);
      t.true(
        cut.problems.some((problem) => problem.file === name),
        `cut ${name}: ${JSON.stringify(cut.problems)}`,
      );
      const altered = Buffer.from(whole);
      altered[Math.floor(whole.length * part)] = (altered[Math.floor(whole.length * part)] as number) ^ 1;
      fs.writeFileSync(file, altered);
      t.true(
        (await verifyRecording(dir)).problems.some((problem) => problem.file === name),
        `altered ${name}`,
      );
      fs.writeFileSync(file, whole);
    }),
    { numRuns: 40 },
  );
  fs.writeFileSync(path.join(dir, 'data/chunk-000/file-007.parquet'), 'x');
  fs.renameSync(path.join(dir, 'meta/tasks.parquet'), path.join(dir, 'tasks'));
  const kinds = (await verifyRecording(dir)).problems.map(({ kind, file }) => `${kind} ${file}`);
  t.deepEqual(kinds.sort(), ['foreign data/chunk-000/file-007.parquet', 'missing meta/tasks.parquet']);
  fs.truncateSync(path.join(dir, 'data/chunk-000/file-000.parquet'), 100);
  await t.throwsAsync(rowsOf(dir), { code: 'ERR_INVALID_FILE', message: /file-000\.parquet/ });
});

test('a journal cut at any byte gives back its whole records', async (t) => {
  const file = newFolder();
  const journal = new Journal(file, createJournalFile(file));
  const ends: number[] = [];
  for (let i = 0; i < 20; i++) {
    journal.append(3, Buffer.alloc(i * 13, i));
    ends.push(journal.length);
  }
  journal.close();
  const whole = fs.readFileSync(file);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
      fs.writeFileSync(file, whole.subarray(0, length));
      let count = 0;
      for await (const record of readJournal(file)) t.is(record.payload.length, 13 * count++);
      t.is(count, ends.filter((end) => end <= length).length);
    }),
  );
});

test('a killed writer loses nothing that it acknowledged, and repair may be repeated', async (t) => {
  const dir = newFolder();
  let total = 0;
  for (const [round, delayMs] of [5, 60, 150].entries()) {
    const killed = await recordAndKill(dir, delayMs, { steps: 300, megabytes: 0.3, first: total });
    await repairRecording(dir);
    if (!fs.existsSync(path.join(dir, 'meta/info.json'))) {
      t.deepEqual(killed, { ended: 0, openSteps: 0 });
      continue;
    }
    const { episodes } = await openRecording(dir);
    const fresh = episodes.slice(total);
    const frames = fresh.reduce((sum, episode) => sum + episode.frames, 0);
    t.true(frames >= killed.ended * 300 + killed.openSteps, `round ${round}: ${frames} of ${JSON.stringify(killed)}`);
    t.true(fresh.filter(({ outcome }) => outcome === 'terminated').length >= killed.ended);
    total = episodes.length;
    t.false((await repairRecording(dir)).repaired);
    t.deepEqual((await verifyRecording(dir)).problems, []);
  }
  t.true(total > 0);
});

test('a repair that was killed between its renames is mended by the next', async (t) => {
  const dir = newFolder();
  const writer = await RecordingWriter.open(optionsFor(dir));
  await recordEpisode(writer, 0, 4);
  await recordEpisode(writer, 1, 6);
  const journal = path.join(dir, '.recording/journal.bin');
  const kept = fs.readFileSync(journal);
  await writer.close();
  const files = ['data/chunk-000/file-000.parquet', 'meta/episodes/chunk-000/file-000.parquet', 'meta/tasks.parquet'];
  const all = [...files, 'meta/stats.json', 'meta/info.json', 'meta/checksums.json'];
  for (let done = 0; done <= all.length; done++) {
    // The files come in this order: the first `done` are there, the next is half-written, the journal still lies there.
    const half = newFolder();
    fs.cpSync(dir, half, { recursive: true });
    for (const name of all.slice(done)) {
      fs.renameSync(path.join(half, name), path.join(half, `${name}.tmp`));
      fs.truncateSync(path.join(half, `${name}.tmp`), 10);
    }
    fs.mkdirSync(path.join(half, '.recording'));
    fs.writeFileSync(path.join(half, '.recording/journal.bin'), kept);
    t.is((await verifyRecording(half)).problems[0]?.kind, 'unfinished');
    t.like(await repairRecording(half), { repaired: true, episodes: 2, frames: 10, interrupted: 0, tornBytes: 0 });
    const report = await verifyRecording(half);
    t.deepEqual(report.problems, []);
    t.is(report.frames, 10);
  }
});
