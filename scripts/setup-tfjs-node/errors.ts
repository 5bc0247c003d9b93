import { TorcsPilotError } from '../../src/core/index.ts';

/** Why the native library of `@tensorflow/tfjs-node` could not be set up. */
export type TfjsNodeSetupCode =
  /** The package itself is not in `node_modules`. */
  | 'ERR_TFJS_NODE_NOT_INSTALLED'
  /** The package's own download did not give a library that loads. */
  | 'ERR_TFJS_NODE_DOWNLOAD'
  /** Built from packages it can only be on Linux x64 with glibc. */
  | 'ERR_TFJS_NODE_UNSUPPORTED_SYSTEM'
  | 'ERR_TFJS_NODE_NO_COMPILER'
  | 'ERR_TFJS_NODE_NO_PIP'
  /** A package could not be fetched from its registry, or was not the one expected. */
  | 'ERR_TFJS_NODE_FETCH'
  | 'ERR_TFJS_NODE_BUILD'
  /** A library was made but does not load, or computes something else. */
  | 'ERR_TFJS_NODE_LOAD'
  | 'ERR_TFJS_NODE_INTERRUPTED';

/** The native library could not be set up; `node_modules` is as it was. The message says what to do. */
export class TfjsNodeSetupError extends TorcsPilotError {
  declare readonly code: TfjsNodeSetupCode;

  constructor(code: TfjsNodeSetupCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** @throws TfjsNodeSetupError `ERR_TFJS_NODE_INTERRUPTED` once the signal is aborted */
export function refuseIfInterrupted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new TfjsNodeSetupError('ERR_TFJS_NODE_INTERRUPTED', 'Interrupted; node_modules is as it was.');
}
