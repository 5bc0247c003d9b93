import type { BackendName } from '../../backend/index.ts';
import type { Engine } from '../../core/index.ts';
import type { Cleanup } from '../cleanup.ts';

/**
 * An engine for one that acts, on one thread: a picture at a time is too little work to share, and threads that wait for more
 * of it take the processors that the simulator drives on. The cleanup takes it down.
 *
 * @throws RuntimeError, TfjsNodeMissingError for a backend that is not there
 */
export async function openActingEngine(cleanup: Cleanup, backend: BackendName = 'auto'): Promise<Engine> {
  // Loaded only where a network acts: what runs networks takes a second.
  const { createEngine } = await import('../../backend/index.ts');
  const engine = await createEngine(backend, { threads: 1 });
  cleanup.add(() => engine.dispose());
  return engine;
}
