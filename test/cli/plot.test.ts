import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest from 'ava';
import sharp from 'sharp';
import { run, runJson, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const repository = fileURLToPath(new URL('../../', import.meta.url));
const shipped = path.join(repository, 'recordings/scripted-64x64');
const learning = path.join(repository, 'docs/learning');

const tiny = ['netArch=[8]', 'batchSize=8', 'learningStarts=40', 'bufferSize=1000'].flatMap((one) => ['--set', one]);
const runs = scratch.path('runs');
const other = scratch.path('other');

test.before(async (t) => {
  const train = async (folder: string, ...words: string[]) => {
    const { code, error } = await run(
      ...['train', '--environment', 'pendulum', ...tiny, '--steps', '120', '--threads', '1', '--log-interval', '40'],
      ...['--evaluation-interval', '40', '--evaluation-episodes', '1', '--set', 'maxEpisodeSteps=20', '--out', folder],
      ...words,
    );
    t.is(code, 0, error);
  };
  for (const seed of ['0', '1', '2']) await train(path.join(runs, seed), '--algorithm', 'ddpg', '--seed', seed);
  await train(other, '--algorithm', 'td3');
});

const textsOf = (file: string): string[] =>
  [...fs.readFileSync(file, 'utf8').matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

interface Group {
  readonly label: string;
  readonly seeds: readonly number[];
  readonly interval: readonly [number, number] | null;
  readonly interquartileMean: number;
}

test('runs of equal settings are one group, whatever the order; a run alone is another', async (t) => {
  const out = scratch.path('curves.svg');
  const { code, json, error } = await runJson('plot', other, runs, '--goal', '-150', '--out', out);
  t.is(code, 0, error);
  t.like(json, { ok: true, kind: 'curves', out, metric: 'evaluation' });
  const [alone, several] = json['groups'] as [Group, Group];
  t.deepEqual([alone.seeds, several.seeds], [[0], [0, 1, 2]]);
  t.is(alone.interval, null);
  t.true(several.interval![0] <= several.interquartileMean && several.interquartileMean <= several.interval![1]);
  const last = ['0', '1', '2'].map((seed) =>
    Number(
      fs
        .readFileSync(path.join(runs, seed, 'curve.csv'), 'utf8')
        .trim()
        .split('\n')
        .at(-1)!
        .split(',')[2],
    ),
  );
  const [low, middle, high] = last.sort((a, b) => a - b) as [number, number, number];
  // Of three, a quarter is 0.75.
  t.true(Math.abs(several.interquartileMean - (0.25 * low + middle + 0.25 * high) / 1.5) < 1e-6);
  const texts = textsOf(out);
  for (const text of ['algorithm td3', 'algorithm ddpg', 'environment steps', 'goal −150'])
    t.true(texts.includes(text));
});

test('runs on recordings count updates: they stand on axes of their own', async (t) => {
  const out = scratch.path('updates.svg');
  const offline = scratch.path('offline');
  fs.cpSync(other, offline, { recursive: true });
  const file = path.join(offline, 'settings.json');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"environments": 1', '"environments": 0'));
  const { code, error } = await run('plot', other, offline, '--out', out);
  t.is(code, 0, error);
  const texts = textsOf(out);
  for (const text of ['environment steps', 'updates']) t.is(texts.filter((one) => one === text).length, 1, text);
});

test('any figure of the logs', async (t) => {
  const out = scratch.path('loss.svg');
  const { code, error } = await run('plot', path.join(runs, '1'), '--metric', 'train/critic_loss', '--out', out);
  t.is(code, 0, error);
  t.true(textsOf(out).includes('train/critic_loss') && textsOf(out).includes('seed 1'));
});

test('the kept tables, as a file or a folder, several tasks on one sheet', async (t) => {
  const [one, two] = [scratch.path('table.svg'), scratch.path('tables.png')];
  const { json } = await runJson('plot', path.join(learning, 'pendulum'), '--out', one);
  t.deepEqual((json['groups'] as Group[])[0]!.seeds, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.true(textsOf(one).includes('goal −160'));
  const tables = ['pendulum.json', 'reacher.json'].map((name) => path.join(learning, name));
  const drawn = await runJson('plot', ...tables, '--out', two);
  t.is((drawn.json['groups'] as Group[]).length, 2);
  const { width, height, format } = await sharp(two).metadata();
  t.true(format === 'png' && width > 1.5 * height, `${width} × ${height}`);
});

const evaluation = (policy: string, lapTimesS: readonly number[]) =>
  JSON.stringify({
    ok: true,
    policy,
    name: 'driving-td3',
    tracks: [
      {
        track: 'willow-park',
        episodes: 2,
        lapped: lapTimesS.length > 0 ? 1 : 0,
        starts: [{ lapTimesS }, { lapTimesS: [] }],
      },
    ],
  });

test('laps of evaluations, with lines of a log before them or over several lines', async (t) => {
  const [one, two] = [scratch.path('one.json'), scratch.path('two.json')];
  fs.writeFileSync(one, `a log\n${evaluation('runs/a/policy', [50.5, 41.25])}\n`);
  fs.writeFileSync(two, JSON.stringify(JSON.parse(evaluation('runs/b/policy', [])), undefined, 2));
  const out = scratch.path('laps.svg');
  const { code, json, error } = await runJson('plot', '--laps', one, two, '--out', out, '--title', 'Compared');
  t.is(code, 0, error);
  t.deepEqual(json['policies'], [
    { label: 'a/policy', tracks: 1, lapped: 1 },
    { label: 'b/policy', tracks: 1, lapped: 0 },
  ]);
  for (const text of ['Compared', '41.25', '1 of 2', '0 of 2']) t.true(textsOf(out).includes(text), text);
});

test('a recorded drive on its map, and against itself', async (t) => {
  const [map, against] = [scratch.path('map.svg'), scratch.path('against.svg')];
  const drive = await runJson('plot', '--drive', shipped, '--out', map);
  t.is(drive.code, 0, drive.error);
  t.like(drive.json, { kind: 'drive', track: 'copper-bowl', episode: 0 });
  t.true(textsOf(map).includes('speed, km/h') && textsOf(map).includes('copper-bowl, scripted'));
  const same = await runJson('plot', '--against', shipped, shipped, '--out', against);
  t.is(same.code, 0, same.error);
  t.like(same.json, { kind: 'against', track: 'copper-bowl', gapS: 0 });
  const [lap] = same.json['laps'] as [{ timeS: number; episode: number }];
  const [officialS] = drive.json['lapTimesS'] as [number];
  // The first lap's official time has the way from the grid to the line in it.
  t.true(lap.timeS < officialS && lap.timeS > officialS - 5, `${lap.timeS} and ${officialS}`);
});
