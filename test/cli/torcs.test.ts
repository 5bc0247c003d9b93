import fs from 'node:fs';
import anyTest from 'ava';
import { overlaysFolder } from '../../torcs-client/torcs/overlay/overlay.ts';
import { findBuild, surveyTorcs } from '../../torcs-client/torcs/status/status.ts';
import { Child, comesTrue, parseOnlyLine, run, runJson, Scratch } from './support.ts';

const build = findBuild(await surveyTorcs());
if (build === undefined) {
  console.log(
    'Skipped: the command line with the real game, because TORCS is not set up (`npx torcs-pilot torcs setup`).',
  );
}
const test = build === undefined ? anyTest.skip : anyTest.serial;
const scratch = new Scratch();
anyTest.after.always(() => scratch.remove());

const torcs = ['drive', '--simulator', 'torcs', '--track', 'g-track-1'];

/** Folders of games that a process has started. */
function overlaysOf(pid: number | undefined): string[] {
  const folder = overlaysFolder(build?.cacheFolder ?? '');
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder).filter((name) => name.startsWith(`${pid}-`));
}

/** Processes whose command line names the folder of one of these overlays. */
function gamesIn(overlays: readonly string[]): string[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const line = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return overlays.some((overlay) => line.includes(overlay));
      } catch {
        return false; // It has ended since the folder was read.
      }
    });
}

test('drive: recorded with pictures, two races in one dataset, opponents seen', async (t) => {
  const dir = scratch.path('torcs');
  const words = [...torcs, '--laps', '2', '--camera', '64x64', '--record', dir, '--time-limit', '6'];
  const { code, error, json } = await runJson(...words);
  t.is(code, 1, error);
  t.like(json, { outcome: 'time-limit', simulator: 'torcs', track: 'g-track-1', damage: 0 });
  t.is(json['frames'], Number(json['ticks']) + 1);
  t.true(Number(json['distanceM']) > 100);
  await runJson(...words, '--no-fuel', '--noise', '--opponents', 'berniw:2,bt');
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true, frames: 2 * Number(json['ticks']) });
  t.deepEqual(overlaysOf(process.pid), []);
});

test('drive: a lap of the real game, told to people', async (t) => {
  const { code, output, error } = await run(...torcs);
  t.is(code, 0, error);
  t.regex(output, /^laps-done: \d+\.\d{3} s\n/);
});

for (const [line, message] of [
  ['--track g-track-9', /track.*got "g-track-9".*g-track-1/i],
  ['--opponents nobody', /berniw.*got "nobody"/],
  ['--opponents berniw:20', /1 to \d+ drivers/],
  ['--start-distance 99999', /the length of g-track-1, got 99999/],
] as const) {
  test(`wrong usage: ${line}`, async (t) => {
    const words = line.startsWith('--track') ? torcs.slice(0, 3) : torcs;
    const { code, output, error } = await run(...words, ...line.split(' '));
    t.is(code, 2, error);
    t.regex(error, /^torcs-pilot: Expected [^\n]* \(ERR_INVALID_ARGUMENT\)\n$/);
    t.regex(error, message);
    t.is(output, '');
    t.deepEqual(overlaysOf(process.pid), []);
  });
}

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`${signal} leaves neither game nor folder, and the recording`, async (t) => {
    const dir = scratch.path('torcs-interrupted');
    const child = new Child([...torcs, '--laps', '10000', '--camera', '32x32', '--record', dir, '--json']);
    // More than a hundred pictures, however fast the machine is: fifty a second of simulated time.
    await child.said(/(?:[3-9]|\d\d)\.\d s, \d+ m, \d+ km\/h/);
    const overlays = overlaysOf(child.process.pid);
    t.is(overlays.length, 1);
    t.true(gamesIn(overlays).length > 0, 'the game runs in the overlay');
    child.process.kill(signal);
    const { code, output, error } = await child.end();
    if (signal === 'SIGINT') {
      t.is(code, 130, error);
      t.like(parseOnlyLine(output), { ok: false, outcome: 'interrupted' });
    }
    await comesTrue(() => gamesIn(overlays).length === 0);
    await comesTrue(() => overlaysOf(child.process.pid).length === 0);
    t.like((await runJson('recordings', 'repair', dir)).json, { ok: true, repaired: signal === 'SIGKILL' });
    const { json } = await runJson('recordings', 'verify', dir);
    t.true(json['ok'] === true && Number(json['frames']) > 100, JSON.stringify(json));
  });
}

test('Ctrl-C in a terminal reaches the whole process group, and still everything is saved', async (t) => {
  const dir = scratch.path('torcs-group');
  const child = new Child([...torcs, '--laps', '10000', '--record', dir, '--json'], {}, { detached: true });
  await child.said(/\d+ m, \d+ km\/h/);
  const overlays = overlaysOf(child.process.pid);
  process.kill(-(child.process.pid ?? Number.NaN), 'SIGINT');
  const { code, output, error } = await child.end();
  t.is(code, 130, error);
  t.like(parseOnlyLine(output), { outcome: 'interrupted' }, error);
  await comesTrue(() => gamesIn(overlays).length === 0);
  t.deepEqual(overlaysOf(child.process.pid), []);
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true });
});
