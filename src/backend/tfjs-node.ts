import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { TorcsPilotError } from '../core/errors.ts';

/** The native library of `@tensorflow/tfjs-node` is not there, or does not load. */
export class TfjsNodeMissingError extends TorcsPilotError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TFJS_NODE_MISSING', message, options);
  }
}

const require = createRequire(import.meta.url);

/**
 * Loads TensorFlow's native library as TensorFlow.js's backend `tensorflow`.
 *
 * @throws TfjsNodeMissingError when the optional package or its library is not there, which is normal
 */
export async function loadTfjsNode(): Promise<void> {
  const before = tf.engine().backendName;
  try {
    // TensorFlow greets on standard error otherwise.
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
    // Node 23 took this away; tfjs-node 4.22, the last release, calls it in every kernel.
    (require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean }).isNullOrUndefined ??= (value) =>
      value === null || value === undefined;
    require('@tensorflow/tfjs-node');
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new TfjsNodeMissingError(
      `Expected the native library of @tensorflow/tfjs-node, got: ${words}; \`npm run setup:tfjs-node\` gets it`,
      { cause },
    );
  }
  await tf.ready();
  if (before !== undefined && before !== '') await tf.setBackend(before);
}
