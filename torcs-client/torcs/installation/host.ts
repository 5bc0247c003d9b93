import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TorcsCommandError } from './errors.ts';

/** What a program left behind. */
export interface CommandResult {
  /** Exit code; null when a signal ended the program or when there is no such program. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly workingFolder?: string;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Let the program finish its work even if this process is killed. Default false: it dies with us. */
  readonly outlivesUs?: boolean;
  /** Ends the program when it is aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end. Never throws for a program that fails: the caller reads `code`. */
export type RunCommand = (command: string, args: readonly string[], options?: CommandOptions) => Promise<CommandResult>;

/** The machine as the setup of TORCS sees it. Tests pass one of their own. */
export interface TorcsHost {
  readonly platform: NodeJS.Platform;
  /** Node's name of the processor, such as `x64`. */
  readonly architecture: string;
  /** The numeric user; 0 is root. */
  readonly userId: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder in which the system's files lie: `/` but in tests. */
  readonly fileRoot: string;
  readonly run: RunCommand;
}

const LONGEST_OUTPUT = 4 * 1024 * 1024;

/** Keeps the end of an output, so that a program that prints without end does not fill the memory. */
function collector(): { add(chunk: Buffer): void; text(): string } {
  let text = '';
  return {
    add(chunk) {
      text += chunk.toString('utf8');
      if (text.length > LONGEST_OUTPUT) text = text.slice(-LONGEST_OUTPUT / 2);
    },
    text: () => text,
  };
}

/**
 * Runs a real program. On Linux it is started through util-linux' `setpriv --pdeathsig`, so that a setup killed with
 * SIGKILL leaves no download or compiler behind that a second setup would trip over.
 */
export const runCommand: RunCommand = (command, args, options = {}) =>
  new Promise((resolve) => {
    const tied = process.platform === 'linux' && options.outlivesUs !== true;
    const [program, programArgs] = tied
      ? ['setpriv', ['--pdeathsig', 'KILL', '--', command, ...args]]
      : [command, [...args]];
    const child = spawn(program, programArgs, {
      cwd: options.workingFolder,
      // Messages are read by us and shown to people: one language for both.
      env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
    });
    const stdout = collector();
    const stderr = collector();
    child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));
    child.on('error', (error) => resolve({ code: null, stdout: '', stderr: error.message }));
    child.on('close', (code) => resolve({ code, stdout: stdout.text(), stderr: stderr.text() }));
  });

/** This machine. */
export function systemHost(): TorcsHost {
  return {
    platform: process.platform,
    architecture: process.arch,
    userId: process.getuid?.() ?? -1,
    environment: process.env,
    fileRoot: '/',
    run: runCommand,
  };
}

/**
 * The folder in which torcs-pilot keeps what it builds: `$TORCS_PILOT_CACHE`, else `$XDG_CACHE_HOME/torcs-pilot`, else
 * `~/.cache/torcs-pilot` (the XDG base directory specification's place for what can be made again).
 */
export function defaultCacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const own = environment['TORCS_PILOT_CACHE'];
  if (own !== undefined && own !== '') return own;
  const cache = environment['XDG_CACHE_HOME'];
  if (cache?.startsWith('/')) return join(cache, 'torcs-pilot');
  return join(environment['HOME'] ?? homedir(), '.cache', 'torcs-pilot');
}

/** The last lines that a program printed, for an error message. */
export function lastLines(result: CommandResult, count = 8): string {
  const lines = `${result.stdout}\n${result.stderr}`
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines.slice(-count).join('\n');
}

/** The command as a person would type it. */
export function commandLine(command: string, args: readonly string[]): string {
  const quote = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  return [command, ...args].map(quote).join(' ');
}

/**
 * Runs a program that must succeed.
 * @param purpose what it is for, as in "Could not {purpose}"
 * @param whatToDo the sentence that ends the message
 * @throws TorcsCommandError when it does not exit with 0
 */
export async function runOrThrow(
  host: TorcsHost,
  command: string,
  args: readonly string[],
  options: CommandOptions & { readonly purpose: string; readonly whatToDo: string },
): Promise<CommandResult> {
  const result = await host.run(command, args, options);
  if (result.code === 0) return result;
  const ending = result.code === null ? 'did not run to its end' : `exited with ${result.code}`;
  throw new TorcsCommandError(
    `Could not ${options.purpose}: ${commandLine(command, args)} ${ending}.\n${lastLines(result)}\n${options.whatToDo}`,
  );
}
