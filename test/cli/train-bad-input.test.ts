import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { checksum } from '../../src/agents/policy-folder/policy-file.ts';
import { Child, parseOnlyLine, run, runJson, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const tiny = [
  'netArch=[8]',
  'batchSize=8',
  'learningStarts=40',
  'bufferSize=1000',
  'trainFrequency=1',
  'gradientSteps=1',
].flatMap((one) => ['--set', one]);
const words = [
  ...['train', '--environment', 'pendulum', '--algorithm', 'ddpg', ...tiny, '--steps', '60', '--seed', '5'],
  ...['--threads', '1', '--evaluation-episodes', '10'],
];

/** A finished run, made once. */
const finished = scratch.path('finished');
test.before(async (t) => {
  const { code, error } = await run(...words, '--out', finished);
  t.is(code, 0, error);
});

const contentOf = (folder: string): string =>
  JSON.stringify(
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const file = path.join(folder, name);
        return [name, fs.statSync(file).isFile() ? fs.readFileSync(file).toString('base64') : ''];
      }),
  );

const oneLine = /^torcs-pilot: Expected [^\n]* \(ERR_[A-Z_]+\)\n$/;

for (const [line, message] of [
  ['train', /--out DIR: it is required/],
  ['train --out x --environment pendulm', /--environment to be one of .* \(perhaps pendulum\), got "pendulm"/],
  ['train --out x --algorithm sac', /--algorithm to be one of ddpg, td3/],
  ['train --out x --preset drivng', /--preset to be one of .*\(perhaps driving\), got "drivng"/],
  ['train --out x --encoder cnn', /--encoder to be one of mlp, conv, recurrent/],
  ['train --out x --observe pixel', /--observe to be one of state, pixels \(perhaps pixels\)/],
  ['train --out x --steps 0', /--steps to be a whole number from 1/],
  ['train --out x --environments 0', /--environments to be a whole number from 1 to 1024/],
  ['train --out x --backend gpu', /--backend to be one of auto, compiled/],
  ['train --out x --tracks a,,b', /--tracks to be names of tracks, each once/],
  ['train --out x --tracks a,b,a', /--tracks to be names of tracks, each once/],
  ['train --out x --track harbour-oval', /got "--track"\. Did you mean --tracks\?/],
  ['train --out x --set', /--set NAME=VALUE, got no value/],
  ['train --out x --set gamma', /--set to be NAME=VALUE with a value in JSON.*got "gamma"/],
  ['train --out x --set gamma=0.9 --set tau=', /--set to be NAME=VALUE.*got "tau="/],
  ['train --out x --set netArch=[64,', /--set to be NAME=VALUE/],
  ['train --out x --set gamma=0.9 --set gamma=0.8', /--set gamma once, got it twice/],
  ['train --out x --set gama=0.9', /got "gama"\. Did you mean gamma\?/],
  ['train --out x --set gamma=2', /`gamma`.*got 2/],
  [
    'train --out x --environment driving --observe pixels --set randomHue=0.5 --set pixels={"colour":"grey"}',
    /pixels of colour "rgb" with `randomHue`, got "grey"/,
  ],
  ['train --out x --set __proto__={}', /--set to be NAME=VALUE/],
  ['train --out x --tracks harbor-oval', /name of a track, such as `harbour-oval`.*got `harbor-oval`/],
  ['evaluate', /the folder of a policy, got nothing/],
  ['evaluate a b', /nothing after the policy, got "b"/],
  ['evaluate a --episodes 0', /--episodes to be a whole number from 1/],
] as const) {
  test(`wrong usage: ${line}`, async (t) => {
    const { code, error } = await run(...line.split(' '));
    t.is(code, 2, error);
    t.regex(error, message);
    t.regex(error, oneLine);
    t.false(fs.existsSync('x'), 'nothing was begun');
  });
}

test('a folder that is taken, a run that is none, a run that is done: told, and left as they were', async (t) => {
  const foreign = scratch.path('foreign');
  fs.mkdirSync(foreign);
  fs.writeFileSync(path.join(foreign, 'thesis.tex'), 'precious');
  const damaged = scratch.path('damaged');
  fs.cpSync(finished, damaged, { recursive: true });
  fs.truncateSync(path.join(damaged, 'settings.json'), 100);
  const altered = scratch.path('altered');
  fs.cpSync(finished, altered, { recursive: true });
  const settings = path.join(altered, 'settings.json');
  fs.writeFileSync(settings, fs.readFileSync(settings, 'utf8').replace('"gamma"', '"gama"'));
  for (const [line, error] of [
    [[...words, '--out', finished], 'ERR_RUN_EXISTS'],
    [[...words, '--out', foreign], 'ERR_RUN_EXISTS'],
    [['train', '--resume', '--out', foreign], 'ERR_NO_RUN'],
    [['train', '--resume', '--out', scratch.path()], 'ERR_NO_RUN'],
    [['train', '--resume', '--out', finished], 'ERR_RUN_FINISHED'],
    [['train', '--resume', '--out', damaged], 'ERR_INVALID_FILE'],
    [['train', '--resume', '--out', altered], 'ERR_INVALID_FILE'],
  ] as const) {
    const folder = line.at(-1)!;
    const before = fs.existsSync(folder) ? contentOf(folder) : undefined;
    const { code, json } = await runJson(...line);
    t.is(code, 1);
    t.is((json['error'] as { code: string }).code, error);
    t.is(fs.existsSync(folder) ? contentOf(folder) : undefined, before);
  }
});

test('what contradicts the run that is resumed is refused; what agrees is not', async (t) => {
  for (const [flags, message] of [
    [['--steps', '70'], /--steps 60, as the run in .* began with, or no --steps with --resume, got 70/],
    [['--environment', 'reacher'], /--environment pendulum/],
    [['--seed', '0'], /--seed 5/],
    [['--algorithm', 'td3'], /--algorithm ddpg/],
    [['--hide-velocity'], /--hide-velocity false/],
    [['--tracks', 'harbour-oval'], /no --tracks with --resume/],
    [['--set', 'gamma=0.5'], /no --set with --resume/],
    [['--threads', '7'], /--threads 1/],
    [['--evaluation-episodes', '3'], /--evaluation-episodes 10/],
  ] as const) {
    const { code, error } = await run('train', '--resume', '--out', finished, ...flags);
    t.is(code, 2, error);
    t.regex(error, message);
    t.regex(error, oneLine);
  }
  const same = ['--environment', 'pendulum', '--steps', '60', '--seed', '5', '--threads', '1', '--backend', 'auto'];
  const { code, error } = await run('train', '--resume', '--out', finished, ...same);
  t.is(code, 1);
  t.regex(error, /ERR_RUN_FINISHED/);
});

test('settings files that are none', async (t) => {
  for (const [text, message] of [
    [undefined, /readable file.*ENOENT/],
    ['{"gamma": 0.9', /Expected JSON/],
    ['[1]', /object of settings.*got "\[1\]"/],
    ['', /Expected JSON/],
  ] as const) {
    const file = scratch.path('settings.json');
    if (text !== undefined) fs.writeFileSync(file, text);
    const { code, error } = await run(...words, '--settings', file, '--out', scratch.path());
    t.is(code, 1);
    t.regex(error, message);
    t.regex(error, oneLine);
  }
});

type Json = Record<string, unknown>;

/** A copy of the finished run's policy, with another `policy.json` whose checksum is right. */
function policyWith(change: (content: Json) => void): string {
  const folder = scratch.path('policy');
  fs.cpSync(path.join(finished, 'policy'), folder, { recursive: true });
  const file = path.join(folder, 'policy.json');
  const { sha256: _, ...content } = JSON.parse(fs.readFileSync(file, 'utf8')) as Json;
  change(content);
  fs.writeFileSync(file, JSON.stringify({ ...content, sha256: checksum(content) }));
  return folder;
}

test('policy folders that are missing, cut, changed, or do not say where they come from', async (t) => {
  const cut = policyWith(() => {});
  fs.truncateSync(path.join(cut, 'weights.safetensors'), 50);
  const provenance = (content: Json) => content['provenance'] as Record<string, Json>;
  const intact = policyWith(() => {});
  t.is((await run('evaluate', intact, '--episodes', '1')).code, 0);
  for (const [folder, message] of [
    [scratch.path(), /the folder of a policy in .*, got no such folder/],
    [finished, /no policy\.json in it: did you mean .*policy-best or .*policy\?/],
    [cut, /weights\.safetensors/],
    [
      policyWith((content) => delete provenance(content)['environment']),
      /description of an environment in `provenance`/,
    ],
    [policyWith((content) => (provenance(content)['environment']!['name'] = 'chess')), /`environment\.name`/],
    [
      policyWith((content) => ((provenance(content)['environment']!['options'] as Json)['run'] = 'rm -rf')),
      /`environment\.options`.*run/,
    ],
    [
      policyWith((content) => ((provenance(content)['environment']!['options'] as Json)['hideVelocity'] = true)),
      /to have the `observationSpace` of the environment that it describes/,
    ],
  ] as const) {
    const { code, output, error } = await run('evaluate', folder, '--json');
    t.is(code, 1, error);
    t.regex(error, message);
    t.regex(error, oneLine);
    t.like(parseOnlyLine(output), { ok: false, error: { code: 'ERR_INVALID_FILE' } });
  }
});

test('a policy of another environment does not drive, and knows no tracks', async (t) => {
  const policy = path.join(finished, 'policy');
  for (const [line, message] of [
    [['drive', '--driver', policy], /a policy that drives in .*, got one of pendulum/],
    [['evaluate', policy, '--tracks', 'harbour-oval'], /--tracks with a policy that drives only, got one of pendulum/],
    [['evaluate', policy, '--simulator', 'torcs'], /--simulator with a policy that drives only/],
    [['evaluate', policy, '--reward', 'lau'], /--reward with a policy that drives only/],
    [
      ['drive', '--driver', 'nobody'],
      /--driver to be one of scripted, random, or the folder of a policy, got "nobody"/,
    ],
  ] as const) {
    const { code, error } = await run(...line);
    t.is(code, 2, error);
    t.regex(error, message);
    t.regex(error, oneLine);
  }
  const missing = await run('drive', '--driver', scratch.path());
  t.is(missing.code, 1);
  t.regex(missing.error, /ERR_INVALID_FILE/);
});

test('Ctrl-C ends an evaluation: exit code 130, and what was done till then', async (t) => {
  const child = new Child(['evaluate', path.join(finished, 'policy'), '--episodes', '100000', '--json']);
  await child.said(/100000 episodes on/);
  child.process.kill('SIGINT');
  const { code, output, error } = await child.end();
  t.is(code, 130, error);
  const json = parseOnlyLine(output);
  t.is(json['ok'], false);
  // Whether an episode was whole by then hangs on the machine.
  if (json['error'] === undefined) t.true(Number(json['episodes']) < 100_000);
  else t.like(json['error'], { code: 'ERR_INTERRUPTED' });
});
