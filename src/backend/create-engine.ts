import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs';
import type { Engine } from '../core/engine.ts';
import { CompiledEngine, type CompiledEngineOptions } from './compiled/compiled-engine.ts';
import { EagerEngine } from './eager/eager-engine.ts';
import { RuntimeError } from './runtime/runtime.ts';
import { loadTfjsNode } from './tfjs-node.ts';

/** What `--backend` knows. */
export const BACKEND_NAMES = ['auto', 'compiled', 'tfjs-node', 'tfjs-cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

/**
 * The engine of that name. `auto`: compiled, which is several times faster than tfjs-node; where ONNX Runtime has no
 * library for this machine, tfjs-node.
 *
 * @throws RuntimeError, TfjsNodeMissingError when what was asked for is not there
 */
export async function createEngine(name: BackendName = 'auto', options: CompiledEngineOptions = {}): Promise<Engine> {
  switch (name) {
    case 'compiled':
      return CompiledEngine.create(options);
    case 'tfjs-node':
      await loadTfjsNode();
      return new EagerEngine('tensorflow');
    case 'tfjs-cpu':
      // Keeps the slow backend from advertising the fast one on standard error.
      tf.env().set('IS_TEST', true);
      await tf.setBackend('cpu');
      return new EagerEngine('cpu');
    case 'auto':
      try {
        return await CompiledEngine.create(options);
      } catch (error) {
        if (!(error instanceof RuntimeError)) throw error;
        return createEngine('tfjs-node');
      }
  }
}
