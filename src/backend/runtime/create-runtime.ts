import { CRuntime } from './c-runtime.ts';
import { NodeRuntime } from './node-runtime.ts';
import { type Runtime, RuntimeError, type RuntimeOptions } from './runtime.ts';

export type RuntimeName = Runtime['name'];

/**
 * The fastest runtime of this machine, or the one that is named.
 *
 * @throws RuntimeError when there is none
 */
export function createRuntime(options: RuntimeOptions, name?: RuntimeName): Runtime {
  if (name === 'onnxruntime-node') return new NodeRuntime(options);
  if (name === 'c-api') return new CRuntime(options);
  try {
    return new CRuntime(options);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    return new NodeRuntime(options);
  }
}
