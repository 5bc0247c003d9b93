import { Worker, type WorkerOptions } from 'node:worker_threads';
import { TorcsPilotError } from './errors.ts';

/** An error as a worker thread tells it to its owner; `code`: our own errors' stable one. */
export interface ThreadFailure {
  readonly code?: string;
  readonly message: string;
}

export function toThreadFailure(error: unknown): ThreadFailure {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof TorcsPilotError ? { code: error.code, message } : { message };
}

export function fromThreadFailure({ code, message }: ThreadFailure): Error {
  return code === undefined ? new Error(message) : new TorcsPilotError(code, message);
}

/**
 * Starts a module of ours in a worker thread, from its TypeScript source in a clone or as built in a package.
 *
 * @param module the module's URL, made with `import.meta.url` and the ending `.ts`
 */
export function startWorker(module: URL, options: WorkerOptions = {}): Worker {
  // A source is loaded through tsx, as this process loads its own.
  const isSource = import.meta.url.endsWith('.ts');
  if (!isSource) return new Worker(new URL(module.href.replace(/\.ts$/, '.js')), options);
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const code = `const { register } = await import(${loader}); register(); await import(${JSON.stringify(module.href)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), { ...options, execArgv: [] });
}
