import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import {
  openRecording,
  type RecordedTransition,
  type RecordingOptions,
  type RecordingSources,
  RecordingWriter,
  repairRecording,
  verifyRecording,
} from '../../src/recordings/index.ts';
import { optionsFor, recordEpisode, transitionAt } from './drive.ts';

const SIZE = { width: 16, height: 12 };
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'recordings-expert-'));
test.after.always(() => fs.rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => path.join(root, String(folders++));

const withExpert = (dir: string): RecordingOptions => optionsFor(dir, { expertAction: true });
/** A label that tells of the observation that it is for. */
const labels: RecordingSources = {
  expertAction: ({ state }) => Float32Array.of(state[1] as number, -(state[1] as number) / 2),
};

async function record(dir: string, steps: number, sources = labels): Promise<void> {
  const writer = await RecordingWriter.open(withExpert(dir), sources);
  await recordEpisode(writer, 0, steps);
  await writer.close();
}

async function rowsOf(dir: string): Promise<RecordedTransition[]> {
  const rows: RecordedTransition[] = [];
  for await (const row of (await openRecording(dir)).transitions()) rows.push(row);
  return rows;
}

test("the expert's action is recorded beside the one that was executed, row by row, and appended to", async (t) => {
  const dir = newFolder();
  await record(dir, 5);
  await record(dir, 3);
  const rows = await rowsOf(dir);
  t.is(rows.length, 8);
  for (const row of rows) {
    t.deepEqual(row.expertAction, Float32Array.of(row.frame, -row.frame / 2));
    t.deepEqual(row.action, transitionAt(0, row.frame, SIZE).action);
  }
  const recording = await openRecording(dir);
  t.true(recording.hasExpertAction);
  t.deepEqual(recording.info.features['action.expert'], recording.info.features['action']);
  const stats = JSON.parse(fs.readFileSync(path.join(dir, 'meta/stats.json'), 'utf8'));
  t.deepEqual([stats['action.expert'].max[0], stats['action.expert'].min[1]], [4, -2]);
  t.deepEqual((await verifyRecording(dir)).problems, []);
});

test('a recording without it has no such feature, and either refuses the other as more of it', async (t) => {
  const plain = newFolder();
  const writer = await RecordingWriter.open(optionsFor(plain));
  await recordEpisode(writer, 0, 2);
  await writer.close();
  t.is((await rowsOf(plain))[0]?.expertAction, undefined);
  t.false((await openRecording(plain)).hasExpertAction);
  const expected = { code: 'ERR_RECORDING_MISMATCH', message: /action\.expert.*none/ };
  await t.throwsAsync(RecordingWriter.open(withExpert(plain), labels), expected);
  const labelled = newFolder();
  await record(labelled, 2);
  await t.throwsAsync(RecordingWriter.open(optionsFor(labelled)), expected);
});

test('a label that is missing, of another length or not finite is refused, and what came before stays', async (t) => {
  for (const [label, message] of [
    [undefined, /expert's action for each observation, got none/],
    [Float32Array.of(1), /2 numbers in `expertAction`.*got 1/],
    [Float32Array.of(0, Number.NaN), /`pedals` of the expert's action to be finite, got NaN/],
  ] as const) {
    const dir = newFolder();
    const sources: RecordingSources = {
      expertAction: (observation, info) =>
        observation.state[1] === 3 ? label : labels.expertAction?.(observation, info),
    };
    const writer = await RecordingWriter.open(withExpert(dir), sources);
    await t.throwsAsync(recordEpisode(writer, 0, 5), { code: 'ERR_INVALID_ARGUMENT', message });
    await writer.close();
    t.is((await rowsOf(dir)).length, 3);
  }
});

test('a killed recording is repaired with its labels', async (t) => {
  const dir = newFolder();
  const writer = await RecordingWriter.open(withExpert(dir), labels);
  await recordEpisode(writer, 0, 4);
  const dead = newFolder();
  fs.cpSync(path.join(dir, '.recording/journal.bin'), path.join(dead, '.recording/journal.bin'));
  await writer.close();
  t.like(await repairRecording(dead), { repaired: true, episodes: 1, frames: 4 });
  t.deepEqual(
    (await rowsOf(dead)).map(({ expertAction }) => expertAction?.[0]),
    [0, 1, 2, 3],
  );
  t.deepEqual((await verifyRecording(dead)).problems, []);
});

test('the view and the reward are told where they were given, and have to agree where both tell', async (t) => {
  const open = (dir: string, view?: string, kind?: string): Promise<RecordingWriter> =>
    RecordingWriter.open(
      optionsFor(dir, {
        camera: view === undefined ? SIZE : { ...SIZE, view },
        ...(kind === undefined ? {} : { reward: { kind, scale: 0.5 } }),
      }),
    );
  const recordOne = async (dir: string, view?: string, kind?: string): Promise<void> => {
    const writer = await open(dir, view, kind);
    await recordEpisode(writer, 0, 1);
    await writer.close();
  };
  const told = newFolder();
  await recordOne(told, 'bonnet', 'progress');
  t.like(await openRecording(told), {
    camera: { ...SIZE, channels: 3, view: 'bonnet', isVideo: false },
    reward: { kind: 'progress', scale: 0.5 },
  });
  await t.throwsAsync(open(told, 'road', 'progress'), { code: 'ERR_RECORDING_MISMATCH', message: /bonnet.*road/ });
  await t.throwsAsync(open(told, 'bonnet', 'lau'), { code: 'ERR_RECORDING_MISMATCH', message: /progress.*lau/ });
  await recordOne(told);
  t.is((await openRecording(told)).camera?.view, 'bonnet');
  const silent = newFolder();
  await recordOne(silent);
  await recordOne(silent, 'road');
  t.like(await openRecording(silent), { camera: { view: undefined }, reward: undefined });
});
