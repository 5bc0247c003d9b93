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

/** A car has fuel for some 45 minutes: longer ones are several films, one after the other. */
const LONGEST_FILM_S = 1800;

/** The process that encodes: a child of this one. */
function encoder(): number | undefined {
  const list = `/proc/self/task/${process.pid}/children`;
  return fs.existsSync(list) ? fs.readFileSync(list, 'latin1').trim().split(' ').map(Number).at(-1) : undefined;
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'replay-memory-'));
const seconds = Number(values.minutes) * 60;
let [filmedS, pictures, wall, bytes, nextMinute] = [0, 0, 0, 0, 1];
try {
  while (filmedS < seconds) {
    const video = path.join(folder, 'film.mp4');
    const { frames, durationS, wallS } = await replay({
      subject: 'scripted',
      track: 'willow-park',
      laps: 10_000,
      timeLimitS: Math.min(seconds - filmedS, LONGEST_FILM_S),
      video,
      size: pictureSizeSchema.parse(values.size),
      fps: Number(values.fps),
      seed: 0,
      log: (line) => {
        const minutes = (filmedS + Number(/([\d.]+) s of the drive/.exec(line)?.[1] ?? 0)) / 60;
        if (minutes < nextMinute) return;
        nextMinute = Math.floor(minutes) + 1;
        collectGarbage();
        const own = residentMib('self').toFixed(1);
        const child = encoder();
        const ffmpeg = child === undefined ? '?' : residentMib(child).toFixed(1);
        console.log(`${minutes.toFixed(1)} min: ${own} MiB, ffmpeg ${ffmpeg} MiB`);
      },
    });
    filmedS += durationS;
    pictures += frames;
    wall += wallS;
    bytes += fs.statSync(video).size;
  }
  console.log(
    `${pictures} pictures, ${filmedS.toFixed(1)} s of ${values.size}, ${(bytes / 1e6).toFixed(1)} MB, in ${wall.toFixed(1)} s: ` +
      `${(pictures / wall).toFixed(0)} pictures/s, ${(filmedS / wall).toFixed(2)} × real time`,
  );
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
