import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { Child, parseOnlyLine, run, runJson, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

/** Small and quick; what it learns is of no interest. */
const tiny = [
  'netArch=[8]',
  'batchSize=8',
  'learningStarts=40',
  'bufferSize=1000',
  'trainFrequency=1',
  'gradientSteps=1',
].flatMap((one) => ['--set', one]);
const pendulum = ['train', '--environment', 'pendulum', '--algorithm', 'ddpg', ...tiny, '--threads', '1'];
const often = ['--evaluation-interval', '200', '--evaluation-episodes', '2', '--checkpoint-interval', '100'];

/** What a run learnt, without what hangs on the wall clock. */
const learntIn = (folder: string): string[] =>
  ['curve.csv', 'policy/weights.safetensors', 'policy-best/weights.safetensors', 'policy/policy.json'].map((name) =>
    fs.readFileSync(path.join(folder, name)).toString('base64'),
  );

test('trains, keeps all of it in the folder, and the saved policy gets the same returns to the last bit', async (t) => {
  const out = scratch.path('run');
  const { code, json, error } = await runJson(...pendulum, ...often, '--steps', '500', '--seed', '7', '--out', out);
  t.is(code, 0, error);
  t.like(json, { ok: true, outcome: 'finished', environment: 'pendulum', algorithm: 'ddpg', preset: 'pendulum' });
  t.like(json, { seed: 7, steps: 500, updates: 460, folder: out, backend: 'compiled' });
  t.true(Number(json['wallS']) > 0);
  for (const name of ['settings.json', 'summary.json', 'progress.jsonl', 'curve.csv', 'policy', 'policy-best']) {
    t.true(fs.existsSync(path.join(out, name)), name);
  }
  t.regex(error, /^training for 500 steps in [^\n]*\n/);
  t.regex(error, /\nfinished after 500 steps and 460 updates/);
  const evaluated = await runJson('evaluate', String(json['policy']), '--episodes', '2', '--seed', '7');
  t.is(evaluated.code, 0, evaluated.error);
  const { meanReturn, minReturn, maxReturn } = json['evaluation'] as Record<string, number>;
  t.like(evaluated.json, { ok: true, environment: 'pendulum', episodes: 2, meanReturn, minReturn, maxReturn });
  const other = await runJson('evaluate', String(json['policy']), '--episodes', '2', '--seed', '8');
  t.not(other.json['meanReturn'], meanReturn, 'another seed starts elsewhere');
});

test('Ctrl-C saves, exits with 130, and --resume ends like the run that never stopped', async (t) => {
  const words = [...pendulum, ...often, '--steps', '1500'];
  const whole = scratch.path('whole');
  t.is((await run(...words, '--out', whole)).code, 0);
  const out = scratch.path('interrupted');
  const child = new Child([...words, '--out', out, '--json']);
  await child.said(/evaluation after 200 steps/);
  child.process.kill('SIGINT');
  const { code, output, error } = await child.end();
  t.is(code, 130, error);
  const interrupted = parseOnlyLine(output);
  t.like(interrupted, { ok: false, outcome: 'interrupted', folder: out });
  t.true(Number(interrupted['steps']) >= 200 && Number(interrupted['steps']) < 1500, String(interrupted['steps']));
  t.regex(error, /\ninterrupted after [\d,]+ steps/);
  const resumed = await runJson('train', '--resume', '--out', out);
  t.is(resumed.code, 0, resumed.error);
  t.like(resumed.json, { outcome: 'finished', steps: 1500, updates: 1460 });
  t.regex(resumed.error, /^going on after [\d,]+ of 1,500 steps/);
  t.deepEqual(learntIn(out), learntIn(whole));
});

test('several environments feed one agent, and worker threads change nothing of it', async (t) => {
  const folders = ['on', 'off'].map((name) => scratch.path(name));
  for (const [i, workers] of ['on', 'off'].entries()) {
    const words = ['--environments', '2', '--workers', workers, '--steps', '300', '--out', folders[i]!];
    t.is((await run(...pendulum, ...often, ...words)).code, 0);
  }
  t.deepEqual(learntIn(folders[0]!), learntIn(folders[1]!));
});

for (const [what, words] of [
  ['TD3 on the inverted pendulum', '--environment inverted-pendulum'],
  ['DDPG on the reacher', '--environment reacher --algorithm ddpg'],
  ["the paper's settings", '--environment pendulum --preset paper'],
  ['a pendulum whose velocity is hidden, with memory', '--environment pendulum --hide-velocity --encoder recurrent'],
  ['memory in two environments', '--environment pendulum --encoder recurrent --environments 2 --workers off'],
  ['prioritised replay', '--environment pendulum --set prioritized=true'],
] as const) {
  test(`trains ${what}, and evaluates what it saved`, async (t) => {
    const out = scratch.path('run');
    const small = [...tiny, '--steps', '120', '--evaluation-episodes', '1', '--threads', '1', '--out', out];
    const trained = await runJson('train', ...words.split(' '), ...small);
    t.is(trained.code, 0, trained.error);
    t.true(Number(trained.json['updates']) > 0);
    const { code, json, error } = await runJson('evaluate', String(trained.json['policy']), '--episodes', '1');
    t.is(code, 0, error);
    t.is(json['meanReturn'], (trained.json['evaluation'] as { meanReturn: number }).meanReturn);
  });
}

test('trains from pixels: the policy remembers size, colour and stack of its pictures', async (t) => {
  const out = scratch.path('pixels');
  const filters = '[{"filters":4,"size":4,"stride":4}]';
  const encoder = `actorEncoder={"kind":"conv","filters":${filters}}`;
  const trained = await runJson(
    ...['train', '--environment', 'pendulum', '--observe', 'pixels', ...tiny, '--threads', '1', '--out', out],
    ...['--set', encoder, '--set', encoder.replace('actor', 'critic'), '--set', 'camera={"width":24,"height":20}'],
    ...['--set', 'pixels={"width":20,"height":20,"stack":2,"colour":"grey"}', '--set', 'maxEpisodeSteps=30'],
    ...['--steps', '100', '--evaluation-episodes', '1', '--set', 'shareEncoder=false', '--set', 'randomShift=0'],
  );
  t.is(trained.code, 0, trained.error);
  const { json } = await runJson('evaluate', String(trained.json['policy']), '--episodes', '1');
  t.like(json, { ok: true, meanLength: 30 });
  t.is(json['meanReturn'], (trained.json['evaluation'] as { meanReturn: number }).meanReturn);
  const policy = JSON.parse(fs.readFileSync(path.join(out, 'policy/policy.json'), 'utf8')) as {
    observationSpace: { pixels: { shape: number[] } };
  };
  t.deepEqual(policy.observationSpace.pixels.shape, [20, 20, 2]);
});

test('options from a file, and --set goes before it', async (t) => {
  const file = scratch.path('settings.json');
  fs.writeFileSync(file, '{"netArch": [8], "batchSize": 4, "learningStarts": 40, "gamma": 0.5, "loss": "mse"}');
  const out = scratch.path('run');
  const words = ['--settings', file, '--set', 'gamma=0.9', '--set', 'loss=huber', '--steps', '60', '--out', out];
  const { code, error } = await run('train', '--environment', 'pendulum', '--evaluation-interval', '0', ...words);
  t.is(code, 0, error);
  const { agent } = JSON.parse(fs.readFileSync(path.join(out, 'settings.json'), 'utf8')) as { agent: object };
  t.like(agent, { netArch: { pi: [8], qf: [8] }, batchSize: 4, gamma: 0.9, loss: 'huber' });
  t.false(fs.existsSync(path.join(out, 'policy-best')), 'no evaluation, no best policy');
});
