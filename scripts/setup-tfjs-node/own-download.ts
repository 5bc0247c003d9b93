import { delimiter, join } from 'node:path';
import { TfjsNodeSetupError } from './errors.ts';
import { describeEnding, type Machine } from './machine.ts';

/**
 * Runs the package's own install script in a copy of the package: it downloads TensorFlow's C library and a binding
 * built for it. It deletes and writes as it goes and even rewrites `package.json`, hence the copy.
 *
 * @throws TfjsNodeSetupError `ERR_TFJS_NODE_DOWNLOAD` when it fails or takes too long
 */
export async function runOwnDownload(options: {
  readonly machine: Machine;
  /** A copy of the package without `deps` and `lib`; both are written into it. */
  readonly copyFolder: string;
  readonly modulesFolder: string;
  readonly timeLimitS: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<void> {
  const { machine, copyFolder, timeLimitS, signal } = options;
  const programs = [join(copyFolder, 'node_modules', '.bin'), join(options.modulesFolder, '.bin')];
  const result = await machine.run(machine.nodePath, [join('scripts', 'install.js')], {
    workingFolder: copyFolder,
    timeLimitS,
    // As npm does it: the script calls node-pre-gyp by its name.
    environment: { PATH: [...programs, machine.environment['PATH'] ?? ''].join(delimiter) },
    signal,
  });
  if (result.code === 0) return;
  throw new TfjsNodeSetupError(
    'ERR_TFJS_NODE_DOWNLOAD',
    `The package's own install script ${describeEnding(result, timeLimitS)}`,
  );
}
