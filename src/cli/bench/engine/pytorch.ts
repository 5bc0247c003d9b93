import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { packageFile } from '../../../core/package-file.ts';
import type { ConfigurationName } from './configurations.ts';

const run = promisify(execFile);
const script = fileURLToPath(packageFile('scripts/peers/torch_update.py'));

const line = z.looseObject({ medianMs: z.number().optional() });

/** Whether this Python has PyTorch 2.x, and the script that measures it is here (it is in a clone, not in a package). */
export async function hasPyTorch(python: string): Promise<boolean> {
  if (!existsSync(script)) return false;
  try {
    const { stdout } = await run(python, ['-c', 'import torch; print(torch.__version__)']);
    return stdout.startsWith('2.');
  } catch {
    return false;
  }
}

/** Names of the settings that may be PyTorch's fastest. */
export async function listPyTorchSettings(python: string, configuration: ConfigurationName): Promise<string[]> {
  const { stdout } = await run(python, [script, configuration, '--list']);
  return stdout.trim().split('\n');
}

/** One process of PyTorch at one setting: what ran in it before would change the figure. Undefined when it failed. ms. */
export async function measurePyTorch(
  python: string,
  configuration: ConfigurationName,
  { seconds, setting }: { readonly seconds: number; readonly setting: string },
): Promise<number | undefined> {
  const words = [script, configuration, '--seconds', String(seconds), '--setting', setting];
  const { stdout } = await run(python, words, { maxBuffer: 1 << 24 });
  return line.parse(JSON.parse(stdout.split('\n', 1)[0]!)).medianMs;
}
