import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { runOrThrow, type TorcsHost } from '../installation/host.ts';
import type { TorcsHeaders } from './headers.ts';
import type { RobotSources } from './robot-sources.ts';

/** Flags for our own files; they are part of a build's fingerprint. */
export const COMPILER_FLAGS = ['-O2', '-std=c++17', '-Wall', '-Wextra'] as const;

export interface CompileOptions {
  readonly host: TorcsHost;
  readonly sources: RobotSources;
  readonly headers: TorcsHeaders;
  /** The installed game's library folder; its libraries are linked with. */
  readonly libraryFolder: string;
  /** An empty folder that takes object files. */
  readonly workFolder: string;
  readonly robotPath: string;
  readonly runnerPath: string;
  readonly signal?: AbortSignal | undefined;
}

const WHAT_TO_DO =
  'Run `npx torcs-pilot torcs setup` again; if it fails the same way, report these lines with the output of ' +
  '`g++ --version`.';

/** TORCS' headers as system headers, so that the only warnings are those of our own files. */
function includeFlags(headers: TorcsHeaders, workFolder: string): string[] {
  const source = join(headers.folder, 'src');
  const includes = join(workFolder, 'include');
  mkdirSync(includes, { recursive: true });
  // The game's sources include the folder `libs/math` by its installed name, `tmath`.
  symlinkSync(join(source, 'libs', 'math'), join(includes, 'tmath'));
  const libraries = readdirSync(join(source, 'libs')).map((name) => join(source, 'libs', name));
  return [join(source, 'interfaces'), includes, ...libraries, join(source, 'linux')].flatMap((folder) => [
    '-isystem',
    folder,
  ]);
}

/**
 * Compiles robot and runner, both at once.
 * @returns the compiler's warnings about our own files, empty when there are none
 * @throws TorcsCommandError when the compiler refuses
 */
export async function compileRobotAndRunner(options: CompileOptions): Promise<string> {
  const { host, sources, headers, workFolder, signal } = options;
  const includes = includeFlags(headers, workFolder);
  const gameLibraries = join(options.libraryFolder, 'lib');
  const paths = (names: readonly string[]) => names.map((name) => join(sources.folder, name));
  const libraries = (names: readonly string[]) => names.map((name) => `-l${name}`);
  const compile = (purpose: string, args: readonly string[]) =>
    runOrThrow(host, 'g++', args, { purpose, whatToDo: WHAT_TO_DO, workingFolder: workFolder, signal });

  /** The game's own files among the sources: their warnings are not ours to mend. */
  const compileGameSources = async (target: string, names: readonly string[]) => {
    const objects = names.map((name) => join(workFolder, `${target}-${basename(name, extname(name))}.o`));
    for (const [index, name] of names.entries()) {
      const source = join(headers.folder, 'src', name);
      const args = ['-O2', '-std=c++17', '-w', '-fPIC', '-c', ...includes, source, '-o', objects[index]!];
      await compile(`compile the game's ${name}`, args);
    }
    return objects;
  };

  const buildRobot = async () =>
    compile('compile the robot', [
      ...COMPILER_FLAGS,
      ...['-fPIC', '-shared', ...includes, ...paths(sources.robot.sources)],
      ...(await compileGameSources('robot', sources.robot.torcsSources)),
      ...['-o', options.robotPath, `-L${gameLibraries}`, ...libraries(sources.robot.libraries)],
    ]);

  const buildRunner = async () =>
    compile('compile the runner', [
      ...COMPILER_FLAGS,
      // The game's modules find functions of the runner (its stand-ins for GLUT) through its dynamic symbols.
      ...['-rdynamic', ...includes, ...paths(sources.runner.sources)],
      ...(await compileGameSources('runner', sources.runner.torcsSources)),
      ...['-o', options.runnerPath, `-L${gameLibraries}`, ...libraries(sources.runner.libraries)],
      // The game's libraries find each other only by a path that the whole process has: DT_RPATH, not DT_RUNPATH.
      ...[`-Wl,--disable-new-dtags,-rpath,${gameLibraries}`, '-Wl,--allow-shlib-undefined'],
    ]);

  // Both are awaited even if one fails: no compiler is left at work in a folder that goes.
  const results = await Promise.allSettled([buildRobot(), buildRunner()]);
  return results
    .map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value.stderr;
    })
    .join('')
    .trim();
}
