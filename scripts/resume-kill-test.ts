import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listFiles } from '../src/core/files.ts';
import { Random } from '../src/core/random.ts';
import { runFiles } from '../src/training/index.ts';

/**
 * Trains DDPG on the pendulum through the command line and kills it (SIGKILL) at random moments, resuming it each time,
 * until so many kills are done and the run has finished; a run that finishes before is compared, and another is begun.
 * What a run leaves (curve, figures, policies, summary) has to equal what an uninterrupted one leaves, byte for byte;
 * only figures under `time/` may differ. Exits with 1 on any difference. The sources must hold still meanwhile: an edit of
 * the agent or the engine between two starts is a difference too.
 * Run: npx tsx scripts/resume-kill-test.ts [KILLS=20] [SEED=1] [STEPS=6000]
 */
const kills = Number(process.argv[2] ?? 20);
const random = new Random(Number(process.argv[3] ?? 1));
const steps = Number(process.argv[4] ?? 6000);
const program = fileURLToPath(new URL('../bin/torcs-pilot.mjs', import.meta.url));
const base = fs.mkdtempSync(path.join(os.tmpdir(), 'resume-kill-'));

/** Starts or resumes the run; kills it so many milliseconds after its start, or after its first words. */
function train(
  folder: string,
  kill?: { readonly afterMs: number; readonly from: 'start' | 'words' },
): Promise<boolean> {
  const isBegun = fs.existsSync(path.join(folder, runFiles.settings));
  const task = ['--environment', 'pendulum', '--algorithm', 'ddpg', '--encoder', 'mlp', '--observe', 'state'];
  const pace = ['--evaluation-interval', '1000', '--checkpoint-interval', '300', '--log-interval', '100'];
  const words = ['train', ...task, ...pace, '--steps', String(steps), '--out', folder];
  const child = spawn(process.execPath, [program, ...words, ...(isBegun ? ['--resume'] : [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  let timer: NodeJS.Timeout | undefined;
  const arm = () => {
    if (kill !== undefined) timer ??= setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
  };
  if (kill?.from === 'start') arm();
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
    arm();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      // The kill may come when everything is done, and the process only has to end.
      if (signal === 'SIGKILL') resolve(isFinished(folder));
      else if (code === 0) resolve(true);
      else reject(new Error(`The run ended with ${code}: ${errors}`));
    });
  });
}

function isFinished(folder: string): boolean {
  const file = path.join(folder, runFiles.summary);
  return (
    fs.existsSync(file) && (JSON.parse(fs.readFileSync(file, 'utf8')) as { outcome: string }).outcome === 'finished'
  );
}

/** Everything that must be equal, by the file's name. */
function contentOf(folder: string): Map<string, string> {
  const names = listFiles(folder).filter((name) => !name.startsWith(runFiles.checkpoints) && name !== runFiles.events);
  return new Map(
    names.map((name) => {
      const bytes = fs.readFileSync(path.join(folder, name));
      if (name !== runFiles.progress && name !== runFiles.summary) return [name, bytes.toString('base64')];
      return [name, bytes.toString().replace(/,?\s*"time\/[a-z_]+": ?[-+.e\d]+/g, '')];
    }),
  );
}

/** The latest complete checkpoint's number of steps. */
function reached(folder: string): number {
  const checkpoints = path.join(folder, runFiles.checkpoints);
  if (!fs.existsSync(checkpoints)) return 0;
  return Math.max(
    0,
    ...fs
      .readdirSync(checkpoints)
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  );
}

const uninterrupted = path.join(base, 'uninterrupted');
const startedMs = performance.now();
await train(uninterrupted);
const wholeMs = performance.now() - startedMs;
const expected = contentOf(uninterrupted);
console.log(`uninterrupted: ${steps} steps in ${(wholeMs / 1000).toFixed(1)} s, ${expected.size} files to compare`);
console.log(' kill  run  after ms  from   checkpoint');

let runs = 0;
let bad = 0;
for (let killed = 0; killed < kills || runs === 0; runs++) {
  const folder = path.join(base, `run-${runs}`);
  for (;;) {
    const from = random.below(4) === 0 ? 'start' : 'words';
    const afterMs = Math.round(random.between(0, wholeMs / 4));
    const isDone = await train(folder, killed < kills ? { afterMs, from } : undefined);
    if (isDone) break;
    killed++;
    const cells = [String(killed).padStart(5), String(runs).padStart(4), String(afterMs).padStart(9), from.padEnd(6)];
    console.log([...cells, reached(folder)].join(' '));
  }
  const found = contentOf(folder);
  const names = new Set([...expected.keys(), ...found.keys()]);
  const different = [...names].filter((name) => expected.get(name) !== found.get(name));
  const events = [uninterrupted, folder].map((one) => fs.statSync(path.join(one, runFiles.events)).size);
  if (events[0] !== events[1]) different.push(runFiles.events);
  if (different.length > 0) bad++;
  console.log(`run ${runs}: ${different.length === 0 ? 'equal' : `DIFFERENT: ${different.join(', ')} in ${folder}`}`);
}
console.log(`${kills} kills, ${runs} runs finished, ${bad} of them different from the one that was never killed`);
if (bad === 0) fs.rmSync(base, { recursive: true });
process.exitCode = bad === 0 ? 0 : 1;
