import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { type DatasetOptions, openDataset } from '../../src/cli/dataset/index.ts';
import { listFiles } from '../../src/core/files.ts';
import { RecordingWriter } from '../../src/recordings/index.ts';
import { optionsFor, recordEpisode, transitionAt } from '../recordings/drive.ts';
import { CAMERA, learner, randomDriver, recordFake } from './dataset-support.ts';
import { Scratch } from './support.ts';

const scratch = new Scratch();
test.after.always(() => scratch.remove());

const open = (dir: string, more: Partial<DatasetOptions> = {}) =>
  openDataset({ folders: [dir], environment: learner(), labels: 'executed', ...more });

for (const [what, recorded, asked, message] of [
  ['another rate', { options: { actionRepeat: 10 } }, {}, /Expected 10 frames a second.*5 ticks.*got 5$/],
  ['a higher rate, what was executed', { options: { actionRepeat: 1 } }, {}, /got 50: what was executed changed/],
  ['another view', { camera: { ...CAMERA, view: 'bonnet' } }, {}, /16x12 from road.*got 16x12 from bonnet/],
  ['smaller pictures', { camera: { width: 8, height: 8, view: 'road' } }, {}, /16x12.*got 8x8/],
  ['another shape', { camera: { width: 32, height: 32, view: 'road' } }, {}, /16x12.*same shape.*got 32x32/],
  ['no pictures', { camera: undefined, pixels: undefined }, {}, /got no pictures/],
  [
    'other range finders',
    { options: { rangeFinderAnglesDeg: Array.from({ length: 19 }, (_, i) => i - 9) } },
    { options: { state: ['track'] } },
    /\(-90, -80.*got -9, -8/,
  ],
  ['actions without gears', {}, { options: { actions: 'controls' } }, /said as controls.*got steer-pedal/],
  ['another reward', { options: { reward: 'lau' } }, {}, /reward progress.*got lau/],
] as const) {
  test(`a recording with ${what} is refused, and both are named`, async (t) => {
    const dir = scratch.path();
    await recordFake({ dir, settings: learner(recorded as never), steps: 3 });
    await t.throwsAsync(open(dir, { environment: learner(asked as never) }), { code: 'ERR_DATASET_MISMATCH', message });
  });
}

test('what a recording does not tell is taken for granted, and said', async (t) => {
  const dir = scratch.path();
  await recordFake({ dir, settings: learner(), steps: 3, tells: false });
  const { notes } = await open(dir);
  t.is(notes.length, 2);
  t.regex(notes[0]!, /view: it is taken for road/);
  t.regex(notes[1]!, /reward: it is taken for progress × 1/);
});

test('a state that can be had neither from sensors nor as it was recorded is refused', async (t) => {
  const dir = scratch.path();
  await recordFake({ dir, settings: learner(), steps: 3, sensors: false });
  t.is((await open(dir)).transitions, 2, 'its own state');
  await t.throwsAsync(open(dir, { environment: learner({ options: { state: ['rpm'] } }) }), {
    code: 'ERR_DATASET_MISMATCH',
    message: /Expected sensors, or the learner's own state \(rpm\)/,
  });
});

test('both pedals at once and reverse gears are refused with their place, or the difference is taken', async (t) => {
  const settings = learner({ options: { actions: 'controls', actionRepeat: 1 } });
  const environment = learner({ options: { actionRepeat: 1 } });
  const drive = async (second: Float32Array): Promise<string> => {
    const dir = scratch.path();
    let step = 0;
    const policy = { ...randomDriver(5), act: () => (step++ === 1 ? second : Float32Array.of(0, 1, 0, 1, 0)) };
    await recordFake({ dir, settings, steps: 4, policy });
    return dir;
  };
  const both = await drive(Float32Array.of(0, 0.75, 0.25, 1, 0));
  await t.throwsAsync(open(both, { environment }), {
    code: 'ERR_DATASET_MISMATCH',
    message: /both \(0\.750 and 0\.250\) in episode 0, frame 1 of .*`net`/,
  });
  const dataset = await open(both, { environment, pedals: 'net' });
  for await (const chunk of dataset.load({ threads: 0 })) {
    t.deepEqual(
      [...chunk.transitions()].map(({ action }) => action[1]),
      [1, 0.5, 1],
    );
  }
  const reverse = await drive(Float32Array.of(0, 0.5, 0, -1, 0));
  await t.throwsAsync(open(reverse, { environment, pedals: 'net' }), { message: /gear -1 in episode 0, frame 1/ });
});

test('a number that is not finite is refused with folder, episode, frame and field, before anything is read', async (t) => {
  for (const [spoil, message] of [
    [{ state: 2 }, /NaN in `observation\.state \(trackPos\)` of episode 1, frame 2 of .*nan/],
    [
      { sensors: { rpm: Number.POSITIVE_INFINITY } },
      /Infinity in `observation\.sensors \(rpm\)` of episode 1, frame 2/,
    ],
    [
      { sensors: { track: [Number.NaN, ...new Array<number>(18).fill(1)] } },
      /NaN in `observation\.sensors \(track\[0\]\)`/,
    ],
    [{ action: 1 }, /NaN in `action \(pedal\)`/],
    [{ reward: Number.NaN }, /NaN in `next\.reward`/],
  ] as const) {
    const dir = scratch.path('nan');
    const writer = await RecordingWriter.open(
      optionsFor(dir, { fps: 10, stateNames: ['angle', 'speedX', 'trackPos'], actionNames: ['steer', 'pedal'] }),
    );
    await recordEpisode(writer, 0, 4);
    await writer.onReset({ episode: 1, observation: transitionAt(1, 0, CAMERA).observation, info: {} });
    for (let step = 0; step < 4; step++) {
      const { observation, ...rest } = transitionAt(1, step, CAMERA);
      const state = observation.state.slice();
      const action = rest.action.slice();
      if (step === 2 && 'state' in spoil) state[spoil.state] = Number.NaN;
      if (step === 2 && 'action' in spoil) action[spoil.action] = Number.NaN;
      const sensors =
        step === 2 && 'sensors' in spoil ? { ...observation.sensors!, ...spoil.sensors } : observation.sensors!;
      const reward = step === 2 && 'reward' in spoil ? spoil.reward : rest.reward;
      await writer.onStep({ ...rest, observation: { ...observation, state, sensors }, action, reward });
    }
    await writer.close();
    await t.throwsAsync(open(dir), { code: 'ERR_NOT_FINITE', message });
  }
});

test('a damaged, unfinished or missing recording is refused', async (t) => {
  const dir = scratch.path();
  await recordFake({ dir, settings: learner(), steps: 30 });
  await open(dir);
  const data = listFiles(dir).find((name) => name.startsWith('data/'))!;
  const file = path.join(dir, data);
  const whole = fs.readFileSync(file);
  const altered = Buffer.from(whole);
  altered[whole.length >> 1]! ^= 1;
  fs.writeFileSync(file, altered);
  await t.throwsAsync(open(dir), { code: 'ERR_INVALID_FILE', message: /file-000\.parquet: altered/ });
  fs.writeFileSync(file, whole.subarray(0, 100));
  await t.throwsAsync(open(dir), { code: 'ERR_INVALID_FILE', message: /file-000\.parquet: truncated/ });
  fs.writeFileSync(file, whole);
  await open(dir);
  fs.mkdirSync(path.join(dir, '.recording'));
  fs.writeFileSync(path.join(dir, '.recording/journal.bin'), '');
  await t.throwsAsync(open(dir), {
    code: 'ERR_INVALID_FILE',
    message: /journal\.bin: unfinished, was killed: repair it/,
  });
  await t.throwsAsync(open(scratch.path('nothing')), { code: 'ERR_INVALID_FILE', message: /Expected a dataset in/ });
});

test('what breaks after it was opened is told where it is read, in a thread too', async (t) => {
  const dir = scratch.path();
  await recordFake({ dir, settings: learner(), steps: 30 });
  const dataset = await open(dir);
  const data = listFiles(dir).find((name) => name.startsWith('data/'))!;
  fs.truncateSync(path.join(dir, data), 100);
  for (const threads of [0, 1]) {
    await t.throwsAsync(
      async () => {
        for await (const chunk of dataset.load({ threads })) t.fail(`got ${chunk.length} transitions`);
      },
      { code: 'ERR_INVALID_FILE', message: /file-000\.parquet/ },
    );
  }
});

test('wrong options, and frames that make no transition, are refused', async (t) => {
  const dir = scratch.path();
  await recordFake({ dir, settings: learner(), steps: 1 });
  await t.throwsAsync(open(dir), { code: 'ERR_INVALID_ARGUMENT', message: /at least one transition.*got 1 frames/ });
  const code = 'ERR_INVALID_ARGUMENT';
  await t.throwsAsync(open(dir, { folders: [] }), { code });
  await t.throwsAsync(open(dir, { folders: [dir, dir] }), { code, message: /each folder once/ });
  await t.throwsAsync(open(dir, { labels: 'learned' as never }), { code });
  await t.throwsAsync(open(dir, { environment: learner({ camera: undefined }) }), { code, message: /`camera`/ });
});
