/**
 * The policies in `models`: makes them, and judges them again.
 *
 *     npx tsx scripts/models.ts make NAME… [--runs runs/models]   trains what models/catalogue.ts says (what is not there yet),
 *                                                                 and keeps it
 *     npx tsx scripts/models.ts check [NAME…]                     judges what is kept; fails if one does worse than it has to
 *     npx tsx scripts/models.ts table                             writes models/README.md from what was measured
 *
 * A kept model is a policy folder, with `card.json` beside: the commands that made it, and its evaluation.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { commandOf } from '../src/cli/demo/command-of.ts';
import { UsageError } from '../src/core/errors.ts';
import { runFiles } from '../src/training/index.ts';
import { findTorcs } from '../torcs-client/torcs/status/status.ts';
import { type Model, models } from './models/catalogue.ts';
import { countLapped, lapsOf, meanReturnOf, torcsPilot } from './support/program.ts';

interface Card {
  readonly title: string;
  readonly commands: readonly string[];
  readonly data: string;
  readonly steps: number;
  readonly updates: number;
  readonly wallS: number;
  readonly evaluation: { readonly command: string; readonly result: Evaluated };
}

/** What is kept of what `evaluate` prints. */
type Evaluated = { readonly meanReturn: number } | { readonly laps: Readonly<Record<string, number | null>> };

/** What a finished run says of itself. */
interface Summary {
  readonly steps: number;
  readonly updates: number;
  readonly 'time/time_elapsed': number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const LARGEST_BYTES = 10e6;

const folderOf = (name: string) => join('models', name);
async function evaluate(policy: string, words: readonly string[]): Promise<Evaluated> {
  const result = await torcsPilot(['evaluate', policy, ...words], { cwd: root });
  return result['tracks'] === undefined ? { meanReturn: meanReturnOf(result) } : { laps: lapsOf(result) };
}

async function make(name: string, model: Model, runs: string): Promise<void> {
  const fill = (words: readonly string[]) => words.map((word) => word.replace('{runs}', runs));
  const recordings = (model.before ?? []).map(fill);
  // Two models may learn from the same recording, and a recording may be made by two commands.
  const missing = recordings.filter((words) => !existsSync(resolve(root, words[words.indexOf('--out') + 1]!)));
  for (const words of missing) await torcsPilot(words, { cwd: root });
  const folder = join(runs, name);
  const train = ['train', ...fill(model.train), '--out', folder];
  const summary = resolve(root, folder, runFiles.summary);
  if (!existsSync(summary)) {
    const begun = existsSync(resolve(root, folder));
    await torcsPilot(begun ? ['train', '--resume', '--out', folder] : train, { cwd: root });
  }
  const result = JSON.parse(readFileSync(summary, 'utf8')) as Summary;
  rmSync(resolve(root, folderOf(name)), { recursive: true, force: true });
  mkdirSync(resolve(root, 'models'), { recursive: true });
  cpSync(resolve(root, folder, runFiles.bestPolicy), resolve(root, folderOf(name)), { recursive: true });
  const words = ['evaluate', folderOf(name), ...model.evaluate];
  const card: Card = {
    title: model.title,
    commands: [...recordings.map((words) => commandOf(words)), commandOf(train)],
    data: model.data,
    steps: result.steps,
    updates: result.updates,
    wallS: Math.round(result['time/time_elapsed']),
    evaluation: { command: commandOf(words), result: await evaluate(folderOf(name), model.evaluate) },
  };
  writeFileSync(resolve(root, folderOf(name), 'card.json'), `${JSON.stringify(card, undefined, 2)}\n`);
  process.stderr.write(`${name}: ${described(card.evaluation.result)}, ${megabytes(name)} MB\n`);
}

/** @returns whether it is what the catalogue asks for */
async function check(name: string, model: Model): Promise<boolean> {
  const result = await evaluate(folderOf(name), model.check ?? model.evaluate);
  const figure = 'meanReturn' in result ? result.meanReturn : countLapped(result.laps);
  const isSmall = bytesOf(name) <= LARGEST_BYTES;
  const ok = figure >= model.least && isSmall;
  const verdict = ok ? 'ok' : isSmall ? `expected at least ${model.least}` : 'expected at most 10 MB';
  process.stdout.write(`${name}: ${described(result)}, ${megabytes(name)} MB: ${verdict}\n`);
  return ok;
}

function described(result: Evaluated): string {
  if ('meanReturn' in result) return `mean return ${result.meanReturn}`;
  return Object.entries(result.laps)
    .map(([track, lap]) => `${track} ${lap === null ? 'not lapped' : `${lap.toFixed(2)} s`}`)
    .join(', ');
}

function bytesOf(name: string): number {
  const folder = resolve(root, folderOf(name));
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

const megabytes = (name: string) => (bytesOf(name) / 1e6).toFixed(2);

function table(): string {
  const rows = kept().map((name) => {
    const card = JSON.parse(readFileSync(resolve(root, folderOf(name), 'card.json'), 'utf8')) as Card;
    const { title, data, steps, updates, wallS, evaluation } = card;
    const figures = [title, data, `${steps} steps, ${updates} updates, ${wallS} s`, described(evaluation.result)];
    return { name, row: `| \`${name}\` | ${figures.join(' | ')} | ${megabytes(name)} MB |`, card };
  });
  return `# Policies that were trained here

Each is a policy folder (settings, spaces, weights, provenance; [FORMAT.md](../src/agents/policy-folder/FORMAT.md)) with a \`card.json\`: the commands that made it and its evaluation. \`npx tsx scripts/models.ts make NAME\` makes one again, \`npx tsx scripts/models.ts check\` judges them all; CI does. This page is printed by \`npx tsx scripts/models.ts table\`.

| model | what it does | data | training | evaluation (laps: best of two from the grid) | size |
|---|---|---|---|---|---|
${rows.map(({ row }) => row).join('\n')}

${rows.map(({ name, card }) => `**${name}**\n\n\`\`\`sh\n${[...card.commands, card.evaluation.command].join('\n')}\n\`\`\``).join('\n\n')}
`;
}

/** Models in the catalogue's order, as far as they are there. */
function kept(): readonly string[] {
  return Object.keys(models).filter((name) => existsSync(resolve(root, folderOf(name), 'card.json')));
}

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: 'runs/models' } },
});
const [action = '', ...names] = positionals;
for (const name of names) {
  if (!Object.hasOwn(models, name)) {
    throw new UsageError(`Expected models among ${Object.keys(models).join(', ')}, got "${name}"`);
  }
}
if (action === 'make' && names.length > 0) {
  for (const name of names) await make(name, models[name]!, flags.runs);
} else if (action === 'check') {
  const { ready } = await findTorcs();
  for (const name of names.length > 0 ? names : kept()) {
    const model = models[name]!;
    if (model.simulator === 'torcs' && !ready) {
      process.stdout.write(`${name}: not judged, for the game is not set up here (npx torcs-pilot torcs setup)\n`);
    } else if (!(await check(name, model))) {
      process.exitCode = 1;
    }
  }
} else if (action === 'table') {
  writeFileSync(resolve(root, 'models', 'README.md'), table());
} else {
  throw new UsageError(`Expected make NAME…, check or table, got "${positionals.join(' ')}"`);
}
