import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import anyTest from 'ava';
import { CriticEstimate, type LearnedPolicy } from '../../src/agents/index.ts';
import { createEngine } from '../../src/backend/index.ts';
import { composeDriver } from '../../src/cli/compose/driver.ts';
import { composeSimulator } from '../../src/cli/compose/simulator.ts';
import { openPolicyDrive } from '../../src/cli/replay/policy-drive.ts';
import { ffmpeg } from '../video/ffmpeg.ts';
import { keptPolicy, savedWithoutCritics } from './kept-policy.ts';
import { run, runJson, Scratch } from './support.ts';

/** One after the other: runs listen to this process's signals. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const shipped = fileURLToPath(new URL('../../recordings/scripted-64x64', import.meta.url));
const small = ['--size', '320x180', '--fps', '10'];
const execute = promisify(execFile);

/** A policy that learned next to nothing: what it does is as good for a film. */
async function trainedPolicy(name: string, ...words: string[]): Promise<string> {
  const out = scratch.path(name);
  const tiny = ['netArch=[8]', 'batchSize=8', 'bufferSize=200'].flatMap((one) => ['--set', one]);
  const common = ['--environment', 'driving', '--steps', '20', '--threads', '1', '--evaluation-episodes', '1'];
  const { json, error } = await runJson('train', ...common, ...tiny, ...words, '--out', out);
  if (typeof json['policy'] !== 'string') throw new Error(error);
  return json['policy'];
}

/** Hash of each decoded picture, and their size. */
async function pictures(
  file: string,
): Promise<{ hashes: string[]; size: string | undefined; rate: string | undefined }> {
  const told = await execute(ffmpeg, ['-hide_banner', '-i', file]).catch((error: { stderr: string }) => error);
  const [, size] = /Video: h264 \(High\).*?, yuv420p[^\n]*?, (\d+x\d+)/.exec(told.stderr) ?? [];
  const [, rate] = /(\d+) fps/.exec(told.stderr) ?? [];
  const [width, height] = (size ?? '0x0').split('x').map(Number);
  const { stdout } = await execute(
    ffmpeg,
    ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
    {
      encoding: 'buffer',
      maxBuffer: 1 << 30,
    },
  );
  const bytes = width! * height! * 3;
  const hashes = Array.from({ length: stdout.length / bytes }, (_, i) =>
    createHash('sha256')
      .update(stdout.subarray(i * bytes, (i + 1) * bytes))
      .digest('hex'),
  );
  return { hashes, size, rate };
}

test('a driver of ours is filmed: size, rate, every picture, and the same again', async (t) => {
  const [one, other] = [scratch.path('one.mp4'), scratch.path('other.mp4')];
  const words = ['scripted', '--track', 'willow-park', '--time-limit', '3', '--seed', '7', ...small];
  const first = await runJson('replay', ...words, '--video', one);
  t.is(first.code, 0, first.error);
  t.like(first.json, {
    ok: true,
    video: one,
    width: 320,
    height: 180,
    fps: 10,
    // From 0 to 3 s, and two seconds that stand still.
    frames: 51,
    durationS: 5.1,
    driver: 'scripted',
    simulator: 'embedded',
    track: 'willow-park',
    outcome: 'time-limit',
    lapTimesS: [],
    seed: 7,
  });
  t.true(Number(first.json['distanceM']) > 20 && Number(first.json['realTimeFactor']) > 0);
  const film = await pictures(one);
  t.like(film, { size: '320x180', rate: '10' });
  t.is(film.hashes.length, 51);
  t.true(new Set(film.hashes).size >= 30);
  // With others in the race the picture is another one, and a drive that is recorded has none to choose.
  const race = scratch.path('race.mp4');
  const raced = await runJson('replay', ...words, '--opponents', 'scripted:2', '--video', race);
  t.like(raced.json, { ok: true, frames: 51 });
  t.not((await pictures(race)).hashes[20], film.hashes[20]);
  const recorded = await run('replay', shipped, '--opponents', 'scripted:2', '--video', scratch.path('no.mp4'));
  t.regex(recorded.error, /Expected --opponents with somebody who drives now, got a recording/);
  await runJson('replay', ...words, '--video', other);
  t.deepEqual((await pictures(other)).hashes, film.hashes, 'the same film');
  t.deepEqual(fs.readFileSync(one), fs.readFileSync(other));
  t.deepEqual(
    fs.readdirSync(path.dirname(one)).filter((name) => /partial|tmp/.test(name)),
    [],
  );
});

test('what is filmed is what was evaluated, to the bit, from state and from pixels', async (t) => {
  const policies = [
    await trainedPolicy('state'),
    await trainedPolicy('held', '--set', 'actionRepeat=4'),
    await trainedPolicy('pixels', '--observe', 'pixels', '--encoder', 'conv'),
  ];
  for (const policy of policies) {
    const evaluated = await runJson('evaluate', policy, '--tracks', 'willow-park', '--episodes', '2');
    const { starts } = (evaluated.json['tracks'] as { starts: Record<string, unknown>[] }[])[0]!;
    const video = scratch.path('evaluated.mp4');
    const words = ['--track', 'willow-park', '--laps', '2', ...small, '--video', video];
    const filmed = await runJson('replay', policy, ...words);
    t.is(filmed.code, 0, filmed.error);
    const { outcome, lapTimesS, distanceM } = filmed.json;
    t.deepEqual({ outcome, lapTimesS, distanceM }, pick(starts[0]!), policy);
    t.is((await pictures(video)).hashes.length, filmed.json['frames'] as number);
  }
  t.not(policies[0], policies[1]);
});

function pick({ outcome, lapTimesS, distanceM }: Record<string, unknown>) {
  return { outcome, lapTimesS, distanceM };
}

for (const encoder of ['conv', 'recurrent']) {
  test(`--saliency changes the picture and not the drive: ${encoder}`, async (t) => {
    const policy = await trainedPolicy('seeing', '--observe', 'pixels', '--encoder', encoder);
    const [plain, hot] = [scratch.path('plain.mp4'), scratch.path('hot.mp4')];
    const words = [policy, '--time-limit', '0.6', ...small];
    const cold = await runJson('replay', ...words, '--video', plain);
    const warm = await runJson('replay', ...words, '--saliency', '--video', hot);
    t.is(warm.code, 0, warm.error);
    t.is(warm.json['distanceM'], cold.json['distanceM']);
    t.is(warm.json['frames'], cold.json['frames']);
    t.notDeepEqual((await pictures(plain)).hashes, (await pictures(hot)).hashes);
  });
}

test('a film tells what the critic of its driver expects of each action', async (t) => {
  const folder = keptPolicy;
  const camera = { width: 32, height: 18, view: 'road', panels: false } as const;
  const asked = { track: 'willow-park', laps: 1, timeLimitS: 1, seed: 4, camera, saliency: false };
  const drive = await openPolicyDrive({ ...asked, choice: { folder } });
  t.true(drive.hasValue);
  const values: (number | undefined)[] = [];
  for await (const { value } of drive.moments()) values.push(value);
  await drive.close();
  t.is(values.at(-1), undefined, 'nothing is expected of a drive that is over');
  // An action holds for five ticks, and so does what is expected of it.
  t.is(new Set(values.slice(0, 5)).size, 1);
  t.is(new Set(values.slice(0, -1)).size, 10);

  const driver = await composeDriver({ folder });
  const simulator = await composeSimulator({ choice: { kind: 'embedded' }, track: asked.track });
  const { environment, policy } = await driver.compose(simulator, 0, { start: 'grid' });
  const engine = await createEngine();
  const estimate = await CriticEstimate.create(policy as LearnedPolicy, engine);
  const { observation } = await environment.reset();
  t.is(values[0], await estimate.value(observation, await policy.act(observation)));
  await estimate.dispose();
  await engine.dispose();
  await environment.close();
  await driver.dispose();

  const scripted = await openPolicyDrive({ ...asked, choice: 'scripted' });
  t.false(scripted.hasValue);
  await scripted.close();
});

test('a film has room for what a critic expects where there is one, and for nothing where there is none', async (t) => {
  const without = savedWithoutCritics(scratch.path('without-critics'));
  const words = ['--track', 'willow-park', '--time-limit', '1', '--size', '960x540', '--fps', '5'];
  const [one, other] = [scratch.path('with.mp4'), scratch.path('without.mp4')];
  const films = [await runJson('replay', keptPolicy, ...words, '--video', one)];
  films.push(await runJson('replay', without, ...words, '--video', other));
  t.is(films[0]!.json['distanceM'], films[1]!.json['distanceM'], 'the same drive');
  const [shown, bare] = [(await pictures(one)).hashes, (await pictures(other)).hashes];
  t.is(shown.length, bare.length);
  for (const [i, hash] of shown.slice(0, 5).entries()) t.not(hash, bare[i], `picture ${i}`);
});

test('a driver that sees nothing has no saliency', async (t) => {
  const refused = await runJson('replay', 'scripted', '--saliency', ...small, '--video', scratch.path('none.mp4'));
  t.is(refused.code, 2);
  t.regex(refused.error, /Expected a policy that sees pictures with --saliency, got scripted/);
});

test('two drives side by side, with the gap', async (t) => {
  const video = scratch.path('compare.mp4');
  const words = ['--compare', 'random', '--time-limit', '6', '--size', '640x180', '--fps', '10', '--video', video];
  const { code, error, json } = await runJson('replay', 'scripted', ...words);
  t.is(code, 0, error);
  const compare = json['compare'] as { driver: string; distanceM: number; gapS: number };
  t.is(compare.driver, 'random');
  t.true(compare.gapS > 0 && Number(json['distanceM']) > compare.distanceM);
  const film = await pictures(video);
  t.is(film.size, '640x180');
  t.is(film.hashes.length, json['frames'] as number);
  const same = await runJson('replay', 'scripted', '--compare', 'scripted', ...words.slice(2));
  t.is((same.json['compare'] as { gapS: number }).gapS, 0);
});

test('a recorded drive and somebody who drives where it was driven, side by side', async (t) => {
  const video = scratch.path('beside.mp4');
  const words = ['scripted', '--compare', shipped, '--time-limit', '4', ...small, '--video', video];
  const { code, error, json } = await runJson('replay', ...words);
  t.is(code, 0, error);
  t.like(json, { driver: 'scripted', track: 'copper-bowl', outcome: 'time-limit' });
  t.like(json['compare'], { driver: 'scripted', track: 'copper-bowl', outcome: 'laps-done' });
  const refused = await run('replay', shipped, '--compare', 'scripted', '--track', 'eagle-pass', ...words.slice(5));
  t.is(refused.code, 2);
  t.regex(refused.error, /Expected two drives of one track with --compare, got eagle-pass and copper-bowl/);
});

test('a recording is driven again where it can be, else its own pictures are shown', async (t) => {
  const video = scratch.path('again.mp4');
  const again = await runJson('replay', shipped, ...small, '--video', video);
  t.is(again.code, 0, again.error);
  t.regex(again.error, /it is filmed anew/);
  t.like(again.json, { driver: 'scripted', simulator: 'embedded', track: 'copper-bowl', outcome: 'laps-done' });
  t.is((again.json['lapTimesS'] as number[]).length, 1);
  const film = await pictures(video);
  t.is(film.hashes.length, again.json['frames'] as number);
  const recorded = await runJson('replay', shipped, '--recorded-frames', ...small, '--video', scratch.path('own.mp4'));
  t.is(recorded.code, 0, recorded.error);
  t.regex(recorded.error, /the recorded pictures are filmed/);
  const { episodes } = (await runJson('recordings', 'inspect', shipped)).json as { episodes: number };
  t.is(episodes, 2);
  t.is(
    Number(again.json['ticks']),
    Number(recorded.json['ticks']) + 1,
    'the state after the last action is not recorded',
  );
});

test('a recording of a drive that cannot be driven again: its pictures, or an error without', async (t) => {
  const common = ['--opponents', 'scripted:2', '--time-limit', '3'];
  const seen = scratch.path('seen');
  await runJson('drive', ...common, '--camera', '32x24', '--record', seen);
  const shown = await runJson('replay', seen, ...small, '--video', scratch.path('seen.mp4'));
  t.is(shown.code, 0, shown.error);
  t.regex(shown.error, /the recorded pictures are filmed/);
  const unseen = scratch.path('unseen');
  await runJson('drive', ...common, '--record', unseen);
  const refused = await runJson('replay', unseen, ...small, '--video', scratch.path('unseen.mp4'));
  t.is(refused.code, 1);
  t.like(refused.json, { ok: false, error: { code: 'ERR_INVALID_FILE' } });
  t.regex(refused.error, /Expected a recording with pictures/);
});

test('a start elsewhere without fuel and damage is found again', async (t) => {
  const dir = scratch.path('far');
  await runJson('drive', '--start-distance', '500', '--no-fuel', '--no-damage', '--time-limit', '2', '--record', dir);
  const { code, error, json } = await runJson('replay', dir, ...small, '--video', scratch.path('far.mp4'));
  t.is(code, 0, error);
  t.regex(error, /it is filmed anew/);
  t.is(json['outcome'], 'time-limit');
});

test('a moving picture beside the film, and the bare picture', async (t) => {
  const gif = scratch.path('drive.gif');
  const words = ['scripted', '--time-limit', '1', '--bare', '--view', 'road', ...small];
  const video = scratch.path('bare.mp4');
  const { code, error, json } = await runJson('replay', ...words, '--gif', gif, '--gif-seconds', '1', '--video', video);
  t.is(code, 0, error);
  t.is(json['gif'], gif);
  t.is(fs.readFileSync(gif).subarray(0, 3).toString('latin1'), 'GIF');
});

const policyFolder = () => {
  const folder = scratch.path('damaged');
  fs.mkdirSync(folder);
  fs.writeFileSync(path.join(folder, 'policy.json'), '{"format":');
  return folder;
};
const wrong: readonly (readonly [string, () => string[], number, RegExp])[] = [
  ['no film', () => ['scripted'], 2, /Expected --video FILE\.mp4: it is required/],
  ['another ending', () => ['scripted', '--video', 'a.avi'], 2, /a file that ends in \.mp4/],
  [
    'nobody',
    () => ['--video', 'a.mp4'],
    2,
    /Expected the folder of a policy or of a recording, or scripted or random, got nothing/,
  ],
  [
    'two of them',
    () => ['scripted', 'random', '--video', 'a.mp4'],
    2,
    /Expected nothing after "scripted", got "random"/,
  ],
  ['nearly a driver', () => ['scriptd', '--video', 'a.mp4'], 2, /Did you mean scripted\?/],
  [
    'a folder that is not there',
    () => ['runs/none/policy', '--video', 'a.mp4'],
    1,
    /which is not there \(ERR_INVALID_FILE\)/,
  ],
  ['a damaged policy', () => [policyFolder(), '--video', 'a.mp4'], 1, /policy\.json.*\(ERR_INVALID_FILE\)/],
  ['an empty folder', () => [scratch.root, '--video', 'a.mp4'], 1, /got no policy\.json/],
  ['an odd size', () => ['scripted', '--video', 'a.mp4', '--size', '321x180'], 2, /the width a multiple of 4/],
  ['a tiny size', () => ['scripted', '--video', 'a.mp4', '--size', '160x90'], 2, /from 320x180/],
  ['no such rate', () => ['scripted', '--video', 'a.mp4', '--fps', '0'], 2, /from 1 to 120/],
  ['no such track', () => ['scripted', '--video', 'a.mp4', '--track', 'nowhere'], 2, /Expected the name of a track/],
  [
    'a foreign server',
    () => ['scripted', '--video', 'a.mp4', '--simulator', 'scr://host'],
    2,
    /one of embedded, torcs/,
  ],
  [
    'no such episode',
    () => [shipped, '--video', 'a.mp4', '--episode', '9'],
    2,
    /--episode to be one of the recording.*0 to 1/,
  ],
  ['a part of no picture', () => ['scripted', '--video', 'a.mp4', '--gif-from', '1'], 2, /Expected --gif FILE/],
  [
    'laps of a recording',
    () => [shipped, '--video', 'a.mp4', '--laps', '2'],
    2,
    /Expected --laps with somebody who drives now/,
  ],
  [
    'an episode of nothing',
    () => ['scripted', '--video', 'a.mp4', '--episode', '0'],
    2,
    /Expected --episode with a recording/,
  ],
  [
    'heat of a recording',
    () => [shipped, '--video', 'a.mp4', '--saliency'],
    2,
    /Expected --saliency with somebody who drives now/,
  ],
];
for (const [name, words, code, message] of wrong) {
  test(`wrong: ${name}`, async (t) => {
    const outcome = await run('replay', ...words());
    t.is(outcome.code, code, outcome.error);
    t.regex(outcome.error, message);
    t.is(outcome.error.trim().split('\n').length, 1, 'one clear line');
    t.deepEqual(
      fs.readdirSync('.').filter((file) => /^a\.(partial\.)?mp4/.test(file)),
      [],
    );
  });
}

test('a place that cannot be written', async (t) => {
  const file = scratch.path('file');
  fs.writeFileSync(file, '');
  const { code, json } = await runJson('replay', 'scripted', ...small, '--video', path.join(file, 'a.mp4'));
  t.is(code, 1);
  t.like(json, { ok: false, error: { code: 'ERR_WRITE_FAILED' } });
});
