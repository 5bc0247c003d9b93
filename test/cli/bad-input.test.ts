import { execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { createPreprocessor } from '../../src/frames/index.ts';
import { createContactSheet, RecordingWriter } from '../../src/recordings/index.ts';
import { CameraRenderer, EmbeddedSimulator, readTrackFile, TrackLibrary } from '../../src/simulator/index.ts';
import { ScrSimulator } from '../../torcs-client/client/index.ts';
import { type Controls, DEFAULT_CONTROLS, NO_FOCUS } from '../../torcs-client/controls.ts';
import { ScrServer } from '../../torcs-client/server/index.ts';
import type { CameraFormat, Simulator } from '../../torcs-client/simulator.ts';
import { TorcsSimulator } from '../../torcs-client/torcs/simulator/index.ts';
import { findBuild, requireTorcs, surveyTorcs } from '../../torcs-client/torcs/status/status.ts';
import { optionsFor } from '../recordings/drive.ts';
import { PointMassSimulator } from '../support/point-mass.ts';
import { fakeMachine } from '../torcs-client/torcs/setup-fakes.ts';
import { Child, parseOnlyLine, run, runJson, Scratch } from './support.ts';

// Each entry of "Bad input" at the edge where a user meets it: one line, a stable code, and nothing lost. Unknown names
// and flags are in usage.test.ts; the parsers' fuzz is beside the parsers.

// Asked before the first test is declared, for AVA waits no longer.
const build = findBuild(await surveyTorcs());
if (build === undefined) console.log('Skipped: bad input for the real game, because TORCS is not set up.');

/** One after the other: runs listen to this process's signals, and games share the machine. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const invalid = { code: 'ERR_INVALID_ARGUMENT', message: /^Expected [^\n]+$/ };

test('datagrams of any kind, from anyone, cost a line each and the race nothing', async (t) => {
  const server = new Child(['serve', '--port', '0', '--races', '1', '--laps', '1', '--json']);
  const port = Number(await server.said(/port (\d+)\n/));
  const socket = dgram.createSocket('udp4');
  const drive = runJson('drive', '--simulator', `scr://127.0.0.1:${port}`, '--laps', '2');
  const bad = [
    '',
    'hello',
    '(accel 1)(steer',
    Buffer.from([0xff, 0xfe, 0x28, 0xc3, 0x29, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x0a]),
    Buffer.alloc(1001, '(accel 1)'),
    Buffer.alloc(60_000, 'x'),
    'SCR(init 1)',
    '(accel nan)(brake inf)(steer 1e999)(meta 1)',
  ];
  for (const datagram of bad) {
    await new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve));
  }
  const { json } = await drive;
  t.like(json, { outcome: 'race-over', damage: 0 });
  t.true(Number(json['distanceM']) > 1900, 'the lap was driven to its end');
  const { code, output, error } = await server.end();
  t.is(code, 0, error);
  const told = error.split('\n').filter((line) => line.endsWith('(ERR_SCR_DATAGRAM_DROPPED)'));
  t.is(told.length, bad.length, error);
  t.is(parseOnlyLine(output)['dropped'], bad.length);
  t.true(
    told.every((line) => /^Expected [\x20-\x7e·…×’]+$/u.test(line)),
    error,
  );
  socket.close();
});

test('a client hears only the server that it asked', async (t) => {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const stranger = dgram.createSocket('udp4');
  const simulator = await ScrSimulator.connect({
    port: socket.address().port,
    firstStateTimeoutMs: 300,
    lockstep: false,
  });
  const reset = simulator.reset({ countdown: true });
  const [, client] = (await once(socket, 'message')) as [Buffer, dgram.RemoteInfo];
  const say = (from: dgram.Socket, text: string) =>
    new Promise((done) => from.send(text, client.port, '127.0.0.1', done));
  await say(stranger, '***shutdown***\0');
  await say(stranger, '***identified***\0');
  await say(socket, '***identified***\0');
  await say(stranger, '***shutdown***\0');
  await say(socket, 'nonsense');
  socket.send(Buffer.alloc(5000, 0xff), client.port, '127.0.0.1');
  const error = await t.throwsAsync(reset, {
    code: 'ERR_SCR_NO_ANSWER',
    message: /first state .* got 5000 other bytes/,
  });
  t.notRegex(error?.message ?? '', /\n/);
  await simulator.close();
  socket.close();
  stranger.close();
});

const badControls: readonly Partial<Record<keyof Controls, unknown>>[] = [
  ...(['accel', 'brake', 'clutch', 'steer', 'gear', 'focus'] as const).flatMap((name) =>
    [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, undefined, null, '1'].map((value) => ({
      [name]: value,
    })),
  ),
  ...(['accel', 'brake', 'clutch'] as const).flatMap((name) => [{ [name]: 1.001 }, { [name]: -0.001 }]),
  { steer: 1.001 },
  { steer: -1.001 },
  { gear: 7 },
  { gear: -2 },
  { gear: 1.5 },
  { focus: 0.5 },
  { restart: 1 },
  { restart: undefined },
];

const simulators: Record<string, () => Promise<{ simulator: Simulator; close?: () => Promise<void> }>> = {
  embedded: async () => ({ simulator: new EmbeddedSimulator() }),
  scr: async () => {
    const server = await ScrServer.listen({ simulator: new PointMassSimulator(), port: 0, resetOptions: {} });
    const simulator = await ScrSimulator.connect({ port: server.ports[0] as number });
    return { simulator, close: () => server.close() };
  },
  ...(build === undefined ? {} : { torcs: async () => ({ simulator: await TorcsSimulator.launch({ build }) }) }),
};
for (const [name, create] of Object.entries(simulators)) {
  test(`controls that are NaN, infinite, out of range or missing are refused, and the car drives on: ${name}`, async (t) => {
    const { simulator, close } = await create();
    const good: Controls = { ...DEFAULT_CONTROLS, accel: 0.5, gear: 1, focus: NO_FOCUS };
    try {
      await simulator.reset();
      for (const change of badControls) {
        const controls = { ...good, ...change } as Controls;
        const error = await t.throwsAsync(simulator.step(controls), invalid, JSON.stringify(change));
        t.true(error?.message.includes(`\`${Object.keys(change)[0]}\``), error?.message);
      }
      t.is(simulator.tick, 0);
      await simulator.step(good);
      t.is(simulator.tick, 1);
      t.false(simulator.raceOver);
    } finally {
      await simulator.close();
      await close?.();
    }
  });
}

test('a port in use', async (t) => {
  const taken = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(taken, 'listening');
  const { code, error } = await run('serve', '--port', String(taken.address().port));
  t.is(code, 1);
  t.regex(error, /^torcs-pilot: Expected UDP port \d+ [^\n]* \(ERR_PORT_UNAVAILABLE\)\n$/);
  taken.close();
});

test('no TORCS: every command that needs it says what to run', async (t) => {
  const before = process.env['TORCS_PILOT_CACHE'];
  process.env['TORCS_PILOT_CACHE'] = scratch.path('empty-cache');
  t.teardown(() => {
    if (before === undefined) delete process.env['TORCS_PILOT_CACHE'];
    else process.env['TORCS_PILOT_CACHE'] = before;
  });
  for (const words of [
    ['drive', '--simulator', 'torcs'],
    ['bench', 'torcs'],
    ['train', '--simulator', 'torcs', '--tracks', 'g-track-1', '--out', scratch.path('run')],
  ]) {
    const { code, error } = await run(...words);
    t.is(code, 1);
    t.regex(error, /^torcs-pilot: Expected a TORCS [^\n]* \(ERR_TORCS_NOT_READY\)\n$/);
  }
  const status = await runJson('torcs', 'status');
  t.is(status.code, 1);
  t.like(status.json, { ok: false, ready: false });
});

test('a TORCS of another version is not driven', async (t) => {
  const { host, cacheFolder, robotFolder, installed, ...machine } = fakeMachine(t);
  machine.installGame();
  installed.set('torcs', '1.3.8+dfsg-1');
  await t.throwsAsync(requireTorcs({ host, cacheFolder, robotFolder }), {
    code: 'ERR_TORCS_NOT_READY',
    message: /TORCS 1\.3\.8\+dfsg-1 is installed, and torcs-pilot knows version 1\.3\.7 only/,
  });
});

(build === undefined ? anyTest.skip : test)('an unknown car', async (t) => {
  const launch = TorcsSimulator.launch({ build: build as NonNullable<typeof build>, car: 'car9-trb1' });
  await t.throwsAsync(launch, { ...invalid, message: /"car9-trb1".*car1-trb1/ });
});

test('hostile track files are refused at once, in little memory, by name', (t) => {
  const file = scratch.path('hostile.xml');
  const laughs = Array.from({ length: 30 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
  const contents: Record<string, string | number> = {
    'a file of a terabyte': 1e12,
    'a billion laughs': `<!DOCTYPE params [<!ENTITY l0 "ha">${laughs}]><params>&l30;</params>`,
    'a million entries': `<params>${'<attnum name="a" val="1"/>'.repeat(200_000)}${'<a/>'.repeat(400_000)}</params>`,
    'a name of seven megabytes': `<params><section name="${'x'.repeat(7e6)}">`,
    'bytes that are no text': '\u0000\u0001\u0002',
    'nothing at all': '',
  };
  for (const [what, content] of Object.entries(contents)) {
    fs.writeFileSync(file, typeof content === 'string' ? content : '');
    if (typeof content === 'number') fs.truncateSync(file, content);
    const memory = process.memoryUsage().rss;
    const start = performance.now();
    const error = t.throws(() => readTrackFile(file, scratch.root), { code: 'ERR_INVALID_FILE' }, what);
    t.true(performance.now() - start < 10_000, what);
    t.true(process.memoryUsage().rss - memory < 512e6, what);
    t.true(error?.message.startsWith(`${file}:`) && !error.message.includes('\n'), error?.message.slice(0, 300));
    t.true((error?.message.length ?? 0) < 500, what);
  }
});

test('a broken track file of the game costs that track only', (t) => {
  const data = scratch.path('game');
  for (const [name, text] of [
    ['torn', '<params><section name="Header">'],
    ['empty', ''],
  ] as const) {
    fs.mkdirSync(path.join(data, 'tracks', 'road', name), { recursive: true });
    fs.writeFileSync(path.join(data, 'tracks', 'road', name, `${name}.xml`), text);
  }
  const library = new TrackLibrary({ gameDataFolder: data });
  t.throws(() => library.get('torn'), { code: 'ERR_INVALID_FILE' });
  t.notThrows(() => library.get('harbour-oval'));
});

/** Mounts a small file system; undefined where that is not allowed. */
function smallDisk(kilobytes: number): { readonly folder: string; grow(): void; remove(): void } | undefined {
  const folder = scratch.path('disk');
  fs.mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'none', folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return {
    folder,
    grow: () => void execFileSync('mount', ['-o', 'remount,size=64m', folder]),
    remove: () => void execFileSync('umount', [folder]),
  };
}

test('a full disk: said at once, and with room again everything that was recorded comes back', async (t) => {
  const disk = smallDisk(600);
  if (disk === undefined) {
    t.log('skipped: mounting a small disk needs root (test/recordings has a full disk of its own)');
    return t.pass();
  }
  t.teardown(disk.remove);
  const dir = path.join(disk.folder, 'recording');
  const full = await runJson('drive', '--record', dir, '--camera', '64x64');
  t.is(full.code, 1);
  t.like(full.json, { ok: false, error: { code: 'ERR_DISK_FULL' } });
  t.regex(full.error, /\ntorcs-pilot: Expected space on the disk [^\n]* \(ERR_DISK_FULL\)\n$/);
  for (const words of [
    ['recordings', 'repair', dir],
    ['demo', '--out', path.join(disk.folder, 'demo')],
    ['tracks', '--draw', path.join(disk.folder, 'drawings')],
  ]) {
    const { code, error } = await run(...words);
    t.is(code, 1, words.join(' '));
    t.regex(error, /torcs-pilot: [^\n]* \(ERR_DISK_FULL\)\n$/, words.join(' '));
  }
  disk.grow();
  const repaired = await runJson('recordings', 'repair', dir);
  t.like(repaired.json, { ok: true, repaired: true, episodes: 1 });
  t.true(Number(repaired.json['frames']) > 50);
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true, frames: repaired.json['frames'] });
});

test('folders that cannot be written to', async (t) => {
  const file = scratch.path('file');
  fs.writeFileSync(file, 'precious');
  for (const words of [
    ['drive', '--time-limit', '1', '--record', file],
    ['drive', '--time-limit', '1', '--record', path.join(file, 'below')],
    ['demo', '--out', file],
    ['tracks', '--draw', file],
  ]) {
    const { code, error } = await run(...words);
    t.is(code, 1, words.join(' '));
    t.regex(error, /(^|\n)torcs-pilot: Expected [^\n]* \(ERR_(WRITE_FAILED|FILE_SYSTEM)\)\n$/);
  }
  t.is(fs.readFileSync(file, 'utf8'), 'precious');
});

test('a dataset cut anywhere: each command names the file, and no other file changes', async (t) => {
  const dir = scratch.path('cut');
  await run('drive', '--time-limit', '1', '--camera', '16x16', '--record', dir);
  const files = fs
    .readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(dir, name)).isFile());
  t.true(files.length >= 5);
  const contents = () => files.map((name) => fs.readFileSync(path.join(dir, name)).toString('base64')).join();
  for (const name of files) {
    const file = path.join(dir, name);
    const whole = fs.readFileSync(file);
    for (const length of [0, 1, whole.length >> 1, whole.length - 1]) {
      fs.writeFileSync(file, whole.subarray(0, length));
      const before = contents();
      const verified = await run('recordings', 'verify', dir);
      t.is(verified.code, 1);
      t.true(verified.output.includes(name), `${name} cut to ${length}: ${verified.output}`);
      for (const words of [
        ['recordings', 'inspect', dir],
        ['recordings', 'repair', dir],
        ['recordings', 'sheet', dir, '--out', scratch.path('sheet.png')],
      ]) {
        const { code, error } = await run(...words);
        t.true(
          code === 0 || /^torcs-pilot: Expected [^\n]* \(ERR_(INVALID_FILE|RECORDING_MISMATCH)\)\n$/.test(error),
          `${words[1]} with ${name} cut to ${length}: ${error}`,
        );
      }
      t.is(contents(), before);
    }
    fs.writeFileSync(file, whole);
  }
  t.like((await runJson('recordings', 'verify', dir)).json, { ok: true });
});

test('recording into a dataset that is cut changes nothing of it, and whole again it is sound', async (t) => {
  for (const name of [
    'meta/info.json',
    'meta/stats.json',
    'meta/episodes/chunk-000/file-000.parquet',
    'meta/tasks.parquet',
  ]) {
    const dir = scratch.path('appended');
    const words = ['drive', '--time-limit', '1', '--record', dir];
    await run(...words);
    const file = path.join(dir, name);
    const whole = fs.readFileSync(file);
    fs.truncateSync(file, whole.length >> 1);
    const { error } = await run(...words);
    if (error.includes('ERR_LAPS_NOT_DONE')) {
      // Recorded beside it, in files of its own: what was cut is still told of.
      const { output } = await run('recordings', 'verify', dir);
      t.true(output.includes(name), `${name}: ${output}`);
    } else {
      t.regex(error, /torcs-pilot: Expected [^\n]* \(ERR_INVALID_FILE\)\n$/, name);
      fs.writeFileSync(file, whole);
      t.like((await runJson('recordings', 'verify', dir)).json, { ok: true, frames: 49 }, name);
    }
  }
});

for (const side of [0, 100_000, -1, 1.5, Number.NaN]) {
  test(`a camera of ${side} pixels, wherever one can be given`, async (t) => {
    for (const size of [
      { width: side, height: 64 },
      { width: 64, height: side },
    ]) {
      const camera: CameraFormat = { ...size, view: 'road', panels: false };
      const track = new TrackLibrary().get('harbour-oval');
      const refused = { code: 'ERR_INVALID_ARGUMENT' };
      t.throws(() => new EmbeddedSimulator({ camera }), refused);
      t.throws(() => new CameraRenderer(track, camera), refused);
      t.throws(() => createPreprocessor({ inputWidth: 64, inputHeight: 64, ...size }), refused);
      t.throws(
        () => createPreprocessor({ inputWidth: size.width, inputHeight: size.height, width: 8, height: 8 }),
        refused,
      );
      await t.throwsAsync(RecordingWriter.open(optionsFor(scratch.path(), { camera: size })), refused);
      await t.throwsAsync(createContactSheet(scratch.root, { out: scratch.path('s.png'), columns: side }), refused);
      if (build !== undefined) await t.throwsAsync(TorcsSimulator.launch({ build, camera }), refused);
      const { code, error } = await run('drive', '--camera', `${size.width}x${size.height}`);
      t.is(code, 2);
      t.regex(error, /^torcs-pilot: Expected --camera to be WIDTHxHEIGHT [^\n]* \(ERR_USAGE\)\n$/);
    }
  });
}
