import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { Child, run, runJson, Scratch } from './support.ts';

/** One after the other: each run listens to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

/** Width and height of a PNG, from its header. */
function pngSize(file: string): readonly [number, number] {
  const bytes = fs.readFileSync(file);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test('drive: two laps at full detail, told to people', async (t) => {
  const { code, output, error } = await run('drive', '--laps', '2', '--track', 'harbour-oval');
  t.is(code, 0, error);
  t.regex(output, /^laps-done: \d+\.\d{3} s, \d+\.\d{3} s\n\d+ m, damage \d+, \d+ ticks, 0 pictures, \d+ ticks\/s\n$/);
  t.regex(error, /lap 1: \d+\.\d{3} s\n/);
});

test('drive --record: what is recorded is inspected, verified, drawn and appended to', async (t) => {
  const dir = scratch.path('recording');
  const words = ['drive', '--record', dir, '--camera', '32x24', '--view', 'behind', '--time-limit', '3', '--seed', '7'];
  const first = await runJson(...words);
  t.is(first.code, 1, 'no lap in three seconds');
  t.regex(first.error, /Expected 1 lap, got 0 when the drive ended with time-limit; .* \(ERR_LAPS_NOT_DONE\)\n$/);
  t.like(first.json, { ok: false, outcome: 'time-limit', recording: dir, seed: 7, lapTimesS: [] });
  const { ticks, frames } = first.json as { ticks: number; frames: number };
  t.is(frames, ticks + 1);

  const inspected = await runJson('recordings', 'inspect', dir);
  t.like(inspected.json, { ok: true, episodes: 1, frames: ticks, fps: 50 });
  t.regex((await run('recordings', 'inspect', dir)).output, /^tracks: .*harbour-oval/m);
  t.like((await runJson('recordings', 'repair', dir)).json, { ok: true, repaired: false });
  const out = scratch.path('sheet.png');
  const sheet = await runJson('recordings', 'sheet', dir, '--out', out);
  t.deepEqual(pngSize(out), [sheet.json['width'], sheet.json['height']] as [number, number]);

  await runJson(...words);
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true, frames: 2 * ticks });
  const other = await runJson(...words.map((word) => (word === '32x24' ? '24x32' : word)));
  t.is(other.code, 1);
  t.like(other.json, { ok: false, error: { code: 'ERR_RECORDING_MISMATCH' } });
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true, frames: 2 * ticks });
});

test('the same seed drives the same, noise and all; another seed does not', async (t) => {
  const distance = async (seed: string) => {
    const { json } = await runJson('drive', '--driver', 'random', '--noise', '--time-limit', '5', '--seed', seed);
    return json['distanceM'];
  };
  t.is(await distance('1'), await distance('1'));
  t.not(await distance('1'), await distance('2'));
});

test('a start elsewhere on the lap, and a generated track', async (t) => {
  const far = scratch.path('far');
  await run('drive', '--start-distance', '500', '--no-fuel', '--no-damage', '--time-limit', '1', '--record', far);
  t.like((await runJson('recordings', 'inspect', far)).json, { ok: true, frames: 49 });
  const { json } = await runJson('drive', '--track', 'generated-7', '--time-limit', '1');
  t.is(json['track'], 'generated-7');
});

test('opponents race in the embedded simulator', async (t) => {
  const alone = await runJson('drive', '--time-limit', '8');
  const { json } = await runJson('drive', '--time-limit', '8', '--opponents', 'scripted:2,scripted');
  t.is(json['outcome'], 'time-limit');
  t.not(json['distanceM'], alone.json['distanceM'], 'three cars ahead are seen');
});

for (const size of ['1x1', '640x1', '1x480', '1024x1024']) {
  test(`a camera of ${size}`, async (t) => {
    const dir = scratch.path('size');
    const { json } = await runJson('drive', '--camera', size, '--time-limit', '0.1', '--record', dir);
    t.is(json['frames'], 6);
    t.like((await runJson('recordings', 'verify', dir)).json, { ok: true, frames: 5 });
  });
}

test('tracks: listed, by name, drawn', async (t) => {
  const { json } = await runJson('tracks');
  const tracks = json['tracks'] as { name: string; source: string; lengthM: number }[];
  t.true(tracks.filter(({ source }) => source === 'own').length >= 12);
  const draw = scratch.path('drawings');
  const one = await run('tracks', 'harbour-oval', 'generated-7', '--draw', draw);
  t.is(one.code, 0, one.error);
  t.is(one.output.split('\n').length, 3);
  t.deepEqual(fs.readdirSync(draw).sort(), ['generated-7.svg', 'harbour-oval.svg']);
});

test('torcs status tells each piece, and exits with 0 only when all are there', async (t) => {
  const { code, json } = await runJson('torcs', 'status');
  const { ok, ready, pieces } = json as { ok: boolean; ready: boolean; pieces: { name: string; ok: boolean }[] };
  t.is(ok, ready);
  t.is(code, ready ? 0 : 1);
  t.is(
    ready,
    pieces.every((piece) => piece.ok),
  );
  t.regex(
    (await run('torcs', 'status')).output,
    ready ? /\nready\n$/ : /\nnot ready: run `npx torcs-pilot torcs setup`\n$/,
  );
});

test('serve: our own client laps over UDP as it does without', async (t) => {
  const server = new Child(['serve', '--port', '0', '--track', 'harbour-oval', '--json']);
  const port = await server.said(/port (\d+)\n/);
  const over = await runJson('drive', '--simulator', `scr://127.0.0.1:${port}`, '--laps', '1');
  const direct = await runJson('drive', '--track', 'harbour-oval', '--laps', '1');
  t.is(over.code, 0, over.error);
  const lap = (json: Record<string, unknown>) => (json['lapTimesS'] as number[])[0] ?? Number.NaN;
  t.true(Math.abs(lap(over.json) - lap(direct.json)) < 0.5, `${lap(over.json)} s against ${lap(direct.json)} s`);
  server.process.kill('SIGINT');
  const { code, output, error } = await server.end();
  t.is(code, 130, error);
  t.deepEqual(JSON.parse(output), { ok: true, races: 1, ports: [Number(port)], dropped: 0 });
});

test('serve --races ends by itself; a server that ends the race with the lap is told apart from a lap', async (t) => {
  const server = new Child(['serve', '--port', '0', '--cars', '1', '--races', '1', '--laps', '1', '--json']);
  const port = await server.said(/port (\d+)\n/);
  const { code, json } = await runJson('drive', '--simulator', `scr://127.0.0.1:${port}`, '--laps', '2');
  t.is(code, 1);
  t.is(json['outcome'], 'race-over');
  const ended = await server.end();
  t.is(ended.code, 0, ended.error);
  t.like(JSON.parse(ended.output), { ok: true, races: 1 });
});

test('a reader that closes the pipe early does not cost the recording', async (t) => {
  const dir = scratch.path('pipe');
  const child = new Child(['drive', '--time-limit', '4', '--record', dir]);
  await child.said(/on harbour-oval/);
  child.process.stdout?.destroy();
  child.process.stderr?.destroy();
  t.is((await child.end()).code, 1);
  const { json } = await runJson('recordings', 'verify', dir);
  t.like(json, { ok: true });
  t.true(Number(json['frames']) > 150, 'to the time limit');
});

test('two drives into one folder: the second is refused, the first is whole', async (t) => {
  const dir = scratch.path('both');
  const first = new Child(['drive', '--track', 'eagle-pass', '--laps', '50', '--record', dir]);
  await first.said(/on eagle-pass/);
  const second = await runJson('drive', '--time-limit', '1', '--record', dir);
  t.is(second.code, 1);
  t.like(second.json, { error: { code: 'ERR_RECORDING_LOCKED' } });
  first.process.kill('SIGINT');
  t.is((await first.end()).code, 130);
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true });
  t.false(fs.existsSync(path.join(dir, '.recording')));
});
