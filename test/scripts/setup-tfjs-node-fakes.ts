import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Machine, ProgramResult, RunOptions } from '../../scripts/setup-tfjs-node/machine.ts';

/** A machine made up for a test: its `node_modules`, and what each program does there. */
export interface FakeMachine {
  readonly machine: Machine;
  readonly modulesFolder: string;
  readonly packageFolder: string;
  /** Every program that was run, as one line each. */
  readonly commands: string[];
  /** The time limit that each of these lines got, in seconds. */
  readonly limits: number[];
  /** What pip and npm were told, by the name of the file. */
  readonly given: Map<string, string>;
  /** What the package's own install script does after it has written half of its files. */
  ownScript: 'works' | 'fails' | 'takes-too-long';
  /** What the compiler's output is worth. */
  compiled: 'good' | 'broken';
  /** Makes a program fail or do something else: return undefined to leave it as it is. */
  intervene: (line: string) => ProgramResult | undefined;
}

export const ended = (code: number, output = ''): ProgramResult => ({ ending: 'exit', code, output, stdout: output });
export const missing: ProgramResult = { ending: 'missing', code: null, output: 'ENOENT', stdout: '' };

export function temporaryFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'torcs-pilot-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Every file below a folder with its content. */
export function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const BINDING = 'lib/napi-v8/tfjs_binding.node';

/** Writes a native library into a package; only one with both parts and a good binding loads. */
export function writeNative(folder: string, library: string, binding: string): void {
  write(join(folder, `deps/lib/${library}`), 'library');
  write(join(folder, BINDING), binding);
}

/** Linux on x64 with the npm package, its tools and the registries in reach; the own install script fails. */
export function fakeMachine(
  t: ExecutionContext,
  system: { readonly platform?: NodeJS.Platform; readonly architecture?: string } = {},
): FakeMachine {
  const modulesFolder = join(temporaryFolder(t), 'node_modules');
  const packageFolder = join(modulesFolder, '@tensorflow', 'tfjs-node');
  write(join(packageFolder, 'package.json'), '{"name":"@tensorflow/tfjs-node"}');
  write(join(packageFolder, 'binding/tfjs_binding.cc'), 'source');
  write(join(packageFolder, 'binding/utils.h'), 'header');
  write(join(packageFolder, 'scripts/install.js'), 'install');

  const probe = (folder: string): ProgramResult => {
    if (!existsSync(join(folder, BINDING))) return ended(1, `Error: no binding in ${folder}`);
    if (readFileSync(join(folder, BINDING), 'utf8') !== 'good') return ended(1, 'Error: undefined symbol');
    if (!existsSync(join(folder, 'deps/lib'))) return ended(1, 'Error: no library');
    return ended(0, 'a notice\n{"backend":"tensorflow","tensorflow":"2.15.1","product":[3,3,3,3]}\n');
  };
  const ownScript = (folder: string): ProgramResult => {
    write(join(folder, 'package.json'), '{"rewritten":true}');
    write(join(folder, 'deps/half-written'), '');
    if (fake.ownScript === 'fails') return ended(1, 'Error: getaddrinfo ENOTFOUND');
    if (fake.ownScript === 'takes-too-long') return { ending: 'time-limit', code: null, output: '', stdout: '' };
    writeNative(folder, 'libtensorflow.so.2', 'good');
    return ended(0);
  };
  const after = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1] ?? '';
  const perform = (command: string, args: readonly string[], folder: string): ProgramResult => {
    if (command === '/node' && args[0] === '--eval') return probe(args[2] ?? '');
    if (command === '/node' && args[0] === join('scripts', 'install.js')) return ownScript(folder);
    if (args.at(-1) === '--version') return ended(0, '12.2.0');
    if (command === 'python3' && args.includes('download')) {
      fake.given.set('requirements.txt', readFileSync(after(args, '--requirement'), 'utf8'));
      write(join(after(args, '--dest'), 'tensorflow.whl'), 'wheel');
      return ended(0);
    }
    if (command === 'npm' && args[0] === 'ci') {
      const prefix = after(args, '--prefix');
      for (const name of ['package.json', 'package-lock.json']) {
        fake.given.set(name, readFileSync(join(prefix, name), 'utf8'));
      }
      write(join(prefix, 'node_modules/node-api-headers/include/node_api.h'), '');
      return ended(0);
    }
    if (command === 'python3' && args[0]?.endsWith('unpack-wheel.py')) {
      if (!existsSync(args[1] ?? '')) return ended(1, 'no such wheel');
      write(join(args[2] ?? '', 'libtensorflow_cc.so.2'), 'library');
      write(join(args[3] ?? '', 'tensorflow/c/c_api.h'), '');
      return ended(0);
    }
    if (command === 'g++') {
      write(after(args, '-o'), fake.compiled);
      return ended(0);
    }
    return missing;
  };

  const fake: FakeMachine = {
    ...{
      modulesFolder,
      packageFolder,
      commands: [],
      limits: [],
      given: new Map(),
      ownScript: 'fails',
      compiled: 'good',
    },
    intervene: () => undefined,
    machine: {
      platform: system.platform ?? 'linux',
      architecture: system.architecture ?? 'x64',
      nodePath: '/node',
      environment: {},
      isRunning: (processId) => processId === 222,
      run: async (command: string, args: readonly string[], options: RunOptions) => {
        const line = [command, ...args].join(' ');
        fake.commands.push(line);
        fake.limits.push(options.timeLimitS);
        return fake.intervene(line) ?? perform(command, args, options.workingFolder);
      },
    },
  };
  return fake;
}
