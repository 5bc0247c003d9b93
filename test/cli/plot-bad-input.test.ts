import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import { run, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const repository = fileURLToPath(new URL('../../', import.meta.url));
const shipped = path.join(repository, 'recordings/scripted-64x64');
const learning = path.join(repository, 'docs/learning');

const runs = scratch.path('runs');
test.before(async (t) => {
  const { code, error } = await run(
    ...['train', '--environment', 'pendulum', '--steps', '120', '--threads', '1', '--evaluation-interval', '40'],
    ...['--set', 'netArch=[8]', '--set', 'batchSize=8', '--set', 'learningStarts=40', '--log-interval', '40'],
    ...['--set', 'maxEpisodeSteps=20', '--evaluation-episodes', '1', '--out', path.join(runs, '0')],
  );
  t.is(code, 0, error);
});

const oneLine = /^torcs-pilot: Expected [^\n]* \(ERR_[A-Z_]+\)\n$/;

/** A damaged copy of a run. */
function damaged(name: string, change: (content: string) => string): string {
  const folder = scratch.path('damaged');
  fs.cpSync(path.join(runs, '0'), folder, { recursive: true });
  const file = path.join(folder, name);
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')));
  return folder;
}

for (const [what, words, code, message] of [
  ['no file name', () => ['x'], 2, /--out FILE: it is required/],
  ['another kind of file', () => ['x', '--out', 'x.jpg'], 2, /--out to be a file that ends in \.svg or \.png/],
  ['nothing to draw', () => ['--out', 'x.svg'], 2, /the folder of a run after `plot`, got nothing/],
  ['two kinds', () => ['--laps', '--drive', 'x', '--out', 'x.svg'], 2, /one of --laps and --drive, got both/],
  ['a metric of laps', () => ['--laps', 'x', '--metric', 'y', '--out', 'x.svg'], 2, /--metric with learning curves/],
  ['an episode of curves', () => ['x', '--episode', '1', '--out', 'x.svg'], 2, /--episode with --drive or --against/],
  ['one lap against none', () => ['--against', 'x', '--out', 'x.svg'], 2, /the folders of two recordings, got "x"/],
  ['a missing run', () => ['nowhere', '--out', 'x.svg'], 1, /the folder of a run in nowhere, got nothing there/],
  ['a foreign folder', () => [repository, '--out', 'x.svg'], 1, /got no settings\.json in it/],
  ['a foreign file', () => [path.join(repository, 'package.json'), '--out', 'x.svg'], 1, /a table of .*`title`/],
  ['no JSON', () => [path.join(repository, 'LICENSE'), '--out', 'x.svg'], 1, /Expected JSON in .*LICENSE/],
  [
    'damaged settings',
    () => [damaged('settings.json', (text) => text.replace('"gamma"', '"gama"')), '--out', 'x.svg'],
    1,
    /settings of a run in .*settings\.json/,
  ],
  [
    'a damaged value of a curve',
    () => [damaged('curve.csv', (text) => text.replace(/\n40,(\d+),[^,]+/, '\n40,$1,oops')), '--out', 'x.svg'],
    1,
    /Expected 6 numbers in line 2 of .*curve\.csv, got "40,/,
  ],
  [
    'a foreign curve',
    () => [damaged('curve.csv', () => 'a,b\n1,2\n'), '--out', 'x.svg'],
    1,
    /a learning curve with the columns step and evaluation_mean in .*, got "a,b"/,
  ],
  [
    'a run without an evaluation so far',
    () => [damaged('curve.csv', (text) => text.slice(0, text.indexOf('\n') + 5)), '--out', 'x.svg'],
    1,
    /at least an evaluation in .*, got none/,
  ],
  [
    'an unknown figure',
    () => [path.join(runs, '0'), '--metric', 'train/loss', '--out', 'x.svg'],
    1,
    /figures under "train\/loss" in .*, got none; it has .*train\/critic_loss/,
  ],
  [
    'the same run twice',
    () => [path.join(runs, '0'), path.join(runs, '0'), '--out', 'x.svg'],
    1,
    /different seeds, got seed 0 in .* and in .*: name it once/,
  ],
  [
    'a figure of a kept table',
    () => [`${learning}/pendulum.json`, '--metric', 'x', '--out', 'x.svg'],
    2,
    /with the kept/,
  ],
  [
    'laps of nothing',
    () => ['--laps', 'nowhere.json', '--out', 'x.svg'],
    1,
    /a readable file nowhere\.json, got ENOENT/,
  ],
  ['laps of a text', () => ['--laps', path.join(repository, 'LICENSE'), '--out', 'x.svg'], 1, /that are no JSON/],
  [
    'laps of a table',
    () => ['--laps', `${learning}/pendulum.json`, '--out', 'x.svg'],
    1,
    /a policy that drives in .*`policy`/,
  ],
  ['a drive of a run', () => ['--drive', runs, '--out', 'x.svg'], 1, /Expected a dataset in /],
  [
    'an episode too far',
    () => ['--drive', shipped, '--episode', '9', '--out', 'x.svg'],
    2,
    /episode from 0 to 1 of .*, got 9/,
  ],
  [
    'laps of two tracks',
    () => ['--against', shipped, shipped, '--episode', '0,1', '--out', 'x.svg'],
    1,
    /Expected a whole lap, .* in episode 1 of /,
  ],
  [
    'a path below a file',
    () => [path.join(runs, '0'), '--out', path.join(runs, '0/curve.csv/plot.svg')],
    1,
    /ERR_WRITE_FAILED/,
  ],
  [
    'a file that is a folder',
    () => {
      const folder = scratch.path('folder.svg');
      fs.mkdirSync(folder);
      return [path.join(runs, '0'), '--out', folder];
    },
    1,
    /ERR_WRITE_FAILED/,
  ],
] as const) {
  test(`refuses ${what}`, async (t) => {
    const line = words().map((word) => (word.startsWith('x.') ? path.join(scratch.root, word) : word));
    const outcome = await run('plot', ...line);
    t.is(outcome.code, code, outcome.error);
    t.regex(outcome.error, oneLine);
    t.regex(outcome.error, message);
    t.false(fs.existsSync(path.join(scratch.root, 'x.svg')), 'nothing was written');
  });
}
