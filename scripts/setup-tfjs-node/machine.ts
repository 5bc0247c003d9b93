import { spawn } from 'node:child_process';

/** How a program ended. */
export interface ProgramResult {
  /** `exit` by itself, `time-limit` and `interrupted` by us, `missing` when there is no such program. */
  readonly ending: 'exit' | 'time-limit' | 'interrupted' | 'missing';
  /** Exit code; null unless it ended by itself, and when a signal ended it. */
  readonly code: number | null;
  /** The end of what it printed, both streams as they came. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
}

export interface RunOptions {
  readonly workingFolder: string;
  readonly timeLimitS: number;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The machine as this setup sees it. Tests pass one of their own. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Node's name of the processor, such as `x64`. */
  readonly architecture: string;
  /** The program `node` that runs this setup. */
  readonly nodePath: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a process of this number runs. */
  readonly isRunning: (processId: number) => boolean;
  /** Runs a program to its end, with all that it starts. Never throws for one that fails. */
  readonly run: (command: string, args: readonly string[], options: RunOptions) => Promise<ProgramResult>;
}

const LONGEST_OUTPUT = 256 * 1024;

function run(command: string, args: readonly string[], options: RunOptions): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let ending: ProgramResult['ending'] = 'exit';
    let output = '';
    let stdout = '';
    const keep = (text: string, chunk: Buffer) => (text + chunk.toString('utf8')).slice(-LONGEST_OUTPUT);
    // A group of its own: an install script starts programs that start programs, and all of them have to stop.
    const ownGroup = process.platform !== 'win32';
    const child = spawn(command, [...args], {
      cwd: options.workingFolder,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: ownGroup,
    });
    const stop = (why: 'time-limit' | 'interrupted') => {
      if (child.pid === undefined) return;
      ending = why;
      if (ownGroup) killGroup(child.pid);
      else child.kill('SIGKILL');
    };
    const interrupt = () => stop('interrupted');
    const timer = setTimeout(() => stop('time-limit'), options.timeLimitS * 1000);
    const finish = (result: ProgramResult) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', interrupt);
      resolve(result);
    };
    options.signal?.addEventListener('abort', interrupt);
    if (options.signal?.aborted) interrupt();
    child.stdout.on('data', (chunk: Buffer) => {
      stdout = keep(stdout, chunk);
      output = keep(output, chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output = keep(output, chunk);
    });
    child.on('error', (error) => finish({ ending: 'missing', code: null, output: error.message, stdout: '' }));
    child.on('close', (code) => finish({ ending, code: ending === 'exit' ? code : null, output, stdout }));
  });
}

/** Also when its first process is gone: what that one started still holds our pipes. */
function killGroup(processId: number): void {
  try {
    process.kill(-processId, 'SIGKILL');
  } catch (error) {
    // ESRCH: all of them are gone.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    architecture: process.arch,
    nodePath: process.execPath,
    environment: process.env,
    isRunning,
    run,
  };
}

/** How a program ended, with the last lines that it printed, for an error message. */
export function describeEnding(result: ProgramResult, timeLimitS: number): string {
  const endings = {
    exit: result.code === null ? 'was ended by a signal' : `exited with ${result.code}`,
    'time-limit': `was stopped after ${timeLimitS} s`,
    interrupted: 'was interrupted',
    missing: 'is not there',
  } as const;
  const lines = result.output.split(/[\r\n]+/).map((line) => line.trimEnd());
  const last = lines.filter((line) => line !== '').slice(-8);
  return [endings[result.ending], ...last].join('\n  ');
}
