import fs from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { inspectRecording, verifyRecording } from '../../src/recordings/index.ts';
import { findBuild, surveyTorcs } from '../../torcs-client/torcs/status/status.ts';
import { Scratch } from './support.ts';
import { input, serve, untilRow } from './watch/support.ts';

const build = findBuild(await surveyTorcs());
if (build === undefined) {
  console.log(
    'Skipped: the live page with the real game, because TORCS is not set up (`npx torcs-pilot torcs setup`).',
  );
}
const test = build === undefined ? anyTest.skip : anyTest.serial;
const scratch = new Scratch();
anyTest.after.always(() => scratch.remove());

test('watch, real game: its picture, a person at the wheel, a recording that is sound', async (t) => {
  const folder = scratch.path('runs');
  fs.mkdirSync(folder);
  const { viewer, end } = await serve(t, 'watch', folder, '--port', '0');
  const camera = { width: 96, height: 64, view: 'road' };
  viewer.send({ type: 'start', driver: 'scripted', track: 'g-track-1', simulator: 'torcs', camera });
  t.like(await viewer.text('session', ({ id }) => id === 1), { title: 'scripted on g-track-1', views: [] });
  t.like(((await viewer.text('map', ({ track }) => track !== null)) as { track: object }).track, { name: 'g-track-1' });
  const picture = await viewer.nextBinary(1);
  t.deepEqual([picture.readUInt16LE(4), picture.readUInt16LE(6)], [96, 64]);
  await untilRow(viewer, ({ speedKmh }) => speedKmh! > 30);
  viewer.send({ type: 'record', on: true });
  await viewer.text('status', ({ recording }) => (recording as { frames: number } | null)?.frames === 25);
  viewer.send({ type: 'take-wheel' });
  const driving = input(viewer, { accelerate: 0, brake: 1 });
  await untilRow(viewer, ({ brake, speedKmh }) => brake === 1 && speedKmh! < 20);
  clearInterval(driving);
  viewer.send({ type: 'give-wheel' });
  await untilRow(viewer, ({ accelerate, speedKmh }) => accelerate! > 0 && speedKmh! > 25);
  viewer.send({ type: 'pause' });
  await viewer.text('status', ({ state }) => state === 'paused');
  viewer.send({ type: 'record', on: false });
  const { recordings } = (await viewer.text('library', ({ recordings: of }) => (of as unknown[]).length === 1)) as {
    recordings: { name: string }[];
  };
  t.is((await end()).code, 130);
  const recorded = path.join(folder, recordings[0]!.name);
  t.like(await verifyRecording(recorded), { ok: true, problems: [] });
  t.like(await inspectRecording(recorded), { drivers: { scripted: 2, human: 1 }, simulators: { torcs: 3 } });
});

test('drive --watch, real game: the camera that viewers get is no part of the drive', async (t) => {
  const { child, viewer } = await serve(
    t,
    ...['drive', '--simulator', 'torcs', '--track', 'g-track-1', '--time-limit', '20', '--watch', '--watch-port', '0'],
  );
  const picture = await viewer.nextBinary(1);
  t.deepEqual([picture.readUInt16LE(4), picture.readUInt16LE(6)], [480, 320]);
  viewer.send({ type: 'speed', factor: 0 });
  const { output } = await child.end();
  t.like(JSON.parse(output), { outcome: 'time-limit', frames: 0 });
});
