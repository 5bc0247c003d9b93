import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';
import anyTest from 'ava';
import { ffmpeg } from '../video/ffmpeg.ts';
import { Child, parseOnlyLine, Scratch } from './support.ts';

const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const endless = ['replay', 'scripted', '--track', 'eagle-pass', '--laps', '10000', '--size', '320x180', '--fps', '20'];

/** Pictures of a film that can be decoded. */
async function countPictures(file: string): Promise<number> {
  const args = ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  const { stdout } = await promisify(execFile)(ffmpeg, args, { encoding: 'buffer', maxBuffer: 1 << 30 });
  return stdout.length / 320 / 180;
}

test('Ctrl-C in a terminal, which tells the whole group, leaves a whole film', async (t) => {
  const video = scratch.path('drive.mp4');
  const child = new Child([...endless, '--video', video, '--json'], {}, { detached: true });
  await child.said(/\d+ pictures, /);
  process.kill(-child.process.pid!, 'SIGINT');
  const { code, output, error } = await child.end();
  t.is(code, 130, error);
  const result = parseOnlyLine(output);
  t.like(result, { ok: false, outcome: 'interrupted', video });
  t.is(await countPictures(video), result['frames'] as number);
  t.notRegex(error, /ERR_/);
});

test('kill -9 leaves what was filmed, playable', async (t) => {
  const video = scratch.path('killed.mp4');
  const child = new Child([...endless, '--video', video]);
  // Some seconds of film: the encoder looks ahead, and writes second by second.
  await child.said(/([5-9]|\d\d+)\.\d s of the drive/);
  child.process.kill('SIGKILL');
  await child.end();
  t.false(fs.existsSync(video));
  const pictures = await countPictures(video.replace(/mp4$/, 'partial.mp4'));
  t.true(pictures >= 20, `${pictures} pictures`);
});
