import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { writeFailure } from '../core/errors.ts';
import { findFfmpeg } from '../core/ffmpeg.ts';
import { type FileMark, makeFolder, markFile, syncFolder } from '../core/files.ts';
import { VideoError } from './errors.ts';

let found: Promise<string> | undefined;

/** Looked for once: a recording has many videos. @throws FfmpegMissingError */
function ffmpeg(): Promise<string> {
  found ??= findFfmpeg(['libx264']).catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

export interface VideoFormat {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly fps: number;
}

/**
 * Encodes pictures to H.264 in MP4, at a constant rate, without B-frames and with a key frame every second picture, as
 * LeRobot does so that single pictures can be sought fast. Lossy (constant rate factor 18, chroma at half size).
 */
export class VideoFile {
  readonly #path: string;
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  #errors = '';

  private constructor(filePath: string, child: ChildProcess) {
    this.#path = filePath;
    this.#child = child;
    this.#exit = new Promise((resolve) => {
      child.once('close', resolve);
      child.once('error', (error) => {
        this.#errors += error.message;
        resolve(null);
      });
    });
    child.stderr?.on('data', (text: Buffer) => {
      this.#errors = (this.#errors + text.toString()).slice(-500);
    });
    // A dead ffmpeg is reported by its exit status.
    child.stdin?.on('error', () => undefined);
  }

  /** @throws FfmpegMissingError when there is no ffmpeg with libx264 */
  static async create(filePath: string, format: VideoFormat): Promise<VideoFile> {
    const program = await ffmpeg();
    makeFolder(path.dirname(filePath));
    const input = ['-f', 'rawvideo', '-pix_fmt', format.channels === 1 ? 'gray' : 'rgb24'];
    const size = ['-s', `${format.width}x${format.height}`, '-r', String(format.fps), '-i', 'pipe:0'];
    const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-g', '2', '-bf', '0'];
    const output = ['-pix_fmt', 'yuv420p', '-movflags', '+faststart', '-threads', '1', '-f', 'mp4'];
    const child = spawn(program, ['-v', 'error', '-y', ...input, ...size, ...codec, ...output, `${filePath}.tmp`], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    return new VideoFile(filePath, child);
  }

  async add(pixels: Uint8Array): Promise<void> {
    const stdin = this.#child.stdin;
    if (stdin === null || stdin.write(pixels)) return;
    await Promise.race([once(stdin, 'drain'), this.#exit]);
  }

  async commit(): Promise<FileMark> {
    this.#child.stdin?.end();
    const status = await this.#exit;
    if (status !== 0) {
      const reason = this.#errors.trim();
      if (/No space left/i.test(reason))
        throw writeFailure(Object.assign(new Error(reason), { code: 'ENOSPC' }), this.#path);
      throw new VideoError(`Expected ffmpeg to write ${this.#path}, got status ${status}: ${reason}`);
    }
    const temporary = `${this.#path}.tmp`;
    const mark = await markFile(temporary);
    const descriptor = fs.openSync(temporary, 'r+');
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    fs.renameSync(temporary, this.#path);
    syncFolder(path.dirname(this.#path));
    return mark;
  }

  /** Ends ffmpeg and drops its file; after `commit` it does nothing. */
  async discard(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.#exit;
    fs.rmSync(`${this.#path}.tmp`, { force: true });
  }
}

/**
 * The pictures of a video from `fromS` on, `count` of them, as raw pixels; memory holds a few.
 *
 * @throws {@link VideoError} when fewer come
 */
export async function* readVideo(
  filePath: string,
  format: VideoFormat,
  fromS: number,
  count: number,
): AsyncGenerator<Uint8Array> {
  // Half a picture early: a seek lands on the first picture at or after the given time.
  const seek = Math.max(0, fromS - 0.5 / format.fps).toFixed(6);
  const pixelFormat = format.channels === 1 ? 'gray' : 'rgb24';
  const child = spawn(
    await ffmpeg(),
    ['-v', 'error', '-ss', seek, '-i', filePath, '-frames:v', String(count), '-f', 'rawvideo'].concat([
      '-pix_fmt',
      pixelFormat,
      '-vsync',
      '0',
      'pipe:1',
    ]),
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const exit = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  try {
    const size = format.width * format.height * format.channels;
    let parts: Buffer[] = [];
    let have = 0;
    let given = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      parts.push(chunk);
      have += chunk.length;
      if (have < size) continue;
      let all = Buffer.concat(parts);
      for (; all.length >= size && given < count; given++) {
        yield Uint8Array.prototype.slice.call(all, 0, size);
        all = all.subarray(size);
      }
      parts = [all];
      have = all.length;
    }
    if (given < count) {
      throw new VideoError(`Expected ${count} pictures from ${fromS} s in ${filePath}, got ${given}; verify it`);
    }
  } finally {
    child.kill('SIGKILL');
    await exit;
  }
}
