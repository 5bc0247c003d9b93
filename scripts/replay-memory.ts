/**
 * Films the scripted driver for long, and prints resident memory, of this process and of its ffmpeg, after each simulated
 * minute; memory that grows from the second line on would be a leak:
 *
 *     npx tsx scripts/replay-memory.ts [--minutes 10] [--size 640x480] [--fps 50]
 *
 * The film goes to a temporary folder and is removed.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pictureSizeSchema } from '../src/cli/flags.ts';
import { replay } from '../src/cli/replay/replay.ts';
import { collectGarbage } from './support/garbage.ts';
import { residentMib } from './support/resident.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    size: { type: 'string', default: '640x480' },
    fps: { type: 'string', default: '50' },
  },
});

/** The process that encodes: a child of this one. */
function encoder(): number | undefined {
  const list = `/proc/self/task/${process.pid}/children`;
  return fs.existsSync(list) ? fs.readFileSync(list, 'latin1').trim().split(' ').map(Number).at(-1) : undefined;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replay-memory-'));
let nextMinute = 1;
try {
  const { frames, durationS, wallS, realTimeFactor } = await replay({
    subject: 'scripted',
    track: 'willow-park',
    laps: 10_000,
    timeLimitS: Number(values.minutes) * 60,
    video: path.join(folder, 'film.mp4'),
    size: pictureSizeSchema.parse(values.size),
    fps: Number(values.fps),
    seed: 0,
    log: (line) => {
      const minutes = Number(/([\d.]+) s of the drive/.exec(line)?.[1] ?? 0) / 60;
      if (minutes < nextMinute) return;
      nextMinute = Math.floor(minutes) + 1;
      collectGarbage();
      const own = residentMib('self').toFixed(1);
      const child = encoder();
      const ffmpeg = child === undefined ? '?' : residentMib(child).toFixed(1);
      console.log(`${minutes.toFixed(1)} min: ${own} MiB, ffmpeg ${ffmpeg} MiB`);
    },
  });
  const { size } = fs.statSync(path.join(folder, 'film.mp4'));
  console.log(
    `${frames} pictures, ${durationS.toFixed(1)} s of ${values.size}, ${(size / 1e6).toFixed(1)} MB, in ${wallS.toFixed(1)} s: ` +
      `${(frames / wallS).toFixed(0)} pictures/s, ${realTimeFactor.toFixed(2)} × real time`,
  );
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
