import '@tensorflow/tfjs-backend-cpu';
import { CompiledEngine, createEngine, EagerEngine, TfjsNodeMissingError } from '../../src/backend/index.ts';
import type { Engine } from '../../src/core/engine.ts';

export interface TestedEngine {
  readonly name: string;
  readonly create: () => Promise<Engine>;
}

/** The reference: every operation as TensorFlow.js computes it. Slow; small networks only. */
export const eagerEngine: TestedEngine = { name: 'tfjs-cpu', create: async () => new EagerEngine('cpu') };
/** What training uses; two threads share the rows of a batch where there are enough of them, on any machine. */
export const compiledEngine: TestedEngine = { name: 'compiled', create: () => CompiledEngine.create({ threads: 2 }) };

/** Engines that the tests of agents run on. */
export const engines: readonly TestedEngine[] = [eagerEngine, compiledEngine];

/** Every way to compute that this machine has, to compare with the reference: blocks of convolutions or none, TensorFlow. */
export async function otherEngines(): Promise<readonly TestedEngine[]> {
  const compiled: TestedEngine[] = [
    compiledEngine,
    { name: 'compiled, no blocks', create: () => CompiledEngine.create({ blockSize: null, threads: 1 }) },
    { name: 'compiled, onnxruntime-node', create: () => CompiledEngine.create({ runtime: 'onnxruntime-node' }) },
  ];
  try {
    const engine = await createEngine('tfjs-node');
    return [...compiled, { name: 'tfjs-node', create: async () => engine }];
  } catch (error) {
    if (!(error instanceof TfjsNodeMissingError)) throw error;
    console.log('# tfjs-node: skipped, its native library is not set up');
    return compiled;
  }
}
