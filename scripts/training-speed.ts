/**
 * Prints environment steps per second of whole training, ours beside Stable-Baselines3's and CleanRL's script: the same
 * task, networks, batch and one update a step; process starts in turn.
 *
 *     npx tsx scripts/training-speed.ts [--python python3] [--rounds 5] [--steps 4000] [--net 256,256] [--threads 1]
 *
 * Python needs scripts/peers/requirements.txt. Counted are the steps after the first updates, with acting, stepping and
 * learning; evaluations and checkpoints are off.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { median } from '../src/core/median.ts';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    rounds: { type: 'string', default: '5' },
    steps: { type: 'string', default: '4000' },
    net: { type: 'string', default: '256,256' },
    threads: { type: 'string', default: '1' },
  },
});
const run = promisify(execFile);
const program = fileURLToPath(new URL('../bin/torcs-pilot.mjs', import.meta.url));
const peers = fileURLToPath(new URL('./peers', import.meta.url));
const learningStarts = 1000;
/** Steps after the first updates that are not counted. */
const warmUp = 500;

const tasks = {
  'ddpg-pendulum': ['--environment', 'pendulum', '--algorithm', 'ddpg', '--preset', 'ddpg'],
  'td3-inverted-pendulum': ['--environment', 'inverted-pendulum', '--algorithm', 'td3', '--preset', 'td3'],
} as const;
type Task = keyof typeof tasks;

interface LogLine {
  readonly step: number;
  readonly 'time/time_elapsed'?: number;
}

async function ours(task: Task): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'torcs-pilot-speed-'));
  try {
    const settings = [`netArch=[${values.net}]`, 'batchSize=64', `learningStarts=${learningStarts}`];
    await run(process.execPath, [
      program,
      'train',
      ...tasks[task],
      ...settings.flatMap((setting) => ['--set', setting]),
      ...['--steps', values.steps, '--threads', values.threads, '--out', join(folder, 'run'), '--log-interval', '100'],
      ...['--evaluation-interval', '0', '--checkpoint-interval', '0', '--json'],
    ]);
    const lines = readFileSync(join(folder, 'run', 'progress.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const logged = lines
      .map((line) => JSON.parse(line) as LogLine)
      .filter((line) => line['time/time_elapsed'] !== undefined);
    const first = logged.find(({ step }) => step >= learningStarts + warmUp)!;
    const last = logged.at(-1)!;
    return (last.step - first.step) / (last['time/time_elapsed']! - first['time/time_elapsed']!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function peer(script: string, task: Task, more: readonly string[]): Promise<number> {
  const words = [join(peers, script), task, '--steps', values.steps, '--seed', '1', '--threads', values.threads];
  const same = ['--net', values.net, '--batch-size', '64', '--learning-starts', String(learningStarts)];
  const { stdout } = await run(values.python, [...words, ...same, ...more], { maxBuffer: 1 << 24 });
  return (JSON.parse(stdout.trim().split('\n').at(-1)!) as { stepsPerS: number }).stepsPerS;
}

for (const task of Object.keys(tasks) as Task[]) {
  const rates: Record<string, number[]> = { 'torcs-pilot': [], 'Stable-Baselines3': [], CleanRL: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    rates['torcs-pilot']!.push(await ours(task));
    rates['Stable-Baselines3']!.push(await peer('sb3_train.py', task, ['--warm-up', String(warmUp)]));
    rates['CleanRL']!.push(
      await peer('cleanrl_train.py', task, task === 'ddpg-pendulum' ? ['--policy-frequency', '1'] : []),
    );
  }
  process.stdout.write(
    `${task}, networks ${values.net}, batch 64, ${values.threads} thread(s), ${values.rounds} starts each\n`,
  );
  for (const [name, all] of Object.entries(rates)) {
    const range = `${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}`;
    process.stdout.write(`  ${name.padEnd(18)} ${median(all).toFixed(0).padStart(5)} steps/s (${range})\n`);
  }
  const fastest = Math.max(median(rates['Stable-Baselines3']!), median(rates['CleanRL']!));
  process.stdout.write(`  ${(median(rates['torcs-pilot']!) / fastest).toFixed(1)} times the faster of the others\n`);
}
