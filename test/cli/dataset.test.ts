import test from 'ava';
import type { DrivingSettings } from '../../src/cli/compose/environment-settings.ts';
import { type LoadedChunk, type LoadOptions, openDataset } from '../../src/cli/dataset/index.ts';
import type { Transition } from '../../src/core/index.ts';
import { createPreprocessor } from '../../src/frames/index.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';
import { CAMERA, learner, recordFake } from './dataset-support.ts';
import { Scratch } from './support.ts';

const scratch = new Scratch();
test.after.always(() => scratch.remove());

const INLINE: LoadOptions = { threads: 0 };

async function load(
  folders: readonly string[],
  environment: DrivingSettings,
  options: LoadOptions = INLINE,
  more: { labels?: 'expert' | 'executed'; phases?: 'all' | 'first'; pedals?: 'exact' | 'net' } = {},
): Promise<LoadedChunk[]> {
  const dataset = await openDataset({ folders: [...folders], environment, labels: 'executed', ...more });
  const chunks: LoadedChunk[] = [];
  for await (const chunk of dataset.load(options)) chunks.push(chunk);
  return chunks;
}

/** What was seen online, without the last transition, whose end no row holds. */
function sameAsOnline(t: import('ava').ExecutionContext, loaded: readonly Transition[], online: readonly Transition[]) {
  for (const [i, transition] of loaded.entries()) {
    const expected = online[i]!;
    t.deepEqual(transition.observation.state, expected.observation.state, `state ${i}`);
    t.deepEqual(transition.observation.pixels, expected.observation.pixels, `pixels ${i}`);
    t.deepEqual(transition.nextObservation.state, expected.nextObservation.state, `next state ${i}`);
    t.deepEqual(transition.nextObservation.pixels, expected.nextObservation.pixels, `next pixels ${i}`);
    t.deepEqual(transition.action, expected.action);
    t.is(transition.reward, Math.fround(expected.reward));
  }
}

for (const [what, pixels] of [
  ['colours, stacked', { stack: 3 }],
  [
    'grey, cropped and shrunk',
    { stack: 2, colour: 'grey', width: 8, height: 8, crop: { left: 2, top: 0, width: 12, height: 12 } },
  ],
] as const) {
  test(`a dataset gives what the environment gave, to the bit: ${what}`, async (t) => {
    const dir = scratch.path();
    const settings = learner({ pixels });
    const [online = []] = await recordFake({ dir, settings, steps: 12 });
    const dataset = await openDataset({ folders: [dir], environment: settings, labels: 'executed' });
    t.is(dataset.transitions, 11);
    t.deepEqual(dataset.notes, []);
    const [chunk] = await load([dir], settings);
    const loaded = [...chunk!.transitions()];
    t.is(loaded.length, 11);
    sameAsOnline(t, loaded, online);
    t.deepEqual(chunk!.start, loaded[0]!.observation);
    t.deepEqual(
      loaded.map(({ terminated, truncated }) => [terminated, truncated]),
      loaded.map((_, i) => [false, i === 10]),
    );
  });
}

test('a task that ended keeps its last step, which is terminated', async (t) => {
  const dir = scratch.path();
  const settings = learner({ options: { offTrackLimit: 0.02 } });
  const [online = []] = await recordFake({ dir, settings, steps: 100 });
  t.true(online.length > 2 && online.length < 100 && online.at(-1)!.terminated);
  const [chunk] = await load([dir], settings);
  const loaded = [...chunk!.transitions()];
  t.is(loaded.length, online.length);
  sameAsOnline(t, loaded.slice(0, -1), online);
  t.like(loaded.at(-1), { terminated: true, truncated: false, reward: Math.fround(online.at(-1)!.reward) });
});

test("the labels are the expert's where they are asked for and there, else what was executed", async (t) => {
  const [labelled, plain] = [scratch.path(), scratch.path()];
  const settings = learner();
  const label = (step: number) => Float32Array.of(step / 100, -step / 50);
  const [online = []] = await recordFake({ dir: labelled, settings, steps: 4, label });
  await recordFake({ dir: plain, settings, steps: 4 });
  const actions = async (folder: string, labels: 'expert' | 'executed') =>
    [...(await load([folder], settings, INLINE, { labels }))[0]!.transitions()].map(({ action }) => action);
  t.deepEqual(await actions(labelled, 'expert'), [0, 1, 2].map(label));
  const executed = online.slice(0, 3).map(({ action }) => action);
  t.deepEqual(await actions(labelled, 'executed'), executed);
  t.deepEqual(await actions(plain, 'expert'), executed);
  const { notes } = await openDataset({ folders: [plain], environment: settings, labels: 'expert' });
  t.regex(notes.join(), /no `action\.expert`/);
});

test('a state that was not recorded is made of the sensors', async (t) => {
  const dir = scratch.path();
  await recordFake({ dir, settings: learner({ options: { state: 'low-dimensional' } }), steps: 6 });
  const wanted = learner({ options: { state: ['rpm', 'speedX', 'track'] } });
  const again = scratch.path();
  const [online = []] = await recordFake({ dir: again, settings: wanted, steps: 6 });
  const [chunk] = await load([dir], wanted);
  for (const [i, { observation }] of [...chunk!.transitions()].entries()) {
    for (const [entry, value] of observation.state.entries()) {
      t.true(Math.abs(value - online[i]!.observation.state[entry]!) < 1e-6);
    }
  }
});

test('a higher rate is thinned: each phase is an episode, rewards are summed, stacks hold kept pictures', async (t) => {
  const dir = scratch.path();
  const fast = learner({ options: { actionRepeat: 1, offTrackLimit: 0.01 }, pixels: { stack: 1 } });
  const label = (step: number) => Float32Array.of(step / 1000, 0);
  const [online = []] = await recordFake({ dir, settings: fast, steps: 500, label });
  const count = online.length;
  t.true(online.at(-1)!.terminated && count > 12);
  const slow = learner({ pixels: { stack: 2 } });
  const chunks = await load([dir], slow, INLINE, { labels: 'expert' });
  t.deepEqual(
    chunks.map(({ length, chunk }) => [chunk.phase, length]),
    [0, 1, 2, 3, 4].map((phase) => [phase, Math.ceil((count - phase) / 5)]),
  );
  const thinned = [...chunks[2]!.transitions()];
  for (const [i, transition] of thinned.entries()) {
    const row = 2 + 5 * i;
    const rewards = online.slice(row, row + 5).map(({ reward }) => Math.fround(reward));
    t.true(Math.abs(transition.reward - rewards.reduce((a, b) => a + b)) < 1e-9);
    t.deepEqual(transition.action, label(row));
    const depth = 6;
    const newest = transition.observation.pixels!.filter((_, at) => at % depth >= 3);
    t.deepEqual(newest, online[row]!.observation.pixels);
    const before = transition.observation.pixels!.filter((_, at) => at % depth < 3);
    t.deepEqual(before, online[Math.max(2, row - 5)]!.observation.pixels);
    t.is(transition.terminated, i === thinned.length - 1);
  }
  t.is((await load([dir], slow, INLINE, { labels: 'expert', phases: 'first' })).length, 1);
});

test('larger pictures of the same shape are shrunk as the pipeline shrinks', async (t) => {
  const dir = scratch.path();
  const large = { ...CAMERA, width: 32, height: 24 };
  const [online = []] = await recordFake({ dir, settings: learner({ camera: large, pixels: { stack: 1 } }), steps: 3 });
  const [chunk] = await load([dir], learner({ pixels: { stack: 1 } }));
  const { process } = createPreprocessor({ inputWidth: 32, inputHeight: 24, width: 16, height: 12 });
  const expected = new Uint8Array(16 * 12 * 3);
  await process({ width: 32, height: 24, data: online[0]!.observation.pixels!, tick: 0 }, expected, 0);
  t.deepEqual(chunk!.start.pixels, expected);
});

test("actions are said in the learner's: from full controls to one pedal, and back to two", async (t) => {
  const [controls, pedal] = [scratch.path(), scratch.path()];
  const base = { actionRepeat: 1 } as const;
  const [online = []] = await recordFake({
    dir: controls,
    settings: learner({ options: { ...base, actions: 'controls' } }),
    steps: 5,
  });
  const [one] = await load([controls], learner({ options: base }));
  const [two] = await load([controls], learner({ options: { ...base, actions: 'steer-accelerate-brake' } }));
  const twoActions = [...two!.transitions()].map(({ action }) => [...action]);
  for (const [i, { action }] of [...one!.transitions()].entries()) {
    const [steer = 0, accelerate = 0, brake = 0] = online[i]!.action;
    t.deepEqual([...action], [steer, Math.fround(accelerate - brake)]);
    t.deepEqual(twoActions[i], [steer, accelerate, brake]);
  }
  await recordFake({ dir: pedal, settings: learner({ options: base }), steps: 5 });
  const [back] = await load([pedal], learner({ options: { ...base, actions: 'steer-accelerate-brake' } }));
  const [kept] = await load([pedal], learner({ options: base }));
  const pedals = [...kept!.transitions()].map(({ action }) => action);
  t.true(pedals.some(([, value = 0]) => value < 0));
  for (const [i, { action }] of [...back!.transitions()].entries()) {
    const [steer = 0, value = 0] = pedals[i]!;
    t.deepEqual([...action], [steer, Math.max(0, value), Math.max(0, -value)]);
  }
});

test("rewards are scaled as the learner's", async (t) => {
  const dir = scratch.path();
  const [online = []] = await recordFake({ dir, settings: learner({ options: { rewardScale: 2 } }), steps: 8 });
  const [chunk] = await load([dir], learner({ options: { rewardScale: 0.5 } }));
  const [last] = [...chunk!.transitions()].slice(-1);
  t.is(last!.reward, Math.fround(online[6]!.reward) / 4);
  t.true(last!.reward > 0);
});

test('long episodes come in chunks that replay buffers take: none is lost, and each begins anew', async (t) => {
  const dir = scratch.path();
  const settings = learner();
  const episodes = await recordFake({ dir, settings, steps: 10, episodes: 2 });
  const chunks = await load([dir], settings, { ...INLINE, longestChunk: 4 });
  t.deepEqual(
    chunks.map(({ chunk }) => [chunk.episode, chunk.from, chunk.transitions]),
    [
      [0, 0, 4],
      [0, 4, 4],
      [0, 8, 1],
      [1, 0, 4],
      [1, 4, 4],
      [1, 8, 1],
    ],
  );
  const { observationSpace, actionSpace } = await openDataset({
    folders: [dir],
    environment: settings,
    labels: 'executed',
  });
  const [height = 0, width = 0] = observationSpace.pixels!.shape;
  const replay = createReplayBuffer({
    capacity: 100,
    state: observationSpace.state.shape[0]!,
    action: actionSpace.shape[0]!,
    gamma: 0.99,
    pixels: { height, width, channels: 3, stack: 3 },
  });
  for (const chunk of chunks) {
    replay.startEpisode(chunk.start);
    for (const transition of chunk.transitions()) replay.add(transition);
    t.true([...chunk.transitions()].at(-1)!.truncated);
  }
  t.is(replay.size, 18);
  const fourth = [...chunks[1]!.transitions()];
  t.deepEqual(fourth[0]!.observation.state, episodes[0]![4]!.observation.state);
  t.deepEqual(fourth[2]!.observation.pixels, episodes[0]![6]!.observation.pixels, 'once the stack has filled');
});
