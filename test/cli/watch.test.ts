import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { verifyRecording } from '../../src/recordings/index.ts';
import { LiveClient } from '../dashboard/live-client.ts';
import { run, Scratch } from './support.ts';
import { input, newestRow, serve, untilRow } from './watch/support.ts';

/** One after the other: each has a process of its own, and they share two cores with it. */
const test = anyTest.serial;
const scratch = new Scratch();
test.after.always(() => scratch.remove());

const start = {
  type: 'start',
  driver: 'scripted',
  track: 'harbour-oval',
  simulator: 'embedded',
  camera: { width: 32, height: 32, view: 'road' },
} as const;

test('watch: a drive is begun, held, stepped, paced and ended from the page', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { viewer, end } = await serve(t, 'watch', folder, '--port', '0');
  t.like(await viewer.text('status'), { state: 'idle' });
  const library = (await viewer.text('library')) as { drivers: string[]; tracks: { name: string }[] };
  t.deepEqual(library.drivers, ['scripted', 'human', 'random']);
  t.true(library.tracks.some(({ name }) => name === 'willow-park'));

  viewer.send(start);
  t.like(await viewer.text('status', ({ state }) => state === 'running'), { driver: 'scripted', speed: 1 });
  t.like(await viewer.text('session', ({ id }) => id === 1), { title: 'scripted on harbour-oval' });
  t.like(((await viewer.text('map', ({ track }) => track !== null)) as { track: object }).track, {
    name: 'harbour-oval',
  });
  const picture = await viewer.nextBinary(1);
  t.deepEqual([picture.readUInt16LE(4), picture.readUInt16LE(6)], [512, 256]);
  await untilRow(viewer, ({ speedKmh }) => speedKmh! > 20);

  viewer.send({ type: 'speed', factor: 0 });
  await viewer.text('status', ({ laps }) => (laps as number[]).length >= 2);
  viewer.send({ type: 'pause' });
  await viewer.text('status', ({ state }) => state === 'paused');
  const before = viewer.texts.length;
  viewer.send({ type: 'step', steps: 5 });
  const after = (fits: (state: unknown) => boolean) =>
    viewer.text('status', (status) => viewer.texts.indexOf(status) >= before && fits(status['state']));
  await after((state) => state === 'running');
  await after((state) => state === 'paused');

  const seen = viewer.nextBinary(1);
  viewer.send({ type: 'view', view: 'bonnet' });
  t.like(await viewer.text('status', ({ view }) => view === 'bonnet'), { state: 'paused' });
  t.is((await seen)[0], 1, 'the view changes while time stands still');
  viewer.send({ type: 'restart' });
  viewer.send({ type: 'resume' });
  await viewer.text('status', ({ episode, state }) => episode === 1 && state === 'running');
  viewer.send({ type: 'stop' });
  t.like(await viewer.text('status', ({ state, track }) => state === 'idle' && track === ''), { driver: '' });
  const { code, json } = await end();
  t.is(code, 130);
  t.like(json, { ok: true, host: '127.0.0.1' });
  t.is(await viewer.closed, 1001);
});

test('watch: a person takes the wheel, records, and gives it back', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { viewer, port, token, end } = await serve(t, 'watch', folder, '--port', '0');
  viewer.send(start);
  await untilRow(viewer, ({ speedKmh }) => speedKmh! > 30);
  viewer.send({ type: 'record', on: true });
  await viewer.text('status', ({ recording }) => (recording as { frames: number } | null)?.frames === 25);
  viewer.send({ type: 'speed', factor: 4 });
  viewer.send({ type: 'take-wheel' });
  t.like(
    await viewer.text('status', ({ wheel }) => wheel === 'person'),
    { holder: 1, speed: 1 },
    'a person drives at real time',
  );
  const driving = input(viewer, { accelerate: 0, brake: 0.5 });
  const other = new LiveClient(port, token);
  await other.text('welcome');
  other.send({ type: 'take-wheel' });
  t.like(await other.text('notice'), { level: 'problem', text: 'Another person is at the wheel.' });
  await untilRow(viewer, ({ brake, speedKmh }) => brake === 0.5 && speedKmh! < 20);
  clearInterval(driving);
  viewer.send({ type: 'give-wheel' });
  await viewer.text('status', ({ wheel }) => wheel === 'driver');
  await untilRow(viewer, ({ accelerate, speedKmh }) => accelerate! > 0 && speedKmh! > 30);
  viewer.send({ type: 'record', on: false });
  await viewer.text('library', ({ recordings }) => (recordings as unknown[]).length === 1);
  const { recordings } = (await viewer.text('library')) as { recordings: { name: string; episodes: number }[] };
  await end();
  t.is(recordings[0]?.episodes, 3, 'the driver, the person, the driver');
  const recorded = path.join(folder, recordings[0]!.name);
  t.like(await verifyRecording(recorded), { ok: true, problems: [] });
  const inspected = await run('recordings', 'inspect', recorded, '--json');
  t.like(JSON.parse(inspected.output), {
    drivers: { scripted: 2, human: 1 },
    features: { 'observation.images.camera': 'image 32x32x3' },
  });
});

test('watch: models that come with the program are drivers, whatever lies in the folder', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { viewer, end } = await serve(t, 'watch', folder, '--port', '0');
  const { models, policies } = (await viewer.text('library')) as { models: string[]; policies: unknown[] };
  t.deepEqual(policies, []);
  t.true(models.includes('models/driving-pixels'));
  t.false(models.includes('models/pendulum'), 'it does not drive');
  viewer.send({ ...start, driver: 'models/driving-pixels' });
  t.like(await viewer.text('session', ({ id }) => id === 1), { title: 'models/driving-pixels on harbour-oval' });
  await untilRow(viewer, ({ speedKmh }) => speedKmh! > 20);
  t.is((await end()).code, 130);
});

test('watch: a person who vanishes is followed by the brake; the recording is closed', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { viewer, port, token, end } = await serve(t, 'watch', folder, '--port', '0');
  viewer.send({ ...start, driver: 'human' });
  await viewer.text('status', ({ state }) => state === 'running');
  const driver = new LiveClient(port, token);
  await driver.text('welcome');
  driver.send({ type: 'take-wheel' });
  driver.send({ type: 'record', on: true });
  const driving = input(driver);
  await untilRow(viewer, ({ speedKmh }) => speedKmh! > 25);
  clearInterval(driving);
  driver.socket.terminate();
  const lost = viewer.texts.indexOf(await viewer.text('status', ({ wheel }) => wheel === 'lost'));
  await viewer.text('status', ({ wheel, state }) => wheel === 'driver' && state === 'paused');
  const { channels } = (await viewer.text('session')) as unknown as { channels: { key: string }[] };
  const column = channels.findIndex(({ key }) => key === 'speedKmh');
  const speedKmh = () => {
    const last = viewer.binaries.findLast(([kind]) => kind === 3)!;
    return last.readFloatLE(last.length - 4 * (channels.length - column));
  };
  while (Math.abs(speedKmh()) > 2) await viewer.nextBinary(3);
  await viewer.text('status', (status) => status['recording'] === null && viewer.texts.indexOf(status) > lost);
  await viewer.text('library', ({ recordings }) => (recordings as unknown[]).length === 1);
  const { recordings } = (await viewer.text('library')) as { recordings: { name: string }[] };
  t.like(await verifyRecording(path.join(folder, recordings[0]!.name)), { ok: true });
  await end();
});

test('watch: Ctrl-C in the middle of a recording leaves it whole', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { viewer, end } = await serve(t, 'watch', folder, '--port', '0');
  viewer.send({ type: 'pause' });
  viewer.send(start);
  await viewer.text('status', ({ state }) => state === 'running');
  viewer.send({ type: 'record', on: true });
  const { recording } = (await viewer.text('status', ({ recording: of }) => of !== null)) as {
    recording: { name: string };
  };
  await untilRow(viewer, ({ speedKmh }) => speedKmh! > 20);
  t.is((await end()).code, 130);
  t.like(await verifyRecording(path.join(folder, recording.name)), { ok: true });
});

test('watch: what is asked for wrongly is refused, without a word about this machine', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(path.join(folder, 'broken'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'broken', 'policy.json'), '{"provenance":{"environment":{"name":"driving"}}}');
  const { child, viewer, end } = await serve(t, 'watch', folder, '--port', '0');
  await viewer.text('library', ({ policies }) => (policies as unknown[]).length === 1);
  for (const [wrong, text] of [
    [{ driver: '../runs/broken' }, 'There is no such driver or policy.'],
    [{ driver: folder }, 'There is no such driver or policy.'],
    [{ driver: 'constructor' }, 'There is no such driver or policy.'],
    [{ driver: 'models/pendulum' }, 'There is no such driver or policy.'],
    [{ driver: 'models/../models/driving-state' }, 'There is no such driver or policy.'],
    [{ track: '../../etc/passwd' }, 'There is no such track in this simulator.'],
    [{ track: 'generated-99999999999999999999' }, /^(Expected|That failed)/],
    [{ driver: 'broken' }, 'That failed (ERR_INVALID_FILE); the terminal says more.'],
  ] as const) {
    const before = viewer.texts.length;
    viewer.send({ ...start, ...wrong });
    const notice = await viewer.text('notice', (message) => viewer.texts.indexOf(message) >= before);
    if (typeof text === 'string') t.is(notice['text'], text);
    else t.regex(String(notice['text']), text);
    t.is(notice['level'], 'problem');
    await viewer.text('status', ({ state }) => state === 'idle');
  }
  await child.said(/broken.*\(ERR_INVALID_FILE\)/);
  t.false(JSON.stringify(viewer.texts).includes(scratch.root));
  t.false(JSON.stringify(viewer.texts).includes(process.cwd()));
  await end();
});

test('watch: wrong usage', async (t) => {
  t.like(await run('watch', scratch.path('none')), { code: 2 });
  t.like(await run('watch', scratch.root, 'more'), { code: 2 });
  t.like(await run('watch', '--port', '70000'), { code: 2 });
  const outcome = await run('drive', '--watch-port', '1');
  t.is(outcome.code, 2);
  t.regex(outcome.error, /Expected --watch with --watch-port/);
});

test('drive --watch: people look on and hold it to their pace; the drive is what it is without', async (t) => {
  const words = ['drive', '--laps', '1', '--track', 'harbour-oval', '--seed', '3'];
  const { child, viewer } = await serve(t, ...words, '--watch', '--watch-port', '0');
  t.like(await viewer.text('session'), {
    mode: 'drive',
    can: { start: false, pace: true, wheel: false, record: false },
  });
  t.is((await viewer.nextBinary(1))[0], 1);
  viewer.send({ type: 'take-wheel' });
  viewer.send({ type: 'speed', factor: 0 });
  const outcome = await child.end();
  t.is(outcome.code, 0, outcome.error);
  t.like(await viewer.text('status'), { state: 'ended', wheel: 'driver' });
  const watched = JSON.parse(outcome.output) as Record<string, unknown>;
  const alone = JSON.parse((await run(...words, '--json')).output) as Record<string, unknown>;
  for (const key of ['lapTimesS', 'distanceM', 'ticks', 'damage', 'frames']) t.deepEqual(watched[key], alone[key], key);
});

test('train --watch and evaluate --watch: curves and figures, and nothing to control in a training run', async (t) => {
  const out = scratch.path('run');
  const { child, viewer } = await serve(
    t,
    ...['train', '--environment', 'pendulum', '--steps', '1500', '--out', out, '--log-interval', '100'],
    ...['--evaluation-interval', '500', '--watch', '--watch-port', '0'],
  );
  t.like(await viewer.text('session'), {
    mode: 'train',
    can: { start: false, pace: false, wheel: false, record: false },
  });
  viewer.send({ type: 'pause' });
  const row = await newestRow(viewer);
  t.true(Number.isFinite(row['state0']) && Number.isFinite(row['reward']));
  const outcome = await child.end();
  t.is(outcome.code, 0, outcome.error);
  t.like(await viewer.text('status'), { state: 'ended' });
  const { progress } = (await viewer.text('status')) as { progress: Record<string, number> };
  t.like(progress, { steps: 1500, total: 1500 });
  const { curves } = (await viewer.text('curves')) as { curves: { run: string; evaluation: (number | null)[] }[] };
  t.is(curves[0]?.run, path.basename(out));
  t.is(curves[0]?.evaluation.filter((value) => value !== null).length, 3);
  t.false(JSON.stringify(viewer.texts).includes(scratch.root));

  const policy = path.join(out, 'policy-best');
  const evaluation = await serve(t, 'evaluate', policy, '--episodes', '100000', '--watch', '--watch-port', '0');
  t.like(await evaluation.viewer.text('session'), { mode: 'evaluate', can: { pace: true } });
  evaluation.viewer.send({ type: 'pause' });
  await evaluation.viewer.text('status', ({ state }) => state === 'paused');
  t.is((await evaluation.end()).code, 130, 'a pause does not keep it from ending');
});
