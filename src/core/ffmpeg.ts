import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { TorcsPilotError } from './errors.ts';

const run = promisify(execFile);

/** No ffmpeg that is found can encode what is asked for. */
export class FfmpegMissingError extends TorcsPilotError {
  constructor(message: string) {
    super('ERR_FFMPEG_MISSING', message);
  }
}

/** Where ffmpeg is looked for; tests pass their own. */
export interface FfmpegSources {
  /** Folders with programs, as `PATH` holds them. */
  readonly searchPath: string;
  /** The program that npm brings for this platform; undefined where it has none. */
  readonly packaged: () => Promise<string | undefined>;
}

const machine: FfmpegSources = {
  get searchPath() {
    return process.env['PATH'] ?? '';
  },
  async packaged() {
    try {
      return (await import('@ffmpeg-installer/ffmpeg')).default.path;
    } catch {
      // The package throws when it is loaded where it has no program.
      return undefined;
    }
  },
};

/**
 * Path of an ffmpeg that has the given encoders: the system's where there is one, else that of npm's
 * `@ffmpeg-installer/ffmpeg`.
 *
 * @param encoders by ffmpeg's own names, such as `libx264`
 * @throws FfmpegMissingError when none has them
 */
export async function findFfmpeg(encoders: readonly string[], sources: FfmpegSources = machine): Promise<string> {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const folders = sources.searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const installed = folders.map((folder) => path.join(folder, name)).filter((file) => fs.existsSync(file));
  const packaged = await sources.packaged();
  const candidates = [...new Set([...installed, ...(packaged === undefined ? [] : [packaged])])];
  for (const program of candidates) {
    const known = await encodersOf(program);
    if (encoders.every((encoder) => known.has(encoder))) return program;
  }
  const found = candidates.length === 0 ? 'none' : `${candidates.join(', ')} without`;
  throw new FfmpegMissingError(
    `Expected an ffmpeg with ${encoders.join(' and ')} on the PATH or from npm, got ${found}; install ffmpeg (Debian: apt install ffmpeg), or run npm install`,
  );
}

/** Names of a program's encoders; none when it does not run. */
async function encodersOf(program: string): Promise<ReadonlySet<string>> {
  try {
    const { stdout } = await run(program, ['-hide_banner', '-encoders'], { maxBuffer: 1 << 24, windowsHide: true });
    return new Set([...stdout.matchAll(/^ [A-Z.]{6} (\S+)/gm)].map(([, encoder]) => encoder!));
  } catch {
    return new Set();
  }
}
