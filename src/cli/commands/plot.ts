import { z } from 'zod';
import { UsageError } from '../../core/index.ts';
import { decimalNumber, defineCommand, flag, named, quote, toggle } from '../command.ts';

const plotFileSchema = z.string().regex(/.\.(svg|png)$/i, 'a file that ends in .svg or .png');

/** `N` or `N,M`. */
const episodesSchema = z
  .string()
  .regex(/^\d{1,9}(,\d{1,9})?$/, 'a whole number from 0, or two such as 0,3')
  .transform((text) => text.split(',').map(Number));

const KINDS = ['laps', 'drive', 'against'] as const;

export const plotCommand = defineCommand({
  name: 'plot',
  summary: 'Draw learning curves, lap tables, a drive on its map, or two laps against each other.',
  positionals: 'RUN… | --laps EVALUATION.json… | --drive RECORDING | --against RECORDING RECORDING',
  flags: {
    out: flag('FILE', 'where to write it: an .svg or .png file', plotFileSchema),
    laps: toggle('draw the laps in what `evaluate --json` printed into these files'),
    drive: toggle('draw a recorded drive on the map of its track, coloured by speed'),
    against: toggle('draw the fastest laps of two recordings against each other by distance'),
    metric: flag(
      'M',
      'curves: evaluation (default), training, or a key of progress.jsonl such as train/critic_loss',
      named('a metric').optional(),
    ),
    goal: flag('R', 'curves: a line at this value', decimalNumber(-1e12, 1e12).optional()),
    episode: flag(
      'N[,M]',
      'drive: which episode, from 0 (default 0); against: of the first recording, and of the second (default: those with the fastest laps)',
      episodesSchema.optional(),
    ),
    title: flag('TEXT', "instead of the plot's own title", named('a title').optional()),
  },
  examples: [
    'plot runs/pendulum/0 runs/pendulum/1 runs/pendulum/2 --out pendulum.svg',
    'plot docs/learning/pendulum-recurrent.json docs/learning/pendulum-blind.json --out memory.png',
    'plot --laps evaluation.json --out laps.svg',
    'plot --drive recordings/scripted-64x64 --out drive.svg',
    'plot --against runs/scripted runs/policy --out against.png',
  ],
  async run(flags, { print, positionals }) {
    const kind = kindOf(flags);
    const result = await DRAW[kind](flags, positionals);
    print(`${flags.out}: ${result.bytes} bytes`);
    return result;
  },
});

interface PlotFlags {
  readonly out: string;
  readonly title: string | undefined;
  readonly metric: string | undefined;
  readonly goal: number | undefined;
  readonly episode: readonly number[] | undefined;
}

/** What is drawn, by kind; the libraries are loaded where they are needed only. */
const DRAW = {
  async curves({ out, title, metric = 'evaluation', goal }: PlotFlags, words: readonly string[]) {
    const runs = atLeastOne(words, 'the folder of a run');
    const { plotCurves } = await import('../plot/plot-curves.ts');
    return plotCurves({ runs, out, title, metric, goal });
  },
  async laps({ out, title }: PlotFlags, words: readonly string[]) {
    const files = atLeastOne(words, 'a file that `evaluate --json` was printed into');
    const { plotLaps } = await import('../plot/plot-laps.ts');
    return plotLaps({ files, out, title });
  },
  async drive({ out, title, episode: episodes = [] }: PlotFlags, words: readonly string[]) {
    const [recording] = exactly(words, 1, 'the folder of a recording');
    const [episode = 0, more] = episodes;
    if (more !== undefined) throw new UsageError(`Expected one episode with --drive, got also ${more}`);
    const { plotDrive } = await import('../plot/plot-drive.ts');
    return plotDrive({ recording: recording!, episode, out, title });
  },
  async against({ out, title, episode: episodes = [] }: PlotFlags, words: readonly string[]) {
    const [one, two] = exactly(words, 2, 'the folders of two recordings');
    const [first, second = first] = episodes;
    const { plotAgainst } = await import('../plot/plot-against.ts');
    return plotAgainst({ recordings: [one!, two!], episodes: [first, second], out, title });
  },
} as const;

function kindOf(flags: PlotFlags & Readonly<Record<(typeof KINDS)[number], boolean>>): keyof typeof DRAW {
  const [kind, other] = KINDS.filter((name) => flags[name]);
  if (other !== undefined) throw new UsageError(`Expected one of --${kind} and --${other}, got both`);
  for (const name of ['metric', 'goal'] as const) {
    if (kind === undefined || flags[name] === undefined) continue;
    throw new UsageError(`Expected --${name} with learning curves only, got --${kind}`);
  }
  if (flags.episode !== undefined && kind !== 'drive' && kind !== 'against') {
    throw new UsageError('Expected --episode with --drive or --against only');
  }
  return kind ?? 'curves';
}

function atLeastOne(words: readonly string[], what: string): readonly string[] {
  if (words.length > 0) return words;
  throw new UsageError(`Expected ${what} after \`plot\`, got nothing`);
}

function exactly(words: readonly string[], count: number, what: string): readonly string[] {
  if (words.length === count) return words;
  const got = words.length === 0 ? 'nothing' : words.map((word) => quote(word)).join(' ');
  throw new UsageError(`Expected ${what}, got ${got}`);
}
