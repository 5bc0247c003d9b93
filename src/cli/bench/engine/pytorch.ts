import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { ConfigurationName } from './configurations.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../../scripts/peers/torch_update.py', import.meta.url));

const measuredLine = z.looseObject({ setting: z.string(), medianMs: z.number(), version: z.string() });
const line = z.union([measuredLine, z.looseObject({ failed: z.string() })]);

/** PyTorch's figure of one process. */
export interface PyTorchMeasurement {
  readonly setting: string;
  readonly version: string;
  readonly updateMs: number;
}

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

/** One process of PyTorch: every setting, or those that are named. The fastest first. */
export async function measurePyTorch(
  python: string,
  configuration: ConfigurationName,
  { seconds, settings = [] }: { readonly seconds: number; readonly settings?: readonly string[] },
): Promise<PyTorchMeasurement[]> {
  const words = [
    script,
    configuration,
    '--seconds',
    String(seconds),
    ...settings.flatMap((name) => ['--setting', name]),
  ];
  const { stdout } = await run(python, words, { maxBuffer: 1 << 24 });
  const measured = stdout
    .trim()
    .split('\n')
    .map((text) => line.parse(JSON.parse(text)))
    .flatMap((entry) => ('medianMs' in entry && entry['best'] === undefined ? [measuredLine.parse(entry)] : []));
  return measured
    .map(({ setting, version, medianMs }) => ({ setting, version, updateMs: medianMs }))
    .sort((a, b) => a.updateMs - b.updateMs);
}
