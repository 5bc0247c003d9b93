import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseIfInterrupted, TfjsNodeSetupError } from './errors.ts';
import { describeEnding, type Machine } from './machine.ts';
import { NODE_API_HEADERS, TENSORFLOW, writeHeadersPackage, writeWheelRequirement } from './pinned-packages.ts';

/** Node-API's version that the binding is compiled for; every Node from 12.22 on has it. */
const NODE_API_VERSION = 8;
const UNPACKER = fileURLToPath(new URL('unpack-wheel.py', import.meta.url));

export interface BuildOptions {
  readonly machine: Machine;
  /** A copy of the package without `deps` and `lib`; both are written into it. */
  readonly copyFolder: string;
  /** A folder for what is needed on the way. */
  readonly workFolder: string;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** One program that must succeed. */
interface Step {
  readonly code: TfjsNodeSetupError['code'];
  /** As in "Could not {purpose}". */
  readonly purpose: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly timeLimitS: number;
  readonly whatToDo: string;
}

/**
 * Builds the native library from what package registries have: the binding's C++ source is in the npm package,
 * TensorFlow's C library and its headers are in its wheel, Node-API's headers are an npm package. The packages' digests
 * are checked.
 *
 * @throws TfjsNodeSetupError when the system cannot do it, a tool is missing, a package cannot be had, or the compiler
 *   refuses
 */
export async function buildFromPackages(options: BuildOptions): Promise<void> {
  const { machine, copyFolder, workFolder, log, signal } = options;
  if (machine.platform !== 'linux' || machine.architecture !== 'x64') {
    throw new TfjsNodeSetupError(
      'ERR_TFJS_NODE_UNSUPPORTED_SYSTEM',
      `Expected Linux on x64 to build the native library from packages, got ${machine.platform} on ` +
        `${machine.architecture}. Here only the package's own download can give it (\`--from download\`, on a machine ` +
        'that reaches it). torcs-pilot runs without: use `--backend compiled`.',
    );
  }
  const perform = async ({ code, purpose, program, args, timeLimitS, whatToDo }: Step) => {
    const result = await machine.run(program, args, { workingFolder: workFolder, timeLimitS, signal });
    refuseIfInterrupted(signal);
    if (result.code === 0) return;
    const ending = describeEnding(result, timeLimitS);
    throw new TfjsNodeSetupError(code, `Could not ${purpose}: ${program} ${ending}\n${whatToDo}`);
  };
  const compiler = machine.environment['CXX'] ?? 'g++';
  const headersFolder = join(workFolder, 'node-api');
  const includeFolder = join(workFolder, 'include');
  const wheelFolder = join(workFolder, 'wheel');
  const libraryFolder = join(copyFolder, 'deps', 'lib');
  const bindingFolder = join(copyFolder, 'lib', `napi-v${NODE_API_VERSION}`);

  await perform({
    code: 'ERR_TFJS_NODE_NO_COMPILER',
    purpose: 'find a C++ compiler',
    program: compiler,
    args: ['--version'],
    timeLimitS: 60,
    whatToDo: 'Install one (Debian, Ubuntu: `apt-get install g++`), or name yours in the environment variable CXX.',
  });
  await perform({
    code: 'ERR_TFJS_NODE_NO_PIP',
    purpose: "find pip, which fetches TensorFlow's wheel",
    program: 'python3',
    args: ['-m', 'pip', '--version'],
    timeLimitS: 60,
    whatToDo: 'Install it (Debian, Ubuntu: `apt-get install python3-pip`).',
  });

  log(`fetching ${TENSORFLOW.name} ${TENSORFLOW.version} with pip (a wheel of 207 MB)`);
  await perform({
    code: 'ERR_TFJS_NODE_FETCH',
    purpose: "fetch TensorFlow's wheel",
    program: 'python3',
    args: ['-m', 'pip', ...pipDownload(writeWheelRequirement(workFolder), wheelFolder)],
    timeLimitS: 1800,
    whatToDo: 'See that this machine reaches PyPI, or a mirror that pip is set up for (`pip config list`); try again.',
  });

  log(`fetching node-api-headers ${NODE_API_HEADERS.version} with npm`);
  writeHeadersPackage(headersFolder);
  await perform({
    code: 'ERR_TFJS_NODE_FETCH',
    purpose: "fetch Node-API's headers",
    program: 'npm',
    args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', headersFolder],
    timeLimitS: 600,
    whatToDo: "See that this machine reaches npm's registry, or a mirror (`npm config get registry`); try again.",
  });

  log("unpacking TensorFlow's C library");
  await perform({
    code: 'ERR_TFJS_NODE_BUILD',
    purpose: "unpack TensorFlow's wheel",
    program: 'python3',
    args: [UNPACKER, join(wheelFolder, readdirSync(wheelFolder)[0] ?? 'none.whl'), libraryFolder, includeFolder],
    timeLimitS: 600,
    whatToDo: 'It takes 0.9 GB of disk while it works, and 0.6 GB in the end; free some if that is lacking; try again.',
  });

  log(`compiling the binding with ${compiler}`);
  mkdirSync(bindingFolder, { recursive: true });
  const sources = readdirSync(join(copyFolder, 'binding')).filter((name) => name.endsWith('.cc'));
  await perform({
    code: 'ERR_TFJS_NODE_BUILD',
    purpose: 'compile the binding',
    program: compiler,
    args: [
      ...['-O2', '-fPIC', '-shared', '-std=c++17', '-w', `-DNAPI_VERSION=${NODE_API_VERSION}`],
      ...[`-I${includeFolder}`, `-I${join(headersFolder, 'node_modules', 'node-api-headers', 'include')}`],
      ...sources.map((name) => join(copyFolder, 'binding', name)),
      ...['-o', join(bindingFolder, 'tfjs_binding.node'), `-L${libraryFolder}`],
      ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ],
    timeLimitS: 600,
    whatToDo: `Report these lines with the output of \`${compiler} --version\`; it was tried with GCC 12.`,
  });
}

/** The wheel is only unpacked, so the Python here need not be the one that it was made for. */
function pipDownload(requirement: string, wheelFolder: string): string[] {
  return [
    ...['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'],
    ...['--python-version', TENSORFLOW.python, '--implementation', 'cp', '--platform', TENSORFLOW.platform],
    ...['--require-hashes', '--requirement', requirement, '--dest', wheelFolder],
  ];
}
