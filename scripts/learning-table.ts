/**
 * Trains a task from several seeds, judges every policy, and prints the table; none is left out:
 *
 *     npx tsx scripts/learning-table.ts TASK [--seeds 10] [--first 0] [--jobs 2] [--runs runs/learning] [--print] [-- WORDS]
 *
 * Tasks: see learning/tasks.ts. Each run is `torcs-pilot train` with the task's tuned preset and one thread, so many at a
 * time; a run that was interrupted goes on. WORDS go to `train` too: what is tried is then not kept. Judged is the policy
 * that did best in the run's own evaluations, on 100 other episodes, and beside it the last one.
 *
 * Rows that are kept from the same commands and other seeds stay in the table: it may be made in parts.
 *
 * Kept in docs/learning: TASK.json, and TASK/seed-N.csv, the curve of each seed. `--print` prints what is kept.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { meanOf } from '../src/cli/evaluate/statistics.ts';
import { UsageError } from '../src/core/errors.ts';
import { bootstrapInterval, interquartileMean } from '../src/plots/interquartile.ts';
import { type LearningTask, type LearningTaskName, learningTasks, NEAR } from './learning/tasks.ts';
import { expertLaps } from './support/expert-laps.ts';
import { countLapped, lapsOf, meanLapsOf, meanReturnOf, returnsOf, torcsPilot } from './support/program.ts';
import { ratioToRobot, robotLaps } from './support/robot-laps.ts';

interface Row {
  readonly seed: number;
  readonly steps: number;
  readonly updates: number;
  readonly wallS: number;
  /** Step of the policy that is judged. */
  readonly bestStep: number;
  readonly value: number;
  readonly lastValue: number;
  /** Driving: best lap of the judged policy by track, s; null: not lapped. */
  readonly laps?: Readonly<Record<string, number | null>>;
  /** Driving, where there is an expert beside it: mean of all its laps by track, s. */
  readonly meanLaps?: Readonly<Record<string, number | null>>;
  /** Its mean return by track, where the task counts it in a reward of its own. */
  readonly returns?: Readonly<Record<string, number>>;
}

interface Kept {
  readonly title: string;
  readonly command: string;
  readonly goal: number;
  readonly rows: readonly Row[];
  /** Mean lap of the driver that was copied, by track, s. */
  readonly expertLaps?: Readonly<Record<string, number>>;
}

const kept = fileURLToPath(new URL('../docs/learning', import.meta.url));

/** What `train --json` prints of a run. */
interface Trained {
  readonly steps: number;
  readonly updates: number;
  readonly wallS: number;
  readonly best: { readonly step: number };
  readonly policy: string;
  readonly bestPolicy: string;
}

/** What a file of an earlier call holds; where there is none, it is made and written. */
async function once<T>(file: string, make: () => Promise<T>): Promise<T> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as T;
  const made = await make();
  writeFileSync(file, JSON.stringify(made));
  return made;
}

/** A run that was interrupted goes on. */
async function train(task: LearningTask, seed: number, folder: string, words: readonly string[]): Promise<Trained> {
  const start = existsSync(join(folder, 'settings.json'))
    ? ['train', '--resume', '--out', folder]
    : ['train', ...task.train, '--threads', '1', '--seed', String(seed), '--out', folder, ...words];
  return (await torcsPilot(start)) as unknown as Trained;
}

async function trainSeed(task: LearningTask, seed: number, folder: string, words: readonly string[]): Promise<Row> {
  const result = await once(join(folder, 'table-trained.json'), () => train(task, seed, folder, words));
  const judge = (policy: string) => torcsPilot(['evaluate', policy, ...task.evaluate]);
  const best = await judge(result.bestPolicy);
  const last = result.best.step === result.steps ? best : await judge(result.policy);
  return {
    seed,
    steps: result.steps,
    updates: result.updates,
    wallS: Math.round(10 * result.wallS) / 10,
    bestStep: result.best.step,
    value: judgedValue(task, best),
    lastValue: judgedValue(task, last),
    ...(task.measure === 'meanReturn' ? {} : { laps: lapsOf(best) }),
    ...(task.expert === undefined ? {} : { meanLaps: meanLapsOf(best) }),
    ...(task.evaluate.includes('--reward') ? { returns: returnsOf(best) } : {}),
  };
}

function judgedValue({ measure }: LearningTask, evaluation: Record<string, unknown>): number {
  if (measure === 'meanReturn') return meanReturnOf(evaluation);
  const laps = lapsOf(evaluation);
  if (measure === 'lapped') return countLapped(laps);
  return Object.entries(laps).filter(([track, lap]) => (ratioToRobot(track, lap) ?? Infinity) <= NEAR).length;
}

/** @returns words for `train` that name what was recorded */
async function recordOnce({ record }: LearningTask, folder: string): Promise<readonly string[]> {
  if (record === undefined) return [];
  if (!existsSync(folder)) for (const words of record) await torcsPilot(['record', ...words, '--out', folder]);
  return ['--from', folder];
}

async function trainAll(
  task: LearningTask,
  seeds: readonly number[],
  jobs: number,
  folderOf: (seed: number) => string,
  words: readonly string[],
) {
  const waiting = [...seeds];
  const rows: Row[] = [];
  const work = async () => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const folder = folderOf(seed);
      const row = await once(join(folder, 'table-row.json'), () => trainSeed(task, seed, folder, words));
      process.stderr.write(`seed ${seed}: ${row.value} (last policy ${row.lastValue}) after ${row.wallS} s\n`);
      rows.push(row);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return rows.sort((a, b) => a.seed - b.seed);
}

/** These rows, and those that are kept of other seeds, if they came of the same commands. */
function withKept(rows: readonly Row[], command: string): readonly Row[] {
  const before = existsSync(keptFile) ? (JSON.parse(readFileSync(keptFile, 'utf8')) as Kept) : undefined;
  const others =
    before?.command === command ? before.rows.filter(({ seed }) => rows.every((row) => row.seed !== seed)) : [];
  return [...others, ...rows].sort((a, b) => a.seed - b.seed);
}

function print(task: LearningTask, { title, command, rows, expertLaps }: Kept): void {
  const values = rows.map(({ value }) => value);
  const { goal, comparison, amongThem = [] } = task;
  const isDone = ({ value, laps }: Row) =>
    (comparison ? value < goal : value >= goal) && amongThem.every((track) => laps?.[track] != null);
  const done = rows.filter(isDone).length;
  const among = amongThem.length === 0 ? '' : ` (${amongThem.join(', ')} among them)`;
  const [low, high] = bootstrapInterval(values).map((value) => value.toFixed(2));
  const lines = [
    `### ${title}`,
    '',
    `\`${command}\``,
    '',
    '| seed | best policy | at step | last policy | steps | updates | wall, s |',
    '|---|---|---|---|---|---|---|',
    ...rows.map((row) =>
      ['', row.seed, row.value, row.bestStep, row.lastValue, row.steps, row.updates, row.wallS, ''].join(' | ').trim(),
    ),
    '',
    `${done} of ${rows.length} seeds ${comparison ? 'stay below' : 'reach'} ${goal}${among}; mean ${meanOf(values).toFixed(2)}, ` +
      `interquartile mean ${interquartileMean(values).toFixed(2)} (95 % ${low} to ${high}), worst ${Math.min(...values)}`,
    '',
    ...trackLines(rows, expertLaps),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** By track: how many seeds lap it, and how fast. */
function trackLines(rows: readonly Row[], expertLaps: Kept['expertLaps']): readonly string[] {
  const tracks = Object.keys(rows[0]?.laps ?? {});
  if (tracks.length === 0) return [];
  const raced = tracks.some((track) => robotLaps.tracks[track] !== undefined);
  const lines = tracks.map((track) => {
    const laps = rows.flatMap(({ laps }) => laps?.[track] ?? []).toSorted((a, b) => a - b);
    const figures =
      laps.length === 0 ? ['-', '-', '-'] : [laps[0]!, meanOf(laps), laps.at(-1)!].map((s) => s.toFixed(2));
    const ratio = ratioToRobot(track, laps[0])?.toFixed(3) ?? '-';
    const returns = rows.flatMap(({ returns }) => returns?.[track] ?? []);
    const counted = returns.length === 0 ? [] : [meanOf(returns), Math.max(...returns)].map((sum) => sum.toFixed(1));
    const expert = expertLaps?.[track];
    const means = rows.flatMap(({ meanLaps }) => meanLaps?.[track] ?? []);
    const share = expert === undefined || means.length === 0 ? '-' : (meanOf(means) / expert).toFixed(3);
    const copied = expertLaps === undefined ? [] : [expert?.toFixed(2) ?? '-', share];
    return `| ${[track, `${laps.length} of ${rows.length}`, ...figures, ...(raced ? [ratio] : []), ...copied, ...counted].join(' | ')} |`;
  });
  const heads = [
    ...['track', 'lapped by', 'best lap, s', 'mean', 'slowest'],
    ...(raced ? ['best : best robot'] : []),
    ...(expertLaps === undefined ? [] : ["expert's mean", 'mean of all laps : expert']),
    ...(rows.some(({ returns }) => returns !== undefined) ? ['mean return', 'best return'] : []),
  ];
  return [`| ${heads.join(' | ')} |`, `|${'---|'.repeat(heads.length)}`, ...lines, ''];
}

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '10' },
    first: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '2' },
    runs: { type: 'string', default: 'runs/learning' },
    print: { type: 'boolean', default: false },
  },
});
const [name = '', ...words] = positionals;
if (!Object.hasOwn(learningTasks, name)) {
  throw new UsageError(`Expected one of the tasks ${Object.keys(learningTasks).join(', ')}, got "${name}"`);
}
const task: LearningTask = learningTasks[name as LearningTaskName];
const keptFile = join(kept, `${name}.json`);
if (flags.print) {
  print(task, JSON.parse(readFileSync(keptFile, 'utf8')) as Kept);
} else {
  const seeds = Array.from({ length: Number(flags.seeds) }, (_, i) => Number(flags.first) + i);
  const folderOf = (seed: number) => join(flags.runs, name, `seed-${seed}`);
  const recorded = await recordOnce(task, join(flags.runs, name, 'frames'));
  const rows = await trainAll(task, seeds, Number(flags.jobs), folderOf, [...recorded, ...words]);
  const train = ['npx torcs-pilot train', ...task.train, '--threads 1 --seed N --out DIR'];
  const command = [
    ...(task.record ?? []).map((words) => `npx torcs-pilot record ${words.join(' ')} --out FRAMES && `),
    ...[train, task.record === undefined ? [] : ['--from FRAMES'], words].flat().join(' '),
  ].join('');
  const { expert } = task;
  const judged = Object.keys(rows[0]?.laps ?? {});
  const lapsFile = join(flags.runs, name, 'expert-laps.json');
  const beside = expert === undefined ? {} : { expertLaps: await once(lapsFile, () => expertLaps(expert, judged)) };
  const result: Kept = { title: task.title, command, goal: task.goal, rows: withKept(rows, command), ...beside };
  if (words.length === 0) {
    mkdirSync(join(kept, name), { recursive: true });
    writeFileSync(keptFile, `${JSON.stringify(result, undefined, 2)}\n`);
    for (const seed of seeds) copyFileSync(join(folderOf(seed), 'curve.csv'), join(kept, name, `seed-${seed}.csv`));
  }
  print(task, result);
}
