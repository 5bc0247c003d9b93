import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DiskFullError, writeFailure } from '../core/errors.ts';
import { findFfmpeg } from '../core/ffmpeg.ts';
import { makeFolder } from '../core/files.ts';
import { parseOptions } from '../core/options.ts';
import { FilmEncodingError } from './errors.ts';
import { FfmpegFailure, runFfmpeg } from './film-file.ts';

const schema = z.strictObject({
  /** The film to make it of. */
  film: z.string().min(1),
  /** File that ends in .gif or .webp. */
  out: z.string().regex(/.\.(gif|webp)$/i, 'Expected a file that ends in .gif or .webp'),
  /** Pixels, 16 to 1920; the height follows. Default 480. */
  width: z.int().min(16).max(1920).default(480),
  /** Pictures a second, 1 to 50. Default 12.5: 80 ms, whole hundredths of a second, in which GIF counts. */
  fps: z.number().min(1).max(50).default(12.5),
  /** Where in the film it begins, s. Default 0. */
  fromS: z.number().min(0).default(0),
  /** Its length, s. Default: up to the film's end. */
  durationS: z.number().positive().optional(),
});

export type MovingPictureOptions = z.input<typeof schema>;

/**
 * A film as a picture that moves, for pages that show no films: GIF with a palette of its own, or WebP.
 *
 * @param program the ffmpeg to run. Default: what `findFfmpeg` finds
 * @throws InvalidArgumentError for options out of range; FfmpegMissingError; DiskFullError, WriteFailedError, FilmEncodingError
 */
export async function makeMovingPicture(options: MovingPictureOptions, program?: string): Promise<void> {
  const { film, out, width, fps, fromS, durationS } = parseOptions(schema, options, 'moving picture options');
  const isGif = /\.gif$/i.test(out);
  const ffmpeg = program ?? (await findFfmpeg([isGif ? 'gif' : 'libwebp_anim']));
  const part = ['-ss', String(fromS), ...(durationS === undefined ? [] : ['-t', String(durationS)]), '-i', film];
  const scaled = `fps=${fps},scale=${width}:-2:flags=lanczos`;
  const temporary = `${out}.tmp`;
  try {
    makeFolder(path.dirname(out));
  } catch (error) {
    throw writeFailure(error, out);
  }
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'torcs-pilot-'));
  try {
    if (isGif) {
      // In two runs: one alone would keep the whole film in memory until its palette is known.
      const palette = path.join(scratch, 'palette.png');
      await runFfmpeg(ffmpeg, [...part, '-vf', `${scaled},palettegen=stats_mode=diff`, palette]);
      const use = `${scaled}[x];[x][1:v]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle`;
      await runFfmpeg(ffmpeg, [...part, '-i', palette, '-lavfi', use, '-f', 'gif', temporary]);
    } else {
      const codec = ['-c:v', 'libwebp_anim', '-quality', '70', '-loop', '0', '-f', 'webp'];
      await runFfmpeg(ffmpeg, [...part, '-vf', scaled, ...codec, temporary]);
    }
    fs.renameSync(temporary, out);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    if (!(error instanceof FfmpegFailure)) throw writeFailure(error, out);
    if (/No space left/i.test(error.message)) {
      throw new DiskFullError(`Expected space on the disk to write ${out}, got none; the film itself is kept`);
    }
    throw new FilmEncodingError(`Expected ffmpeg (${ffmpeg}) to write ${out}, got ${error.message}`);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}
