import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildFromPackages } from './build-from-packages.ts';
import { refuseIfInterrupted, TfjsNodeSetupError } from './errors.ts';
import type { Machine } from './machine.ts';
import { runOwnDownload } from './own-download.ts';
import { probe } from './probe.ts';

/** Where the native library may come from: the package's own download, or packages of the registries. */
export const SOURCES = ['any', 'download', 'packages'] as const;

export interface SetUpTfjsNodeOptions {
  readonly machine: Machine;
  /** The `node_modules` in which the package lies. */
  readonly modulesFolder: string;
  /** `any` tries the download, then the packages. */
  readonly from: (typeof SOURCES)[number];
  /** How long the package's own download may take. */
  readonly downloadLimitS: number;
  readonly processId: number;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What the setup found or did. */
export interface TfjsNodeSetup {
  readonly source: 'present' | 'download' | 'packages';
  /** Version of the native TensorFlow. */
  readonly tensorflow: string;
}

/** The two folders that a native library consists of. `lib` comes last: the package looks there first. */
const NATIVE_FOLDERS = ['deps', 'lib'] as const;
const WORK_PREFIX = '.tfjs-node-setup-';

/**
 * Gives `@tensorflow/tfjs-node` its native library, unless it has one that loads. All work is done in a copy of the
 * package beside it, and moved into place by rename once it loads; whatever fails, the package stays as it was.
 *
 * @throws TfjsNodeSetupError with a stable code; its message says what to do
 */
export async function setUpTfjsNode(options: SetUpTfjsNodeOptions): Promise<TfjsNodeSetup> {
  const { machine, log, signal } = options;
  const linked = join(options.modulesFolder, '@tensorflow', 'tfjs-node');
  if (!existsSync(join(linked, 'package.json'))) {
    throw new TfjsNodeSetupError(
      'ERR_TFJS_NODE_NOT_INSTALLED',
      `Expected the optional dependency @tensorflow/tfjs-node in ${options.modulesFolder}, got none. ` +
        'Run `npm ci` without `--omit=optional`, then this setup again.',
    );
  }
  const packageFolder = realpathSync(linked);
  const before = await probe(machine, packageFolder, signal);
  refuseIfInterrupted(signal);
  if (before.loads) return { source: 'present', tensorflow: before.tensorflow };

  // Beside the package: there its dependencies are found, and a rename stays on one disk.
  removeLeftovers(machine, dirname(packageFolder));
  const workFolder = mkdtempSync(join(dirname(packageFolder), `${WORK_PREFIX}${options.processId}-`));
  try {
    if (options.from === 'any') {
      try {
        return await setUpFrom('download', packageFolder, workFolder, options);
      } catch (error) {
        if (!(error instanceof TfjsNodeSetupError) || signal?.aborted) throw error;
        log(`${error.message}\nso it is built from packages:`);
      }
    }
    const source = options.from === 'download' ? 'download' : 'packages';
    return await setUpFrom(source, packageFolder, workFolder, options);
  } catch (error) {
    refuseIfInterrupted(signal);
    throw error;
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

async function setUpFrom(
  source: 'download' | 'packages',
  packageFolder: string,
  parentFolder: string,
  options: SetUpTfjsNodeOptions,
): Promise<TfjsNodeSetup> {
  const { machine, log, signal } = options;
  const workFolder = join(parentFolder, source);
  const copyFolder = join(workFolder, 'tfjs-node');
  mkdirSync(workFolder);
  cpSync(packageFolder, copyFolder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => dirname(path) !== packageFolder || !NATIVE_FOLDERS.some((name) => name === basename(path)),
  });
  if (source === 'download') {
    const timeLimitS = options.downloadLimitS;
    log(`trying the package's own download, for at most ${timeLimitS} s (\`--from packages\` skips it)`);
    await runOwnDownload({ machine, copyFolder, modulesFolder: options.modulesFolder, timeLimitS, signal });
  } else {
    await buildFromPackages({ machine, copyFolder, workFolder, log, signal });
  }
  const made = await probe(machine, copyFolder, signal);
  if (!made.loads) {
    const code = source === 'download' ? 'ERR_TFJS_NODE_DOWNLOAD' : 'ERR_TFJS_NODE_LOAD';
    throw new TfjsNodeSetupError(
      code,
      `Expected the native library from ${source} to load, but ${made.reason}\n` +
        'It needs glibc and a processor with AVX. torcs-pilot runs without it: use `--backend compiled`.',
    );
  }
  refuseIfInterrupted(signal);
  moveIntoPlace(copyFolder, packageFolder, join(workFolder, 'replaced'));
  return { source, tensorflow: made.tensorflow };
}

/** `lib` leaves first and comes last: whoever loads the package meanwhile finds a whole library, or none. */
function moveIntoPlace(copyFolder: string, packageFolder: string, replacedFolder: string): void {
  mkdirSync(replacedFolder);
  for (const name of [...NATIVE_FOLDERS].reverse()) {
    if (existsSync(join(packageFolder, name))) renameSync(join(packageFolder, name), join(replacedFolder, name));
  }
  for (const name of NATIVE_FOLDERS) renameSync(join(copyFolder, name), join(packageFolder, name));
}

/** What setups that were killed left behind. */
function removeLeftovers(machine: Machine, folder: string): void {
  for (const name of readdirSync(folder)) {
    const processId = name.startsWith(WORK_PREFIX) ? Number.parseInt(name.slice(WORK_PREFIX.length), 10) : Number.NaN;
    if (!Number.isNaN(processId) && !machine.isRunning(processId)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}
