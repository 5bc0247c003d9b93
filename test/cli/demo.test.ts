import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { DEMO_PLAN, type DemoPlan, demo } from '../../src/cli/demo/demo.ts';
import { InterruptedError } from '../../src/cli/failure.ts';
import { InvalidArgumentError } from '../../src/core/index.ts';
import { run, runJson, Scratch } from './support.ts';

/** One after the other: each is a whole mission. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

/** The whole mission, too short to learn anything. */
const SMALL: Partial<DemoPlan> = {
  frames: 400,
  updates: 20,
  evaluationInterval: 10,
  film: { width: 320, height: 180, fps: 10 },
  timeLimitS: 3,
};

function start(out: string, plan: Partial<DemoPlan> = {}, signal = new AbortController().signal) {
  const told: string[] = [];
  const log = (line: string) => void told.push(line);
  const options = { out, seed: 5, plan: { ...SMALL, ...plan }, write: log, log, interactive: false, signal };
  return { told, done: demo(options) };
}

test('it records, learns, drives an unseen track, films it, and tells what it did', async (t) => {
  const out = scratch.path('demo');
  const { told, done } = start(out);
  const result = await done;
  t.like(result, {
    ok: false,
    frames: 400,
    updates: 20,
    track: DEMO_PLAN.unseen,
    outcome: 'time-limit',
    lapTimesS: [],
  });
  t.deepEqual(fs.readdirSync(out).sort(), ['drive.mp4', 'learning-curve.png', 'recording', 'run', 'summary.md']);
  t.deepEqual(
    told.filter((line) => /^\d\/4 /.test(line)).map((line) => line[0]),
    ['1', '2', '3', '4'],
  );
  t.false(result.recordedTracks.some((track) => track === result.track || track === result.judgedOn));
  const summary = fs.readFileSync(result.artifacts.summary, 'utf8');
  t.regex(summary, /did not lap [a-z-]+: time-limit after \d+ m/);
  for (const [, file] of summary.matchAll(/!\[.*\]\((.*)\)/g)) t.true(fs.existsSync(path.join(out, file!)), file);
  const verified = ['1', '2'].map((part) =>
    runJson('recordings', 'verify', path.join(result.artifacts.recording, part)),
  );
  const parts = (await Promise.all(verified)).map(({ json }) => json as { ok: boolean; frames: number });
  t.true(parts.every(({ ok }) => ok));
  t.is(parts[0]!.frames + parts[1]!.frames, 400);

  const again = await run('demo', '--out', out);
  t.is(again.code, 2);
  t.regex(again.error, /Expected --out to be a new or an empty folder, got /);
  t.is(fs.readFileSync(result.artifacts.summary, 'utf8'), summary);
});

test('a step that fails says with which command it is done again, and that command is the same step', async (t) => {
  const out = scratch.path('it is here');
  const { told, done } = start(out, { unseen: 'nowhere' });
  await t.throwsAsync(done, { instanceOf: InvalidArgumentError });
  const [, command] = /^step 3 of 4 failed; .*: npx torcs-pilot (.*)$/.exec(told.at(-1)!)!;
  t.true(command!.includes(`'${path.join(out, 'run', 'policy-best')}'`), 'quoted for a shell');
  const words = command!.replace('nowhere', DEMO_PLAN.unseen).match(/'[^']*'|\S+/g)!;
  const { code, json } = await runJson(...words.map((word) => word.replaceAll("'", '')));
  t.is(code, 0);
  t.like(json, { track: DEMO_PLAN.unseen, width: 320, height: 180, fps: 10, seed: 5 });
});

test('Ctrl-C while it learns ends it, and what was done stays', async (t) => {
  const out = scratch.path('interrupted');
  const controller = new AbortController();
  const { told, done } = start(out, { updates: 100_000, evaluationInterval: 0 }, controller.signal);
  const ended = t.throwsAsync(done, { instanceOf: InterruptedError });
  while (!told.some((line) => line.startsWith('2/4'))) await new Promise((resolve) => setTimeout(resolve, 50));
  setTimeout(() => controller.abort(), 3000);
  await ended;
  t.false(told.some((line) => line.includes('failed')));
  t.true(fs.existsSync(path.join(out, 'recording')));
  t.false(fs.existsSync(path.join(out, 'drive.mp4')));
});
