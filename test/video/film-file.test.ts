import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import { DiskFullError, WriteFailedError } from '../../src/core/errors.ts';
import { FilmEncodingError } from '../../src/video/errors.ts';
import { FilmFile } from '../../src/video/film-file.ts';
import { makeMovingPicture } from '../../src/video/moving-picture.ts';
import { ffmpeg } from './ffmpeg.ts';

const run = promisify(execFile);
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'film-file-test-'));
test.after.always(() => fs.rmSync(root, { recursive: true, force: true }));
const format = { width: 64, height: 48, fps: 10 };

/** A picture that no other number has: noise, so that a film of them is not small. */
function picture(number: number, { width, height } = format): Uint8Array {
  let state = number + 1;
  return Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return 64 + ((state >> 16) & 63) + (number % 4) * 32;
  });
}

/** Hashes of the decoded pictures. */
async function decoded(file: string): Promise<string[]> {
  const { stdout } = await run(ffmpeg, ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'], {
    encoding: 'buffer',
    maxBuffer: 1 << 28,
  });
  const size = format.width * format.height * 3;
  return Array.from({ length: stdout.length / size }, (_, i) =>
    createHash('sha256')
      .update(stdout.subarray(i * size, (i + 1) * size))
      .digest('hex'),
  );
}

/** What ffmpeg tells of a file. */
async function facts(file: string): Promise<string> {
  const failed = await run(ffmpeg, ['-hide_banner', '-i', file]).catch((error: { stderr: string }) => error);
  return failed.stderr;
}

/** A program that does something of ours in ffmpeg's place. */
function script(name: string, body: string): string {
  const file = path.join(root, name);
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

test('a film has every picture, its rate, and its index in front; two of the same are the same', async (t) => {
  const files = [path.join(root, 'one', 'a.mp4'), path.join(root, 'b.mp4')];
  for (const file of files) {
    const film = await FilmFile.create(file, format);
    t.true(fs.existsSync(film.partialPath));
    for (let i = 0; i < 25; i++) await film.write(picture(i));
    await film.finish();
    t.false(fs.existsSync(film.partialPath));
  }
  t.deepEqual(fs.readdirSync(path.join(root, 'one')), ['a.mp4']);
  const told = await facts(files[0]!);
  t.regex(told, /Video: h264 \(High\).*yuv420p.*64x48/);
  t.regex(told, /10 fps/);
  t.regex(told, /Duration: 00:00:02\.50/);
  const bytes = fs.readFileSync(files[0]!);
  t.true(bytes.indexOf('moov') < bytes.indexOf('mdat') && !bytes.includes('moof'), 'no fragments, and it starts fast');
  const hashes = await decoded(files[0]!);
  t.is(hashes.length, 25);
  t.true(new Set(hashes).size > 20);
  t.deepEqual(await decoded(files[1]!), hashes);
  t.deepEqual(fs.readFileSync(files[1]!), bytes);
});

test('a film that is there is replaced when the new one is whole, not before', async (t) => {
  const file = path.join(root, 'again.mp4');
  fs.writeFileSync(file, 'an earlier film');
  const film = await FilmFile.create(file, format);
  await film.write(picture(0));
  t.is(fs.readFileSync(file, 'utf8'), 'an earlier film');
  await film.finish();
  t.is((await decoded(file)).length, 1);
});

test('what was filmed stays playable when the filming process is killed', async (t) => {
  const file = path.join(root, 'killed.mp4');
  const child = spawn(process.execPath, ['--import=tsx', new URL('./child-film.ts', import.meta.url).pathname, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  t.false(fs.existsSync(file));
  const partial = path.join(root, 'killed.partial.mp4');
  // Its ffmpeg sees the end of its input, and ends by itself.
  const deadline = performance.now() + 30_000;
  let pictures: string[] = [];
  while (pictures.length < 20 && performance.now() < deadline) {
    await nextTurn();
    pictures = await decoded(partial).catch(() => []);
  }
  t.true(pictures.length >= 20, `${pictures.length} pictures`);
});

test('a file that may not grow: the error names it, and what was filmed stays playable', async (t) => {
  // ffmpeg may write 60 kB (ulimit counts in blocks of 512 bytes, or of 1024 in other shells).
  const program = script('limited', `trap '' XFSZ\nulimit -f 60\nexec ${ffmpeg} "$@"`);
  const film = await FilmFile.create(path.join(root, 'limited.mp4'), format, program);
  const write = async () => {
    for (let i = 0; i < 2000; i++) await film.write(picture(i));
    await film.finish();
  };
  const error = await t.throwsAsync(write(), {
    instanceOf: WriteFailedError,
    message: /File too large; .*limited\.partial\.mp4/,
  });
  t.is(error?.code, 'ERR_WRITE_FAILED');
  await film.abandon();
  t.true((await decoded(film.partialPath)).length >= 10);
});

test('a full disk, while filming and at the end', async (t) => {
  const full = script(
    'full',
    'head -c 100000 >/dev/null\necho "av_interleaved_write_frame(): No space left on device" >&2\nexit 1',
  );
  const film = await FilmFile.create(path.join(root, 'full.mp4'), format, full);
  const write = async () => {
    for (let i = 0; i < 2000; i++) await film.write(picture(i));
  };
  const error = await t.throwsAsync(write(), {
    instanceOf: DiskFullError,
    message: /full\.mp4, got none; what was filmed so far/,
  });
  t.is(error?.code, 'ERR_DISK_FULL');
  await film.abandon();
  t.false(fs.existsSync(film.partialPath), 'nothing was filmed: nothing is left');

  // The second run is the one that copies the film into its usual form.
  const mark = path.join(root, 'ran');
  const late = script(
    'late',
    `if [ -e ${mark} ]; then echo "No space left on device" >&2; exit 1; fi\ntouch ${mark}\nexec ${ffmpeg} "$@"`,
  );
  const kept = await FilmFile.create(path.join(root, 'late.mp4'), format, late);
  for (let i = 0; i < 25; i++) await kept.write(picture(i));
  await t.throwsAsync(kept.finish(), { instanceOf: DiskFullError, message: /late\.partial\.mp4/ });
  await kept.abandon();
  t.is((await decoded(kept.partialPath)).length, 25);
  t.false(fs.existsSync(path.join(root, 'late.mp4')));
});

test('an ffmpeg that fails, and one that is not there', async (t) => {
  const broken = script('broken', 'echo "Unknown encoder" >&2\nexit 1');
  for (const [program, message] of [
    [broken, /Unknown encoder/],
    [path.join(root, 'missing'), /ENOENT/],
  ] as const) {
    const film = await FilmFile.create(path.join(root, 'failed.mp4'), format, program);
    const write = async () => {
      for (let i = 0; i < 200; i++) await film.write(picture(i));
      await film.finish();
    };
    await t.throwsAsync(write(), { instanceOf: FilmEncodingError, code: 'ERR_FILM_ENCODING', message });
    await film.abandon();
  }
});

test('a film without a picture leaves nothing', async (t) => {
  const film = await FilmFile.create(path.join(root, 'empty.mp4'), format);
  await film.abandon();
  t.deepEqual(
    fs.readdirSync(root).filter((name) => name.startsWith('empty')),
    [],
  );
});

test('a place that cannot be written is told before anything is filmed', async (t) => {
  fs.writeFileSync(path.join(root, 'file'), '');
  fs.mkdirSync(path.join(root, 'folder.mp4'));
  for (const place of [path.join(root, 'file', 'a.mp4'), path.join(root, 'folder.mp4')]) {
    await t.throwsAsync(FilmFile.create(place, format), { instanceOf: WriteFailedError, code: 'ERR_WRITE_FAILED' });
  }
});

test('moving pictures: GIF and WebP of a part of the film', async (t) => {
  const film = path.join(root, 'film.mp4');
  const file = await FilmFile.create(film, format);
  for (let i = 0; i < 40; i++) await file.write(picture(i));
  await file.finish();
  const gif = path.join(root, 'moving', 'a.gif');
  await makeMovingPicture({ film, out: gif, width: 32, fps: 10, fromS: 1, durationS: 2 });
  const bytes = fs.readFileSync(gif);
  t.is(bytes.subarray(0, 6).toString('latin1'), 'GIF89a');
  t.deepEqual([bytes.readUInt16LE(6), bytes.readUInt16LE(8)], [32, 24]);
  t.is((await facts(gif)).match(/Duration: 00:00:0(\d\.\d)/)?.[1], '2.0');
  const webp = path.join(root, 'a.webp');
  await makeMovingPicture({ film, out: webp, width: 32 });
  const riff = fs.readFileSync(webp);
  t.is(riff.subarray(0, 4).toString('latin1') + riff.subarray(8, 12).toString('latin1'), 'RIFFWEBP');
  t.true(riff.includes('ANMF'), 'it moves');
  t.deepEqual(
    fs.readdirSync(root).filter((name) => name.endsWith('.tmp')),
    [],
  );
  await t.throwsAsync(makeMovingPicture({ film, out: 'a.png' }), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /\.gif or \.webp/,
  });
  await t.throwsAsync(makeMovingPicture({ film: path.join(root, 'none.mp4'), out: gif }), {
    code: 'ERR_FILM_ENCODING',
  });
  await t.throwsAsync(makeMovingPicture({ film, out: path.join(film, 'a.gif') }), { code: 'ERR_WRITE_FAILED' });
});
