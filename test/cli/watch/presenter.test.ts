import test from 'ava';
import { IDLE, LiveStatus } from '../../../src/cli/watch/live-status.ts';
import { PictureBudget } from '../../../src/cli/watch/picture-budget.ts';
import { eyesShape, type PictureSource } from '../../../src/cli/watch/picture-source.ts';
import { Presenter, type Stage } from '../../../src/cli/watch/presenter.ts';
import { telemetryOf } from '../../../src/cli/watch/telemetry.ts';
import { trackMap } from '../../../src/cli/watch/track-map.ts';
import type { Observation, Transition } from '../../../src/core/index.ts';
import type { RawPicture, StateTopic } from '../../../src/dashboard/index.ts';
import { DrivingEnvironment } from '../../../src/environments/index.ts';
import { TrackLibrary } from '../../../src/simulator/index.ts';
import { FakeSimulator } from '../../environments/fake-simulator.ts';
import { sensorsWith } from '../../support/sensors.ts';

function stageOf(clock: { ms: number }, costMs = 0, viewers = true) {
  const shown = { topics: [] as StateTopic[], rows: [] as Float32Array[], pictures: [] as RawPicture['kind'][] };
  const stage: Stage = {
    publish: (topic) => void shown.topics.push(topic),
    addRows: (rows) => void shown.rows.push(rows),
    showPicture: ({ kind }) => void shown.pictures.push(kind),
    wantsPicture: viewers,
  };
  const time = { now: () => clock.ms, date: () => new Date(0) };
  const environment = new DrivingEnvironment({ simulator: new FakeSimulator() });
  const source: PictureSource = {
    views: [],
    view: 'behind',
    take: async () => {
      clock.ms += costMs;
      return { kind: 'camera', width: 1, height: 1, channels: 3, pictures: 1, data: new Uint8Array(3) };
    },
    close: async () => {},
  };
  const presenter = new Presenter({
    stage,
    session: {
      id: 1,
      mode: 'drive',
      title: '',
      views: [],
      can: { start: false, pace: true, wheel: false, record: false },
    },
    telemetry: telemetryOf(environment, true),
    status: new LiveStatus(stage, time, IDLE),
    clock: time,
    budget: new PictureBudget({ mostPerSecond: 10, share: 0.02 }),
    eyes: eyesShape([2, 2, 3], 1),
    source,
    timeOf: (info) => Number(info['timeS']),
    mapOf: () => null,
  });
  return { presenter, shown, channels: telemetryOf(environment, true).channels };
}

const observation = (pixels?: Uint8Array): Observation => ({
  state: new Float32Array(1),
  sensors: sensorsWith({ speedX: 100 }),
  ...(pixels === undefined ? {} : { pixels }),
});
const step = (tick: number, pixels?: Uint8Array) =>
  ({
    observation: observation(pixels),
    nextObservation: observation(pixels),
    action: Float32Array.of(0.5, 1, 0),
    reward: 2,
    terminated: false,
    truncated: false,
    info: { timeS: tick * 0.02, tick },
  }) as Transition;

test('a drive at full speed is looked at now and then: so many rows and pictures a second, whatever it does', async (t) => {
  const clock = { ms: 0 };
  const { presenter, shown, channels } = stageOf(clock);
  await presenter.onReset({ episode: 0, observation: observation(), info: { track: 'a', timeS: 0 } });
  for (let tick = 1; tick <= 20_000; tick++) {
    clock.ms += 0.05;
    await presenter.onStep(step(tick));
  }
  presenter.flush();
  const rows = shown.rows.reduce((sum, { length }) => sum + length, 0) / channels.length;
  t.true(rows > 40 && rows <= 54, `${rows} rows in a second`);
  t.true(shown.pictures.length >= 9 && shown.pictures.length <= 11, `${shown.pictures.length} pictures in a second`);
  const times = shown.rows.flatMap((batch) => [...batch].filter((_, i) => i % channels.length === 0));
  t.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  );
});

test('where a drive stands still, its last instant is shown, however soon it came after the one before', async (t) => {
  const clock = { ms: 0 };
  const { presenter, shown, channels } = stageOf(clock);
  await presenter.onReset({ episode: 0, observation: observation(), info: { track: 'a', timeS: 0 } });
  for (let tick = 1; tick <= 7; tick++) {
    clock.ms += 1;
    await presenter.onStep(step(tick));
  }
  await presenter.refresh();
  await presenter.refresh();
  const times = shown.rows.flatMap((batch) => [...batch].filter((_, i) => i % channels.length === 0));
  t.deepEqual(times, [0, Math.fround(0.14)], 'and once only');
});

test('pictures that cost much are taken less often: they get a fiftieth of the time', async (t) => {
  const clock = { ms: 0 };
  const { presenter, shown } = stageOf(clock, 20);
  await presenter.onReset({ episode: 0, observation: observation(), info: { track: 'a', timeS: 0 } });
  for (; clock.ms < 10_000; clock.ms += 1) await presenter.onStep(step(clock.ms));
  t.is(shown.pictures.length, 10);
});

test('nobody looks: no picture is taken', async (t) => {
  const { presenter, shown } = stageOf({ ms: 0 }, 0, false);
  await presenter.onReset({ episode: 0, observation: observation(), info: { track: 'a', timeS: 0 } });
  t.is(presenter.onStep(step(1)), undefined, 'and nothing is waited for');
  await presenter.refresh();
  t.deepEqual(shown.pictures, []);
});

test('what the network sees is shown beside the camera, a copy of it', async (t) => {
  const { presenter, shown } = stageOf({ ms: 0 });
  const pixels = new Uint8Array(12);
  await presenter.onReset({ episode: 0, observation: observation(pixels), info: { track: 'a', timeS: 0 } });
  t.deepEqual(shown.pictures, ['camera', 'eyes']);
  t.deepEqual(eyesShape([84, 84, 9], 3), { width: 84, height: 84, channels: 3, pictures: 3 });
  t.deepEqual(
    eyesShape([84, 96, 4], 1),
    { width: 96, height: 84, channels: 1, pictures: 4 },
    'a stack of unknown size',
  );
  t.is(eyesShape(undefined, 1), undefined);
});

test('time goes on from one episode to the next, and the map changes with the track', async (t) => {
  const clock = { ms: 0 };
  const { presenter, shown, channels } = stageOf(clock);
  for (const track of ['a', 'a', 'b']) {
    await presenter.onReset({ episode: 0, observation: observation(), info: { track, timeS: 0 } });
    clock.ms += 100;
    await presenter.onStep(step(50));
    clock.ms += 100;
  }
  presenter.flush();
  const times = shown.rows.flatMap((batch) => [...batch].filter((_, i) => i % channels.length === 0));
  t.deepEqual(times, [0, 1, 1, 2, 2, 3]);
  t.is(shown.topics.filter(({ type }) => type === 'map').length, 2);
});

test('telemetry: a row holds what its channels say', (t) => {
  const spaces = new DrivingEnvironment({ simulator: new FakeSimulator(), options: { actions: 'steer-pedal' } });
  const telemetry = telemetryOf(spaces, true);
  const row = new Float32Array(telemetry.channels.length);
  telemetry.write(observation(), Float32Array.of(0.5, -0.25), 3, row);
  const value = (key: string) => row[telemetry.channels.findIndex((channel) => channel.key === key)];
  t.deepEqual(
    [value('speedKmh'), value('steer'), value('accelerate'), value('brake'), value('reward')],
    [100, 0.5, 0, 0.25, 3],
  );
  t.is(Math.round(value('rpm')!), 7309, 'true revolutions per minute of 7654.32 on the wire');
  telemetry.write({ state: new Float32Array(0) }, undefined, 0, row);
  t.true(Number.isNaN(value('speedKmh')) && Number.isNaN(value('steer')));
});

test('the map: evenly spaced points on the centre line, which closes', (t) => {
  const library = new TrackLibrary();
  for (const { name } of library.list()) {
    const track = library.get(name);
    const { line, lengthM, widthM } = trackMap(track);
    t.deepEqual([lengthM, widthM], [track.lengthM, track.widthM]);
    const count = line.length / 2;
    const spacing = lengthM / count;
    for (let i = 0; i < count; i++) {
      const next = (i + 1) % count;
      const apart = Math.hypot(line[2 * next]! - line[2 * i]!, line[2 * next + 1]! - line[2 * i + 1]!);
      if (Math.abs(apart - spacing) > 0.35) t.fail(`${name}: ${apart} m after point ${i}, not ${spacing}`);
    }
  }
  t.pass();
});
