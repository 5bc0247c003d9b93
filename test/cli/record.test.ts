import anyTest from 'ava';
import { Cleanup } from '../../src/cli/cleanup.ts';
import { loadPolicyExpert } from '../../src/cli/compose/policy-expert.ts';
import { openDataset } from '../../src/cli/dataset/index.ts';
import { openRecording, type RecordedTransition } from '../../src/recordings/index.ts';
import { DEFAULT_RANGE_FINDER_ANGLES_DEG } from '../../torcs-client/index.ts';
import { learner } from './dataset-support.ts';
import { savedWithoutCritics } from './kept-policy.ts';
import { Child, run, runJson, Scratch } from './support.ts';

/** One after the other: each run listens to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const STATE_POLICY = 'models/driving-state';
const TRACKS = ['--tracks', 'harbour-oval,willow-park'];
const SMALL = [...TRACKS, '--camera', '16x12', '--frames', '60', '--episode-seconds', '2'];

async function rowsOf(dir: string): Promise<RecordedTransition[]> {
  const rows: RecordedTransition[] = [];
  for await (const row of (await openRecording(dir)).transitions()) rows.push(row);
  return rows;
}

/** What was recorded, without where it lies. */
const numbersOf = (rows: readonly RecordedTransition[]) =>
  rows.map(({ action, expertAction, state, reward, picture }) => [
    ...action,
    ...(expertAction ?? []),
    ...state,
    reward,
    Buffer.from(picture!.png!).toString('base64'),
  ]);

test('record: balanced over tracks, labelled, disturbed in parts, and sound', async (t) => {
  const out = scratch.path('frames');
  const { code, error, json } = await runJson('record', '--out', out, ...SMALL);
  t.is(code, 0, error);
  t.like(json, { ok: true, frames: 60, fps: 10, driver: 'scripted', simulator: 'embedded', out });
  const tracks = json['tracks'] as Record<string, { frames: number; episodes: number; distanceM: number }>;
  t.deepEqual(
    Object.entries(tracks).map(([name, { frames, episodes }]) => [name, frames, episodes]),
    [
      ['harbour-oval', 30, 2],
      ['willow-park', 30, 2],
    ],
  );
  t.deepEqual(json['outcomes'], { 'step-limit': 4 });
  t.deepEqual(
    (await openRecording(out)).episodes.map(({ frames }) => frames),
    [15, 15, 15, 15],
    'no short rest',
  );
  t.like((await runJson('recordings', 'verify', out)).json, { ok: true, frames: 60 });
  const recording = await openRecording(out);
  t.like(recording, {
    actionNames: ['steer', 'pedal'],
    hasExpertAction: true,
    camera: { width: 16, height: 12, view: 'road' },
    reward: { kind: 'progress', scale: 1 },
  });
  const rows = await rowsOf(out);
  const disturbed = rows.filter(({ action, expertAction }) => action.join() !== expertAction?.join());
  t.is(disturbed.length, Number(json['disturbedFrames']));
  t.true(disturbed.length > 0 && disturbed.length < 50);
  t.deepEqual(
    rows.slice(0, 3).map(({ tick }) => tick),
    [0, 5, 10],
  );
  const starts = recording.episodes.map(({ fromFrame }) => rows[fromFrame]!.sensors!.distFromStart);
  t.is(new Set(starts).size, 4, 'each starts elsewhere');
  const dataset = await openDataset({
    folders: [out],
    environment: learner({ camera: { width: 16, height: 12, view: 'road' } }),
    labels: 'expert',
  });
  t.is(dataset.transitions, 56);
  t.deepEqual(dataset.notes, []);
});

test('the same seed records the same; another does not; no noise is none; more is added elsewhere on the track', async (t) => {
  const [one, two, other, calm] = [0, 1, 2, 3].map(() => scratch.path('seed')) as [string, string, string, string];
  for (const out of [one, two]) await run('record', '--out', out, ...SMALL, '--seed', '5');
  await run('record', '--out', other, ...SMALL, '--seed', '6');
  await run('record', '--out', calm, ...SMALL, '--action-noise', '0', '--start', 'grid');
  const first = numbersOf(await rowsOf(one));
  t.deepEqual(numbersOf(await rowsOf(two)), first);
  t.notDeepEqual(numbersOf(await rowsOf(other)), first);
  for (const { action, expertAction } of await rowsOf(calm)) t.deepEqual(action, expertAction);
  await run('record', '--out', one, ...SMALL, '--seed', '5');
  const both = numbersOf(await rowsOf(one));
  t.is(both.length, 120);
  t.deepEqual(both.slice(0, 60), first);
  t.notDeepEqual(both.slice(60), first);
  t.like((await runJson('recordings', 'verify', one)).json, { ok: true, frames: 120 });
});

test('three actions, another rate and view; another dataset is not added to', async (t) => {
  const out = scratch.path('frames');
  const words = [
    'record',
    '--out',
    out,
    '--tracks',
    'harbour-oval',
    '--frames',
    '10',
    '--camera',
    '24x16',
    '--view',
    'behind',
  ];
  const { json } = await runJson(...words, '--action-repeat', '2', '--actions', 'steer-accelerate-brake');
  t.like(json, { ok: true, frames: 10, fps: 25 });
  t.like(await openRecording(out), { actionNames: ['steer', 'accelerate', 'brake'], camera: { view: 'behind' } });
  const refused = await runJson(...words);
  t.is(refused.code, 1);
  t.like(refused.json, { ok: false, error: { code: 'ERR_RECORDING_MISMATCH' } });
});

test('a policy that reads the state may be the expert: it drives, disturbed in parts, and its own actions are the labels', async (t) => {
  const out = scratch.path('taught-by-a-policy');
  const words = ['--expert', STATE_POLICY, '--tracks', 'harbour-oval', '--frames', '80', '--camera', '16x12'];
  const { code, error, json } = await runJson('record', '--out', out, ...words, '--start', 'grid');
  t.is(code, 0, error);
  t.like(json, { ok: true, driver: 'driving-td3', expertFrames: 80 });
  const rows = await rowsOf(out);
  const disturbed = rows.filter(({ action, expertAction }) => action.join() !== expertAction?.join());
  t.is(disturbed.length, Number(json['disturbedFrames']));
  t.true(disturbed.length > 0 && disturbed.length < 80);
  // What it does by itself, from the same start: the same until the first disturbance.
  const alone = scratch.path('alone');
  const drive = ['--driver', STATE_POLICY, '--track', 'harbour-oval', '--time-limit', '8', '--camera', '16x12'];
  await run('drive', ...drive, '--record', alone);
  const own = await rowsOf(alone);
  const first = rows.indexOf(disturbed[0]!);
  t.true(first > 0);
  for (let i = 0; i < first; i++) t.deepEqual(rows[i]!.expertAction, own[i]!.action, `decision ${i}`);
});

test('a policy that is the expert reads by its own range finders, and a state that is not its own is refused', async (t) => {
  const asked = { actions: 'steer-pedal', actionRepeat: 5 } as const;
  const cleanup = new Cleanup();
  t.teardown(() => cleanup.run());
  const angles = DEFAULT_RANGE_FINDER_ANGLES_DEG.map((angle) => angle / 2);
  for (const [name, options, expected] of [
    ['as usual', {}, DEFAULT_RANGE_FINDER_ANGLES_DEG],
    ['nearer', { rangeFinderAnglesDeg: angles }, angles],
  ] as const) {
    const folder = savedWithoutCritics(scratch.path(name), options);
    const expert = await loadPolicyExpert({ ...asked, folder, cleanup });
    t.deepEqual([...expert.rangeFinderAnglesDeg], [...expected]);
  }
  const folder = savedWithoutCritics(scratch.path('of two kinds'), { state: 'minimal' });
  await t.throwsAsync(() => loadPolicyExpert({ ...asked, folder, cleanup }), {
    code: 'ERR_INVALID_FILE',
    message: /of two kinds .*its parts do not belong together/,
  });
});

test('wrong use is told', async (t) => {
  const out = ['--out', scratch.path('wrong')];
  for (const [words, message] of [
    [[], /--out DIR: it is required/],
    [[...out, '--driver', 'random'], /scripted or the folder of a policy, got random/],
    [[...out, '--expert-share', '0.5'], /--driver POLICY with --expert-share/],
    [[...out, '--expert', 'random'], /--expert scripted or the folder of a policy, got random/],
    [[...out, '--expert', STATE_POLICY, '--top-speed', '90'], /with the scripted expert only/],
    [[...out, '--expert', STATE_POLICY, '--action-repeat', '2'], /`actionRepeat` are the learner's \(2\) .*, got 5/],
    [[...out, '--expert', 'models/driving-clone'], /reads the state alone in models\/driving-clone, got one that sees/],
    [[...out, '--expert', 'models/pendulum'], /a policy that drives in models\/pendulum, got one of pendulum/],
    [[...out, '--view', 'behind'], /--camera WxH with --view/],
    [[...out, '--frames', '0'], /--frames to be a whole number from 1/],
    [[...out, '--action-noise', '21'], /--action-noise to be a number from 0 to 20/],
    [[...out, '--action-repeat', '3'], /divisor of 50 ticks/],
    [[...out, '--tracks', 'willow-prak'], /willow-park/],
    [[...out, '--camera', '4x4'], /camera/],
    [[...out, '--actions', 'controls'], /steer-pedal, steer-accelerate-brake/],
  ] as const) {
    const { code, error } = await run('record', ...words);
    t.is(code, 2, error);
    t.regex(error, message);
  }
});

test('Ctrl-C keeps what was recorded, whole', async (t) => {
  const out = scratch.path('interrupted');
  const child = new Child(['record', '--out', out, ...TRACKS, '--camera', '16x12', '--episode-seconds', '5', '--json']);
  await child.said(/harbour-oval: (\d+) frames/);
  child.process.kill('SIGINT');
  const { code, output, error } = await child.end();
  t.is(code, 130, error);
  const { ok, frames } = JSON.parse(output) as { ok: boolean; frames: number };
  t.false(ok);
  t.like((await runJson('recordings', 'verify', out)).json, { ok: true, frames });
});

test('kill -9 loses nothing that was recorded, and the next recording goes on from there', async (t) => {
  const out = scratch.path('killed');
  const words = ['record', '--out', out, '--tracks', 'harbour-oval', '--camera', '16x12', '--episode-seconds', '4'];
  const child = new Child(words);
  const frames = Number(await child.said(/harbour-oval: (\d+) frames/));
  child.process.kill('SIGKILL');
  await child.end();
  const { code, error } = await runJson(...words, '--frames', '20');
  t.is(code, 0, error);
  const { json } = await runJson('recordings', 'verify', out);
  t.like(json, { ok: true });
  t.true(Number(json['frames']) >= frames + 20);
  const { episodes } = await openRecording(out);
  t.is(episodes.at(-1)!.outcome, 'step-limit');
  t.is(new Set(episodes.map(({ seed }) => seed)).size, episodes.length);
});

test("a learner's drive is labelled by the expert, who relieves it now and then", async (t) => {
  const run = scratch.path('run');
  const tiny = [
    'netArch=[8]',
    'batchSize=8',
    'learningStarts=50',
    'bufferSize=100',
    'actionRepeat=5',
    'actions=steer-accelerate-brake',
  ];
  const state = 'state=["speedX","trackPos","angle"]';
  const set = [...tiny, state].flatMap((one) => ['--set', one]);
  const trained = await runJson('train', '--environment', 'driving', ...set, '--steps', '60', '--out', run);
  t.is(trained.code, 0, trained.error);
  const out = scratch.path('learner');
  const words = ['record', '--driver', String(trained.json['policy']), '--tracks', 'harbour-oval', '--frames', '100'];
  const { code, error, json } = await runJson(...words, '--expert-share', '0.5', '--camera', '16x12', '--out', out);
  t.is(code, 0, error);
  t.like(json, { ok: true, frames: 100, disturbedFrames: 0 });
  t.not(json['driver'], 'scripted');
  const rows = await rowsOf(out);
  const same = rows.filter(({ action, expertAction }) => action.join() === expertAction?.join()).length;
  t.is(same, Number(json['expertFrames']));
  t.true(same > 0 && same < 100, `${same} frames by the expert`);
  const { actionNames } = await openRecording(out);
  t.deepEqual(actionNames, ['steer', 'accelerate', 'brake']);
  const refused = await runJson(...words, '--action-repeat', '2', '--out', scratch.path('refused'));
  t.is(refused.code, 2);
  t.regex(refused.error, /Expected no --action-repeat, or the policy's own \(5\), got 2/);
});
