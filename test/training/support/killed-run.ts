import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FakeRunOptions } from './run.ts';

/** Most of its time goes into checkpoints, and it has everything: several environments, pictures, several updates. */
export const killedRun: Omit<FakeRunOptions, 'folder'> = {
  environmentCount: 2,
  chaotic: { pixels: true },
  training: { totalTimesteps: 500, checkpointInterval: 11, evaluationInterval: 40, logInterval: 17, gradientSteps: 2 },
};

/** Starts the run in a process of its own, or resumes it, and kills that with SIGKILL after so many milliseconds. */
export function trainAndKill(folder: string, delayMs: number): Promise<'killed' | 'finished'> {
  const script = fileURLToPath(new URL('./child-train.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import=tsx', script, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (text: Buffer) => {
      errors += text.toString();
    });
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), delayMs));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('finished');
      else reject(new Error(`The run ended with ${code}: ${errors}`));
    });
  });
}
