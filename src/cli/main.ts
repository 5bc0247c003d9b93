import { InvalidArgumentError, nearestName, UsageError } from '../core/index.ts';
import { type Command, type CommandContext, commonFlags, parseCommandLine, quote } from './command.ts';
import { commands } from './commands/index.ts';
import { describeFailure } from './failure.ts';
import { commandHelp, programHelp } from './help.ts';
import { programVersion } from './version.ts';

/** Where the program reads and writes; tests pass their own. */
export interface ProgramStreams {
  /** `columns`: of the terminal, if it is one. */
  readonly output: { write(text: string): unknown; readonly columns?: number };
  readonly error: { write(text: string): unknown; readonly isTTY?: boolean };
}

const EXIT_DONE = 0;
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;
/** npm and npx pass on the Ctrl-C that the terminal has sent already: signals this close together are one. */
const ONE_PRESS_MS = 500;
const interruptions = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs one command line.
 *
 * @param words what follows the program's name
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted
 */
export async function main(words: readonly string[], streams: ProgramStreams = standardStreams()): Promise<number> {
  const interruption = new AbortController();
  let impatientMs = Number.POSITIVE_INFINITY;
  const interrupt = () => {
    // The second Ctrl-C means now: the children see the closed pipe and end themselves.
    if (performance.now() >= impatientMs) process.exit(EXIT_INTERRUPTED);
    if (interruption.signal.aborted) return;
    impatientMs = performance.now() + ONE_PRESS_MS;
    interruption.abort();
  };
  for (const name of interruptions) process.on(name, interrupt);
  try {
    return await runCommandLine(words, streams, interruption.signal);
  } catch (error) {
    reportError(error, words, streams);
    if (interruption.signal.aborted) return EXIT_INTERRUPTED;
    // What only the library can judge (a track's name, a start beyond the lap) came from the command line too.
    return error instanceof UsageError || error instanceof InvalidArgumentError ? EXIT_USAGE : EXIT_FAILED;
  } finally {
    for (const name of interruptions) process.off(name, interrupt);
  }
}

async function runCommandLine(words: readonly string[], streams: ProgramStreams, signal: AbortSignal): Promise<number> {
  const [name, ...rest] = words;
  const { columns } = streams.output;
  if (name === '--version') {
    streams.output.write(`${programVersion()}\n`);
    return EXIT_DONE;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    const [topic] = rest;
    const isCommand = topic !== undefined && !topic.startsWith('-');
    streams.output.write(`${isCommand ? commandHelp(findCommand(topic), columns) : programHelp(commands, columns)}\n`);
    return name === undefined ? EXIT_USAGE : EXIT_DONE;
  }
  if (name.startsWith('-')) {
    throw new UsageError(`Expected a command before the flags, such as \`demo\`, got ${quote(name)}; see --help`);
  }
  const command = findCommand(name);
  const { flags, positionals, given } = parseHelpFirst(command, rest);
  if (flags.help) {
    streams.output.write(`${commandHelp(command, columns)}\n`);
    return EXIT_DONE;
  }
  if (positionals.length > 0 && command.positionals === undefined) {
    throw new UsageError(`Expected flags only after \`${command.name}\`, got ${quote(positionals[0] ?? '')}`);
  }
  const context: CommandContext = {
    log: (line) => void streams.error.write(`${line}\n`),
    write: (text) => void streams.error.write(text),
    print: (line) => {
      if (!flags.json) streams.output.write(`${line}\n`);
    },
    signal,
    interactive: streams.error.isTTY === true,
    positionals,
    given,
  };
  const result = await command.run(flags, context);
  if (flags.json) streams.output.write(`${JSON.stringify(result)}\n`);
  return signal.aborted ? EXIT_INTERRUPTED : result['ok'] === false ? EXIT_FAILED : EXIT_DONE;
}

/** `--help` wins over whatever else is wrong or missing. */
function parseHelpFirst(command: Command, words: readonly string[]) {
  const flags = { ...command.flags, ...commonFlags };
  if (!words.includes('--help')) return parseCommandLine(flags, words);
  return { flags: { help: true, json: false, seed: 0 }, positionals: [], given: new Set<string>() };
}

function findCommand(name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const nearest = nearestName(
    name,
    commands.map((candidate) => candidate.name),
  );
  throw new UsageError(
    `Expected one of the commands that --help lists, got ${quote(name)}` +
      (nearest === undefined ? '' : `. Did you mean ${nearest}?`),
  );
}

function reportError(error: unknown, words: readonly string[], streams: ProgramStreams): void {
  const { code, message } = describeFailure(error);
  streams.error.write(`torcs-pilot: ${message} (${code})\n`);
  if (process.env['DEBUG'] !== undefined && error instanceof Error) streams.error.write(`${error.stack}\n`);
  if (words.includes('--json')) streams.output.write(`${JSON.stringify({ ok: false, error: { code, message } })}\n`);
}

/** A reader that has seen enough (`| head -1`) stops the text, not the work: a drive is still recorded to its end. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function standardStreams(): ProgramStreams {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners('error').includes(ignoreClosedPipe)) stream.on('error', ignoreClosedPipe);
  }
  return { output: process.stdout, error: process.stderr };
}
