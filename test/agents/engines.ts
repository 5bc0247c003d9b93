import '@tensorflow/tfjs-backend-cpu';
import { CompiledEngine, EagerEngine } from '../../src/backend/index.ts';
import type { Engine } from '../../src/core/engine.ts';

export interface TestedEngine {
  readonly name: string;
  readonly create: () => Promise<Engine>;
}

/** The reference: every operation as TensorFlow.js computes it. Slow; small networks only. */
export const eagerEngine: TestedEngine = { name: 'tfjs-cpu', create: async () => new EagerEngine('cpu') };
/** What training uses. */
export const compiledEngine: TestedEngine = { name: 'compiled', create: () => CompiledEngine.create() };

/** Engines that the tests of agents run on. */
export const engines: readonly TestedEngine[] = [eagerEngine, compiledEngine];
