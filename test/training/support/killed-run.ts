import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FakeRunOptions } from './run.ts';

/** Most of its time goes into checkpoints, and it has everything: several environments, pictures, several updates. */
export const killedRun: Omit<FakeRunOptions, 'folder'> = {
  environmentCount: 2,
  chaotic: { pixels: true },
  training: { totalTimesteps: 1500, checkpointInterval: 11, evaluationInterval: 40, logInterval: 17, gradientSteps: 2 },
};

/**
 * Starts the run in a process of its own, or resumes it, and kills that with SIGKILL once it has taken so many steps and
 * so many milliseconds have passed since: steps, because a machine may run through all of it in a second.
 */
export function trainAndKill(
  folder: string,
  { steps, delayMs }: { readonly steps: number; readonly delayMs: number },
): Promise<'killed' | 'finished'> {
  const script = fileURLToPath(new URL('./child-train.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import=tsx', script, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let errors = '';
    let signs = 0;
    child.stderr.on('data', (text: Buffer) => {
      errors += text.toString();
    });
    child.stdout.on('data', (data: Buffer) => {
      const before = signs;
      signs += data.length;
      if (before <= steps && signs > steps) setTimeout(() => child.kill('SIGKILL'), delayMs);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('finished');
      else reject(new Error(`The run ended with ${code}: ${errors}`));
    });
  });
}
