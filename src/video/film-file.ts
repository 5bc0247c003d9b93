import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DiskFullError, type TorcsPilotError, WriteFailedError, writeFailure } from '../core/errors.ts';
import { findFfmpeg } from '../core/ffmpeg.ts';
import { makeFolder, syncFolder } from '../core/files.ts';
import { FilmEncodingError } from './errors.ts';

export interface FilmFormat {
  /** Pixels, even. */
  readonly width: number;
  readonly height: number;
  /** Pictures a second, a whole number. */
  readonly fps: number;
}

const LONGEST_ERROR = 2000;
/** Constant rate factor of x264: small differences from the original can be seen from about 23 on. */
const QUALITY = 21;

/**
 * Encodes pictures as they come into an MP4 with H.264 (High profile, yuv420p, BT.709), at a constant rate.
 *
 * While it is filmed the file is called `NAME.partial.mp4` and is fragmented: each second is complete in itself, so that
 * what was filmed stays playable when the process is killed or the disk fills. `finish` copies it, without encoding anew,
 * into the usual form with its index in front (faststart), and gives it its name in one step.
 */
export class FilmFile {
  readonly path: string;
  readonly partialPath: string;
  readonly #program: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  #errors = '';
  #flushed: Promise<void> = Promise.resolve();
  #isEmpty = true;

  private constructor(filePath: string, partialPath: string, program: string, child: ChildProcess) {
    this.path = filePath;
    this.partialPath = partialPath;
    this.#program = program;
    this.#child = child;
    child.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-LONGEST_ERROR);
    });
    // A dead ffmpeg is told by its exit.
    child.stdin?.on('error', () => undefined);
    this.#exit = endOf(child, (message) => {
      this.#errors += message;
    });
  }

  /**
   * @param program the ffmpeg to run. Default: what `findFfmpeg` finds
   * @throws WriteFailedError for a place that cannot be written; FfmpegMissingError
   */
  static async create(filePath: string, { width, height, fps }: FilmFormat, program?: string): Promise<FilmFile> {
    const ffmpeg = program ?? (await findFfmpeg(['libx264']));
    const partial = partialPathOf(filePath);
    requireWritable(filePath, partial);
    const input = [
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${width}x${height}`,
      '-r',
      String(fps),
      '-i',
      'pipe:0',
    ];
    const colours = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];
    const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(QUALITY), '-profile:v', 'high'];
    const filter = ['-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'];
    // A key frame a second: so long is a fragment, and so far one has to seek.
    const fragments = ['-g', String(fps), '-movflags', '+frag_keyframe+empty_moov+default_base_moof'];
    const output = ['-fflags', '+bitexact', '-f', 'mp4', partial];
    const child = spawn(
      ffmpeg,
      ['-hide_banner', '-v', 'error', '-y', ...input, ...filter, ...codec, ...colours, ...fragments, ...output],
      // In a group of its own, for Ctrl-C is not meant for it: it ends when its input does.
      { stdio: ['pipe', 'ignore', 'pipe'], detached: true, windowsHide: true },
    );
    return new FilmFile(filePath, partial, ffmpeg, child);
  }

  /**
   * Appends a picture, width × height × 3 bytes. It is on its way when this resolves, and must not be changed before
   * another call has resolved: with two buffers in turn, one is filled while the other is encoded.
   *
   * @throws DiskFullError, WriteFailedError, FilmEncodingError
   */
  async write(frame: Uint8Array): Promise<void> {
    await this.#flushed;
    const { stdin } = this.#child;
    if (stdin === null || !stdin.writable) throw await this.#failure();
    this.#isEmpty = false;
    this.#flushed = new Promise((resolve, reject) => {
      stdin.write(frame, (error) => (error ? this.#failure().then(reject) : resolve()));
    });
    // Awaited by the next call; until then nobody is to be told that it was not handled.
    this.#flushed.catch(() => undefined);
  }

  /** Ends the film and gives it its name. @throws as `write` does */
  async finish(): Promise<void> {
    await this.#flushed;
    this.#child.stdin?.end();
    if ((await this.#exit) !== 0) throw await this.#failure();
    const temporary = `${this.path}.tmp`;
    try {
      await runFfmpeg(this.#program, ['-i', this.partialPath, '-c', 'copy', ...FAST_START, '-f', 'mp4', temporary]);
      syncFile(temporary);
      fs.renameSync(temporary, this.path);
      syncFolder(path.dirname(this.path));
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error instanceof FfmpegFailure ? this.#explain(error.message) : writeFailure(error, this.path);
    }
    fs.rmSync(this.partialPath, { force: true });
  }

  /** Ends the film where it is. What was filmed stays under `partialPath`; a file without any picture is removed. */
  async abandon(): Promise<void> {
    await this.#flushed.catch(() => undefined);
    this.#child.stdin?.end();
    await this.#exit;
    const isNothing = this.#isEmpty || (fs.existsSync(this.partialPath) && fs.statSync(this.partialPath).size === 0);
    if (isNothing) fs.rmSync(this.partialPath, { force: true });
  }

  async #failure(): Promise<TorcsPilotError> {
    this.#child.stdin?.destroy();
    const status = await this.#exit;
    return this.#explain(this.#errors.trim() === '' ? `ffmpeg ended with status ${status}` : this.#errors.trim());
  }

  #explain(reason: string): TorcsPilotError {
    const kept = `what was filmed so far stays playable in ${this.partialPath}`;
    if (/No space left|Disk quota exceeded/i.test(reason)) {
      return new DiskFullError(`Expected space on the disk to write ${this.path}, got none; ${kept}`);
    }
    const cause = /Permission denied|Input\/output error|File too large|Read-only file system/i.exec(reason)?.[0];
    if (cause !== undefined) return new WriteFailedError(`Expected to write ${this.path}, got ${cause}; ${kept}`);
    return new FilmEncodingError(`Expected ffmpeg (${this.#program}) to write ${this.path}, got ${reason}; ${kept}`);
  }
}

const FAST_START = ['-movflags', '+faststart', '-fflags', '+bitexact', '-map_metadata', '-1'];

/** What ffmpeg said when it ended with an error. */
export class FfmpegFailure extends Error {}

/** Runs ffmpeg to its end. @throws FfmpegFailure */
export async function runFfmpeg(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, ['-hide_banner', '-v', 'error', '-y', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    windowsHide: true,
  });
  let errors = '';
  child.stderr.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-LONGEST_ERROR);
  });
  const status = await endOf(child, (message) => {
    errors += message;
  });
  if (status !== 0)
    throw new FfmpegFailure(errors.trim() === '' ? `ffmpeg ended with status ${status}` : errors.trim());
}

function endOf(child: ChildProcess, onError: (message: string) => void): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', (error) => {
      onError(error.message);
      resolve(null);
    });
  });
}

/** `drive.mp4` is `drive.partial.mp4` while it is filmed: players know it by its ending. */
function partialPathOf(filePath: string): string {
  const { dir, name } = path.parse(filePath);
  return path.join(dir, `${name}.partial.mp4`);
}

/** Told before anything is driven. */
function requireWritable(filePath: string, partial: string): void {
  try {
    makeFolder(path.dirname(filePath));
    if (fs.existsSync(filePath) && !fs.statSync(filePath).isFile()) throw new Error('something that is no file');
    fs.closeSync(fs.openSync(partial, 'w'));
  } catch (error) {
    throw writeFailure(error, filePath);
  }
}

function syncFile(file: string): void {
  const descriptor = fs.openSync(file, 'r+');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
