import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { FfmpegMissingError, findFfmpeg } from '../../src/core/ffmpeg.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'ffmpeg-test-'));
test.after.always(() => fs.rmSync(root, { recursive: true, force: true }));

/** A program that only lists encoders, as ffmpeg does. */
function fake(name: string, encoders: readonly string[]): string {
  const folder = path.join(root, name);
  fs.mkdirSync(folder);
  const file = path.join(folder, 'ffmpeg');
  const lines = encoders.map((encoder) => ` V....D ${encoder.padEnd(20)} an encoder`).join('\n');
  fs.writeFileSync(file, `#!/bin/sh\ncat <<'END'\nEncoders:\n ------\n${lines}\nEND\n`, { mode: 0o755 });
  return file;
}

const system = fake('system', ['libx264', 'gif']);
const bare = fake('bare', ['gif']);
const packaged = fake('packaged', ['libx264', 'libwebp_anim']);
const none = async () => undefined;

test("the system's ffmpeg goes before npm's, where it has the encoders", async (t) => {
  const searchPath = ['/nowhere', path.dirname(system)].join(path.delimiter);
  t.is(await findFfmpeg(['libx264'], { searchPath, packaged: async () => packaged }), system);
  t.is(await findFfmpeg(['libwebp_anim'], { searchPath, packaged: async () => packaged }), packaged);
  t.is(await findFfmpeg(['libx264'], { searchPath: '', packaged: async () => packaged }), packaged);
  t.is(await findFfmpeg(['libx264'], { searchPath: path.dirname(bare), packaged: async () => packaged }), packaged);
});

test('without one, it is told what to install', async (t) => {
  const error = await t.throwsAsync(findFfmpeg(['libx264'], { searchPath: '', packaged: none }), {
    instanceOf: FfmpegMissingError,
    message: /Expected an ffmpeg with libx264 on the PATH or from npm, got none; install ffmpeg/,
  });
  t.is(error?.code, 'ERR_FFMPEG_MISSING');
  await t.throwsAsync(findFfmpeg(['libx264'], { searchPath: path.dirname(bare), packaged: none }), {
    message: /got .*bare\/ffmpeg without/,
  });
});

test('a program that does not run, and a folder of that name, are passed over', async (t) => {
  const broken = path.join(root, 'broken');
  fs.mkdirSync(broken);
  fs.writeFileSync(path.join(broken, 'ffmpeg'), 'not a program', { mode: 0o755 });
  const folder = path.join(root, 'folder');
  fs.mkdirSync(path.join(folder, 'ffmpeg'), { recursive: true });
  const searchPath = [broken, folder, 'relative'].join(path.delimiter);
  t.is(await findFfmpeg(['libx264'], { searchPath, packaged: async () => packaged }), packaged);
});

test('this machine has one', async (t) => {
  t.true(path.isAbsolute(await findFfmpeg(['libx264'])));
});
