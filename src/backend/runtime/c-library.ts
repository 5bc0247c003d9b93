import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { KernelFunctions } from '../machine/program-image.ts';
import { type Koffi, loadKoffi, prototype } from './koffi.ts';
import { RuntimeError } from './runtime.ts';

/** Native pointers are opaque to us. */
export type Pointer = unknown;
/** Null when a call succeeded. */
export type Status = Pointer;

const require = createRequire(import.meta.url);

/** The version of the table of functions that is asked for: of ONNX Runtime 1.18; the table only ever grows at its end. */
const API_VERSION = 18;

/**
 * Functions of ONNX Runtime's C API that we call: their places in the table `OrtApi` and their signatures
 * (onnxruntime_c_api.h; places do not change between versions).
 */
const FUNCTIONS = {
  getErrorMessage: [2, 'const char *', 'void *status'],
  createSessionFromArray: [
    8,
    'void *',
    'void *env, const void *model, size_t bytes, void *options, _Out_ void **session',
  ],
  run: [
    9,
    'void *',
    'void *session, void *options, void *inputNames, void *inputs, size_t inputCount, void *outputNames, size_t outputCount, void *outputs',
  ],
  createSessionOptions: [10, 'void *', '_Out_ void **options'],
  enableProfiling: [14, 'void *', 'void *options, const char *prefix'],
  disableMemoryPattern: [17, 'void *', 'void *options'],
  setSessionThreads: [24, 'void *', 'void *options, int count'],
  createOperatorDomain: [26, 'void *', 'const char *name, _Out_ void **domain'],
  addOperator: [27, 'void *', 'void *domain, uint64_t table'],
  addOperatorDomain: [28, 'void *', 'void *options, void *domain'],
  createTensor: [
    49,
    'void *',
    'void *info, uint64_t data, size_t bytes, const int64_t *shape, size_t rank, int type, _Out_ void **value',
  ],
  createCpuMemoryInfo: [69, 'void *', 'int allocator, int memory, _Out_ void **info'],
  freeAllocated: [76, 'void *', 'void *allocator, void *memory'],
  getDefaultAllocator: [78, 'void *', '_Out_ void **allocator'],
  releaseEnvironment: [92, 'void', 'void *env'],
  releaseStatus: [93, 'void', 'void *status'],
  releaseMemoryInfo: [94, 'void', 'void *info'],
  releaseSession: [95, 'void', 'void *session'],
  releaseValue: [96, 'void', 'void *value'],
  releaseSessionOptions: [100, 'void', 'void *options'],
  releaseOperatorDomain: [101, 'void', 'void *domain'],
  endProfiling: [110, 'void *', 'void *session, void *allocator, _Out_ void **file'],
  createEnvironment: [119, 'void *', 'int level, const char *name, void *threading, _Out_ void **env'],
  disableSessionThreads: [120, 'void *', 'void *options'],
  createThreadingOptions: [121, 'void *', '_Out_ void **options'],
  releaseThreadingOptions: [122, 'void', 'void *options'],
  setThreads: [147, 'void *', 'void *threading, int count'],
} as const;

/** Places of functions that are not called from here, but by operators. */
const KERNEL_FUNCTIONS = { getTensorData: 51, getInput: 90, getOutput: 91 } as const;

type FunctionName = keyof typeof FUNCTIONS;
export type OrtFunctions = Readonly<Record<FunctionName, (...values: readonly unknown[]) => unknown>>;

/** ONNX Runtime's library, called directly. */
export class CLibrary {
  readonly version: string;
  readonly functions: OrtFunctions;
  /** Addresses of functions that operators call. */
  readonly kernelFunctions: KernelFunctions;
  readonly koffi: Koffi;
  /** Kept: koffi unloads a library when its object is collected, functions or not. */
  readonly #library: unknown;

  /** @throws RuntimeError when koffi or the library is not there */
  constructor() {
    const koffi = loadKoffi();
    const path = libraryPath();
    const library = koffi.load(path);
    const base = library.func('void *OrtGetApiBase()')();
    // A struct of two functions: GetApi, GetVersionString.
    const [getApi, getVersion] = koffi.decode(base, koffi.array('void *', 2)) as [Pointer, Pointer];
    this.version = koffi.decode(getVersion, prototype(koffi, 'const char *ort_version()'))() as string;
    const api = koffi.decode(getApi, prototype(koffi, 'void *ort_api(uint32_t version)'))(API_VERSION) as Pointer;
    if (api === null) throw new RuntimeError(`Expected ONNX Runtime 1.18 or newer in ${path}, got ${this.version}`);
    const length = Math.max(...Object.values(FUNCTIONS).map(([place]) => place)) + 1;
    const table = koffi.decode(api, koffi.array('void *', length)) as Pointer[];
    const entries = Object.entries(FUNCTIONS).map(([name, [place, result, parameters]]) => [
      name,
      koffi.decode(table[place], prototype(koffi, `${result} ort_${name}(${parameters})`)),
    ]);
    this.functions = Object.fromEntries(entries) as OrtFunctions;
    const addressOf = (place: number) => koffi.address(table[place]) as bigint;
    this.kernelFunctions = {
      getTensorData: addressOf(KERNEL_FUNCTIONS.getTensorData),
      getInput: addressOf(KERNEL_FUNCTIONS.getInput),
      getOutput: addressOf(KERNEL_FUNCTIONS.getOutput),
    };
    this.koffi = koffi;
    this.#library = library;
  }

  /** @throws RuntimeError with ONNX Runtime's words when the status is one of failure */
  check(status: Status, doing: string): void {
    if (status === null) return;
    const words = this.functions.getErrorMessage(status) as string;
    this.functions.releaseStatus(status);
    throw new RuntimeError(`Expected ONNX Runtime ${this.version} to ${doing}, got: ${words}`);
  }

  /** Calls a function whose last parameter is a pointer to what it makes. */
  make(name: FunctionName, doing: string, ...values: readonly unknown[]): Pointer {
    const made: [Pointer] = [null];
    this.check(this.functions[name](...values, made), doing);
    return made[0];
  }

  get loaded(): boolean {
    return this.#library !== undefined;
  }
}

/** The library that the npm package onnxruntime-node carries for this system. */
function libraryPath(): string {
  const root = dirname(require.resolve('onnxruntime-node/package.json'));
  const { binary } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    binary: { napi_versions: readonly number[] };
  };
  const folders = binary.napi_versions.map((version) =>
    join(root, `bin/napi-v${version}`, process.platform, process.arch),
  );
  const names = ['libonnxruntime.so.1', 'libonnxruntime.1.dylib', 'onnxruntime.dll'];
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  throw new RuntimeError(
    `Expected ONNX Runtime's library for ${process.platform} ${process.arch} in the package onnxruntime-node, got none`,
  );
}
