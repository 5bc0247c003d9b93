import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { runFiles } from '../../src/training/index.ts';
import { fakeRun, temporaryFolder } from './support/run.ts';

test('a finished run has its files, and says that it is finished when it is resumed', async (t) => {
  const folder = temporaryFolder();
  await fakeRun({ folder, training: { checkpointInterval: 100 } });
  const { lock: _, ...files } = runFiles;
  t.deepEqual(fs.readdirSync(folder).sort(), Object.values(files).sort());
  const before = fs.readFileSync(path.join(folder, runFiles.progress));
  const error = await t.throwsAsync(fakeRun({ folder, resume: true, training: { checkpointInterval: 100 } }), {
    code: 'ERR_RUN_FINISHED',
  });
  t.regex(error?.message ?? '', /all its 300 steps/);
  t.deepEqual(fs.readFileSync(path.join(folder, runFiles.progress)), before);
});

test('a folder with files is refused, a new or empty one is taken', async (t) => {
  const folder = temporaryFolder();
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'thesis.tex'), 'mine');
  await t.throwsAsync(fakeRun({ folder }), { code: 'ERR_RUN_EXISTS' });
  await t.throwsAsync(fakeRun({ folder, resume: true }), { code: 'ERR_NO_RUN', message: /no settings\.json/ });
  t.deepEqual(fs.readdirSync(folder), ['thesis.tex']);
  fs.rmSync(path.join(folder, 'thesis.tex'));
  await fakeRun({ folder, training: { totalTimesteps: 30 } });
  await t.throwsAsync(fakeRun({ folder, training: { totalTimesteps: 30 } }), { code: 'ERR_RUN_EXISTS' });
});

test('a folder that is not there cannot be resumed, and is not made', async (t) => {
  const folder = temporaryFolder();
  await t.throwsAsync(fakeRun({ folder, resume: true }), { code: 'ERR_NO_RUN', message: /no such folder/ });
  t.false(fs.existsSync(folder));
});

test('a run that died before it had written its settings is begun, with and without resume', async (t) => {
  for (const resume of [false, true]) {
    const folder = temporaryFolder();
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, `${runFiles.lock}.some-nonce`), '{}');
    fs.writeFileSync(path.join(folder, `${runFiles.settings}.tmp`), '{"form');
    await fakeRun({ folder, resume, training: { totalTimesteps: 30 } });
    t.deepEqual(
      fs.readdirSync(folder).filter((name) => name.includes('tmp') || name.includes('lock')),
      [],
    );
  }
});

test('two runs do not write one folder', async (t) => {
  const folder = temporaryFolder();
  let second: Promise<unknown> | undefined;
  const onStep = () => {
    second ??= fakeRun({ folder, resume: true }).catch((error: unknown) => error);
  };
  await fakeRun({ folder, observers: [{ onStep }] });
  t.like(await second, { code: 'ERR_RUN_LOCKED' });
});

test('settings of the caller must not take the names of the run', async (t) => {
  const folder = temporaryFolder();
  await t.throwsAsync(fakeRun({ folder, settings: { training: {} } }), { code: 'ERR_INVALID_ARGUMENT' });
  await t.throwsAsync(fakeRun({ folder, training: { totalTimesteps: 0 } }), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /training settings `totalTimesteps`/,
  });
  t.false(fs.existsSync(folder));
});
