import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { Child, parseOnlyLine, runJson, Scratch } from './support.ts';

/** One after the other: each run listens to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const endless = ['drive', '--track', 'eagle-pass', '--laps', '10000', '--camera', '16x16'];

for (const [signal, moment] of [
  ['SIGINT', /\d+ m, \d+ km\/h/],
  ['SIGTERM', /on eagle-pass/],
  ['SIGHUP', /on eagle-pass/],
] as const) {
  test(`${signal} in the middle of a recorded drive: exit code 130, everything saved, one JSON object`, async (t) => {
    const dir = scratch.path('interrupted');
    const child = new Child([...endless, '--record', dir, '--json']);
    await child.said(moment);
    child.process.kill(signal);
    // As npm does, which passes on what the terminal has sent already.
    child.process.kill(signal);
    const { code, output, error } = await child.end();
    t.is(code, 130, error);
    const result = parseOnlyLine(output);
    t.like(result, { ok: false, outcome: 'interrupted', recording: dir });
    t.notRegex(error, /ERR_/);
    const { json } = await runJson('recordings', 'verify', dir);
    t.like(json, { ok: true, frames: result['ticks'] });
    t.false(fs.existsSync(path.join(dir, '.recording')));
  });
}

test('SIGINT while nobody answers: an end soon, one line and one JSON object', async (t) => {
  const child = new Child(['drive', '--simulator', 'scr://127.0.0.1:1', '--json']);
  await child.said(/asking 127\.0\.0\.1:1 for a race\n/);
  child.process.kill('SIGINT');
  const { code, output, error } = await child.end();
  t.is(code, 130);
  t.regex(error, /\ntorcs-pilot: Expected [^\n]* \(ERR_INTERRUPTED\)\n$/);
  t.like(parseOnlyLine(output), { ok: false, error: { code: 'ERR_INTERRUPTED' } });
});

test('kill -9 in the middle of a recorded drive: the lock is free, repair and verify bring it back', async (t) => {
  const dir = scratch.path('killed');
  const child = new Child([...endless, '--record', dir]);
  // Some seconds of the race, however fast this machine drives.
  await child.said(/([4-9]|\d\d+)\.\d s, \d+ m, \d+ km\/h/);
  child.process.kill('SIGKILL');
  await child.end();
  const before = await runJson('recordings', 'verify', dir);
  t.is(before.code, 1);
  t.regex(JSON.stringify(before.json['problems']), /unfinished/);
  const repaired = await runJson('recordings', 'repair', dir);
  t.is(repaired.code, 0, repaired.error);
  const frames = Number(repaired.json['frames']);
  t.true(frames > 100, `${frames} frames`);
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true, frames });
  const appended = await runJson('drive', '--time-limit', '1', '--camera', '16x16', '--record', dir);
  t.like((await runJson('recordings', 'verify', dir)).json, {
    ok: true,
    frames: frames + Number(appended.json['ticks']),
  });
});

test('serve ends on SIGINT and says what it did', async (t) => {
  const child = new Child(['serve', '--port', '0', '--json']);
  const port = await child.said(/port (\d+)\n/);
  child.process.kill('SIGINT');
  const { code, output } = await child.end();
  t.is(code, 130);
  t.deepEqual(parseOnlyLine(output), { ok: true, races: 0, ports: [Number(port)], dropped: 0 });
});
