import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Killed {
  /** Whole episodes, and steps of the episode after them, that the writer acknowledged before it was killed. */
  readonly ended: number;
  readonly openSteps: number;
}

/** Starts a writer and kills it with SIGKILL `delayMs` after it is ready; says what it had acknowledged. */
export function recordAndKill(
  dir: string,
  delayMs: number,
  options: { steps: number; megabytes: number; first: number },
): Promise<Killed> {
  const script = fileURLToPath(new URL('./child-writer.ts', import.meta.url));
  const args = [dir, options.steps, options.megabytes, options.first].map(String);
  const child = spawn(process.execPath, ['--import=tsx', script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (text: Buffer) => {
      errors += text.toString();
    });
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), delayMs));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(readNotes(`${dir}.acknowledged`));
      else reject(new Error(`The writer ended by itself with ${code}: ${errors}`));
    });
  });
}

function readNotes(file: string): Killed {
  const notes = fs.readFileSync(file, 'utf8');
  fs.rmSync(file);
  const parts = notes.split('e');
  return { ended: parts.length - 1, openSteps: parts.at(-1)?.length ?? 0 };
}
