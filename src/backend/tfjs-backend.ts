import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs synchronous TensorFlow.js code on a backend that is ready, then goes back to the one before: several engines
 * live in one process, and TensorFlow.js knows one backend at a time.
 */
export function onBackend<Result>(backendName: string, run: () => Result): Result {
  const engine = tf.engine();
  const before = engine.backendName;
  if (before === backendName) return run();
  // For a backend that is ready this does everything before its first await.
  void engine.setBackend(backendName);
  try {
    return run();
  } finally {
    // Where none was chosen yet, one that computes.
    void engine.setBackend(before === '' || before === undefined ? 'cpu' : before);
  }
}
