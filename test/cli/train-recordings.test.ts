import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { openRecording } from '../../src/recordings/index.ts';
import { runFiles } from '../../src/training/index.ts';
import { run, runJson, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const frames = scratch.path('frames');
test.before(async () => {
  const words = ['--tracks', 'harbour-oval,willow-park', '--frames', '120', '--camera', '32x32', '--seed', '1'];
  await runJson('record', '--out', frames, ...words);
});

const small = [
  'camera={"width":32,"height":32}',
  'pixels={"crop":{"left":0,"top":12,"width":32,"height":16},"stack":2}',
  'actorEncoder={"kind":"conv","filters":[{"filters":8,"size":4,"stride":4}],"state":true}',
  'netArch=[8]',
  'batchSize=8',
].flatMap((one) => ['--set', one]);
const brief = ['--threads', '1', '--seed', '2', '--evaluation-tracks', 'harbour-oval', '--tracks', 'harbour-oval'];
const clone = ['train', '--algorithm', 'clone', '--from', frames, ...small, ...brief, '--evaluation-interval', '20'];

test('clones the recorded expert, with DAgger; the policy says what it saw, and drives', async (t) => {
  const out = scratch.path('clone');
  const words = ['--steps', '40', '--dagger', '1', '--dagger-frames', '30'];
  const trained = await runJson(...clone, ...words, '--out', out);
  t.is(trained.code, 0, trained.error);
  t.like(trained.json, { algorithm: 'clone', preset: 'driving-clone', steps: 40, updates: 40, episodes: 0 });
  t.is((trained.json['evaluation'] as { episodes: number }).episodes, 1);
  const round = path.join(out, 'dagger', 'round-1');
  t.like((await runJson('recordings', 'verify', round)).json, { ok: true });
  t.like((await runJson('recordings', 'inspect', round)).json, { frames: 30 });
  const policy = JSON.parse(fs.readFileSync(path.join(out, runFiles.policy, 'policy.json'), 'utf8')) as {
    provenance: { dataset: unknown };
  };
  t.like(policy.provenance.dataset, { folders: [path.basename(frames)], use: 'clone', frames: 120 });
  const driven = await runJson('drive', '--driver', path.join(out, runFiles.bestPolicy), '--time-limit', '2');
  t.like(driven.json, { driver: 'driving-clone', outcome: 'time-limit' });
});

/** What a run learnt: its curve and its last weights. */
const learnt = (out: string) => [
  fs.readFileSync(path.join(out, runFiles.curve), 'utf8'),
  fs.readFileSync(path.join(out, runFiles.policy, 'weights.safetensors')).toString('base64'),
];

/** As if a finished run had been killed after its last checkpoint but one. */
function killBeforeLastCheckpoint(out: string): void {
  const checkpoints = path.join(out, runFiles.checkpoints);
  const names = fs.readdirSync(checkpoints).filter((name) => name !== 'shared');
  if (names.length < 2) throw new Error(`Expected two checkpoints, got ${names.join()}`);
  fs.rmSync(path.join(checkpoints, names.sort().at(-1)!), { recursive: true });
  fs.rmSync(path.join(out, runFiles.summary));
}

test('a clone that is interrupted before and after a round of DAgger ends as one that is not', async (t) => {
  const words = ['--steps', '60', '--dagger', '1', '--dagger-frames', '25', '--checkpoint-interval', '16'];
  const whole = scratch.path('whole');
  await runJson(...clone, ...words, '--out', whole);
  const out = scratch.path('resumed');
  await runJson(...clone, ...words, '--out', out);
  // In the middle of the round.
  killBeforeLastCheckpoint(out);
  fs.rmSync(path.join(out, 'dagger', 'round-1', 'round.json'));
  const resumed = await runJson('train', '--resume', '--out', out);
  t.is(resumed.code, 0, resumed.error);
  t.deepEqual(learnt(out), learnt(whole));
});

test('a policy labels what the learner does, and is named by its folder alone', async (t) => {
  const words = ['--steps', '60', '--dagger', '1', '--dagger-frames', '20', '--expert', 'models/driving-state'];
  const out = scratch.path('taught');
  const trained = await runJson(...clone, ...words, '--checkpoint-interval', '16', '--out', out);
  t.is(trained.code, 0, trained.error);
  const policy = fs.readFileSync(path.join(out, runFiles.policy, 'policy.json'), 'utf8');
  t.like(JSON.parse(policy), { provenance: { dataset: { dagger: { rounds: 1, expert: 'driving-state' } } } });
  t.false(policy.includes(process.cwd()));
  killBeforeLastCheckpoint(out);
  const other = await run('train', '--resume', '--out', out, '--expert', 'scripted');
  t.is(other.code, 2);
  t.regex(other.error, /Expected --expert \S+driving-state, as the run/);
  t.is((await run('train', '--resume', '--out', out, '--expert', 'models/driving-state')).code, 0);
  const lonely = await run(...clone, '--expert', 'models/driving-state', '--out', scratch.path('lonely'));
  t.regex(lonely.error, /--expert with --dagger only/);
});

/** What the expert said in the first round of DAgger, pedals alone. */
async function labels(out: string): Promise<number[]> {
  const recording = await openRecording(path.join(out, 'dagger', 'round-1'));
  const pedals: number[] = [];
  for await (const row of recording.transitions()) pedals.push(row.expertAction?.[1] ?? Number.NaN);
  return pedals;
}

test('the expert of the rounds drives as the flags say, and goes on so', async (t) => {
  const words = ['--steps', '60', '--dagger', '1', '--dagger-frames', '60', '--checkpoint-interval', '16'];
  const [fast, slow] = [scratch.path('fast'), scratch.path('slow')];
  t.is((await run(...clone, ...words, '--out', fast)).code, 0);
  t.is((await run(...clone, ...words, '--top-speed', '30', '--out', slow)).code, 0);
  const most = async (out: string) => (await labels(out)).slice(-20).reduce((sum, pedal) => sum + pedal, 0) / 20;
  const [asFast, asSlow] = [await most(fast), await most(slow)];
  t.true(asSlow < asFast - 0.1, `${asSlow} at 30 km/h, ${asFast} at 75`);
  killBeforeLastCheckpoint(slow);
  const other = await run('train', '--resume', '--out', slow, '--top-speed', '40');
  t.regex(other.error, /Expected --top-speed 30, as the run/);
  t.is((await run('train', '--resume', '--out', slow, '--top-speed', '30')).code, 0);
  const lonely = await run(...clone, '--edge-room', '1', '--out', scratch.path('no-rounds'));
  t.regex(lonely.error, /Expected --grip-share, --edge-room and --top-speed with --dagger only/);
  const taught = ['--dagger', '1', '--expert', 'models/driving-state', '--grip-share', '0.3'];
  const policy = await run(...clone, ...taught, '--out', scratch.path('no-margin'));
  t.regex(policy.error, /with the scripted expert only/);
});

test('what does not fit into memory is streamed; an interrupted run goes on to the bit', async (t) => {
  const words = ['--steps', '250', '--set', 'bufferSize=60', '--checkpoint-interval', '100'];
  const whole = scratch.path('streamed');
  const first = await runJson(...clone, ...words, '--out', whole);
  t.is(first.code, 0, first.error);
  const out = scratch.path('streamed-again');
  await runJson(...clone, ...words, '--out', out);
  killBeforeLastCheckpoint(out);
  t.is((await run('train', '--resume', '--out', out)).code, 0);
  t.deepEqual(learnt(out), learnt(whole));
});

const critic = ['criticEncoder={"kind":"mlp"}', 'shareEncoder=false', 'randomShift=2'];
const world = ['actions="steer-pedal"', 'actionRepeat=5', 'state=["speedX"]'];
const sets = [...critic, ...world].flatMap((one) => ['--set', one]);
const td3 = ['train', '--observe', 'pixels', '--from', frames, ...small, ...sets, ...brief];

for (const [what, words, expected] of [
  ['offline', ['--offline', '--steps', '40', '--evaluation-interval', '40'], { steps: 40, updates: 40, episodes: 0 }],
  [
    'beside an environment',
    [
      ...['--steps', '40', '--evaluation-interval', '40', '--set', 'learningStarts=10'],
      ...['--set', 'bufferSize=100', '--set', 'trainFrequency=1'],
    ],
    { steps: 40, updates: 30 },
  ],
] as const) {
  test(`learns ${what} from what was recorded; after a kill, to the bit`, async (t) => {
    const train = [...td3, ...words, '--checkpoint-interval', '15', '--out'];
    const [whole, out] = [scratch.path('whole'), scratch.path('resumed')];
    const first = await runJson(...train, whole);
    t.is(first.code, 0, first.error);
    t.like(first.json, { algorithm: 'td3', ...expected });
    await runJson(...train, out);
    killBeforeLastCheckpoint(out);
    const resumed = await runJson('train', '--resume', '--out', out);
    t.is(resumed.code, 0, resumed.error);
    t.like(resumed.json, expected);
    t.deepEqual(learnt(out), learnt(whole));
  });
}

test('a recording that does not fit the learner is refused before anything is begun', async (t) => {
  const out = scratch.path('misfit');
  // The preset's camera is larger than the recorded one.
  const words = ['train', '--algorithm', 'clone', '--from', frames, ...brief];
  const { code, error } = await run(...words, '--out', out);
  t.is(code, 1);
  t.regex(error, /ERR_DATASET_MISMATCH/);
  t.false(fs.existsSync(out));
});
