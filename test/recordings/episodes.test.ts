import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { inspectRecording, openRecording, RecordingWriter, recordedStateNames } from '../../src/recordings/index.ts';
import { optionsFor, recordEpisode, transitionAt } from './drive.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'episodes-test-'));
test.after.always(() => fs.rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = (): string => path.join(root, String(folders++));
const SIZE = { width: 16, height: 12 };
const FINDERS = [-90, -60, -40, -25, -15, -9, -5, -2.5, -1, 0, 1, 2.5, 5, 9, 15, 25, 40, 60, 90];

test('an episode keeps why it ended and its lap times', async (t) => {
  const dir = newFolder();
  const writer = await RecordingWriter.open(optionsFor(dir));
  const { observation } = transitionAt(0, 0, SIZE);
  const end = { episode: 0, steps: 1, returnSum: 0, terminated: false, truncated: true };
  for (const info of [{ reason: 'laps-done', lapTimesS: [51.5, 49.25] }, { reason: 'off-track' }, { reason: 7 }, {}]) {
    await writer.onReset({ episode: 0, observation, info: {} });
    await writer.onStep(transitionAt(0, 0, SIZE));
    await writer.onEnd({ ...end, info });
  }
  // Ended from outside: by the next reset, and by `close`, each with what the last step told.
  await writer.onReset({ episode: 4, observation, info: {} });
  await writer.onStep({ ...transitionAt(0, 0, SIZE), info: { lapTimesS: [60.5] } });
  await writer.onReset({ episode: 5, observation, info: {} });
  await writer.onStep(transitionAt(0, 0, SIZE));
  await writer.close();
  const { episodes } = await openRecording(dir);
  t.deepEqual(
    episodes.map(({ outcome, lapTimesS }) => [outcome, lapTimesS]),
    [
      ['laps-done', [51.5, 49.25]],
      ['off-track', []],
      ['truncated', []],
      ['truncated', []],
      ['stopped', [60.5]],
      ['stopped', []],
    ],
  );
  t.like(await inspectRecording(dir), { laps: 3, bestLapS: 49.25, outcomes: { 'laps-done': 1, stopped: 2 } });
});

test('range finders carry their directions, which a reader gets back and an appender must share', async (t) => {
  const dir = newFolder();
  const stateNames = ['angle', 'track[0]', 'track[7]'];
  const options = optionsFor(dir, { stateNames, rangeFinderAnglesDeg: FINDERS });
  const writer = await RecordingWriter.open(options);
  await recordEpisode(writer, 0, 2);
  await writer.close();
  const { rangeFinderAnglesDeg, info } = await openRecording(dir);
  t.deepEqual(rangeFinderAnglesDeg, FINDERS);
  t.deepEqual(info.features['observation.state']?.names, ['angle', 'track_-90deg', 'track_-2.5deg']);
  t.deepEqual(recordedStateNames(stateNames, FINDERS), ['angle', 'track_-90deg', 'track_-2.5deg']);
  t.true(info.features['observation.sensors']?.names?.includes('track_2.5deg'));
  await t.throwsAsync(RecordingWriter.open(optionsFor(dir, { stateNames })), {
    code: 'ERR_RECORDING_MISMATCH',
    message: /track_-2\.5deg\), got track_-20deg/,
  });
  await (await RecordingWriter.open(options)).close();
  await t.throwsAsync(RecordingWriter.open({ ...options, rangeFinderAnglesDeg: FINDERS.slice(1) }), {
    code: 'ERR_INVALID_ARGUMENT',
  });
});

test('without range finders there are no directions', async (t) => {
  const dir = newFolder();
  const writer = await RecordingWriter.open(optionsFor(dir, { sensors: false }));
  await recordEpisode(writer, 0, 1);
  await writer.close();
  t.is((await openRecording(dir)).rangeFinderAnglesDeg, undefined);
});
