import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/**
 * Starts a module of ours in a process of its own, from its source in a clone or as built in a package; its standard
 * error is this process's.
 *
 * @param module made with `import.meta.url` and the ending `.ts`
 */
export function startProcess(module: URL, words: readonly string[]): ChildProcessByStdio<null, Readable, null> {
  const isSource = import.meta.url.endsWith('.ts');
  const loader = isSource ? ['--import', import.meta.resolve('tsx')] : [];
  const path = fileURLToPath(isSource ? module : new URL(module.href.replace(/\.ts$/, '.js')));
  return spawn(process.execPath, [...loader, path, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
}
