import test from 'ava';
import type { CameraFrame, FramePreprocessor } from '../../src/core/frame.ts';
import { DrivingEnvironment, type DrivingInfo, type DrivingOptions } from '../../src/environments/index.ts';
import { stackPictures } from '../../src/frames/index.ts';
import { EmbeddedSimulator } from '../../src/simulator/index.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import type { CameraFormat } from '../../torcs-client/simulator.ts';
import { testEnvironmentContract } from '../contract/environment.ts';
import { FakeSimulator } from './fake-simulator.ts';

const camera: CameraFormat = { width: 4, height: 2, view: 'road', panels: false };

/** Keeps the red channel. */
const redOnly: FramePreprocessor = {
  outputShape: [2, 4, 1],
  process: async (frame: CameraFrame, into: Uint8Array, offset: number) => {
    for (let i = 0; i < 8; i++) into[offset + i] = frame.data[3 * i]!;
  },
};

testEnvironmentContract(test, {
  name: 'fake simulator, pixels',
  make: () =>
    new DrivingEnvironment({
      simulator: new FakeSimulator({ camera }),
      pixels: stackPictures(redOnly, 2),
      options: { start: 'random', timeLimitS: 2, actionRepeat: 3 },
    }),
  mostSteps: 40,
});

testEnvironmentContract(test, {
  name: 'embedded simulator',
  make: () =>
    new DrivingEnvironment({
      simulator: new EmbeddedSimulator(),
      options: { actions: 'steer-pedal', start: 'random', timeLimitS: 3, actionRepeat: 4 },
    }),
  mostSteps: 60,
});

function make(options: DrivingOptions = {}) {
  const simulator = new FakeSimulator();
  return { simulator, environment: new DrivingEnvironment({ simulator, options }) };
}

const fullThrottle = Float32Array.of(0, 1, 0);

async function driveToEnd(environment: DrivingEnvironment, action = fullThrottle) {
  await environment.reset();
  for (let step = 0; step < 10_000; step++) {
    const result = await environment.step(action);
    if (result.terminated || result.truncated) return { ...result, info: result.info as DrivingInfo };
  }
  throw new Error('no end');
}

test('an action holds for actionRepeat ticks, and its rewards are summed', async (t) => {
  const { simulator, environment } = make({ actionRepeat: 5 });
  await environment.reset();
  const { reward, info } = await environment.step(fullThrottle);
  t.is(simulator.received.length, 5);
  t.is(info['tick'], 5);
  t.true(Math.abs(reward - (info['distanceM'] as number)) < 1e-9);
});

test('steer-accelerate-brake and steer-pedal shift gears by themselves', async (t) => {
  const { simulator, environment } = make();
  await environment.reset();
  simulator.override = { gear: 2, rpm: 9400, speedX: 130 };
  await environment.step(Float32Array.of(0.5, 0.25, 0.75));
  await environment.step(Float32Array.of(0.5, 0.25, 0.75));
  t.like(simulator.received[1], { steer: 0.5, accel: 0.25, brake: 0.75, gear: 3, restart: false });
  const pedal = make({ actions: 'steer-pedal' });
  await pedal.environment.reset();
  await pedal.environment.step(Float32Array.of(0, -0.5));
  t.like(pedal.simulator.received[0], { accel: 0, brake: 0.5, gear: 1 });
});

test('controls pass everything through, the gear rounded', async (t) => {
  const { simulator, environment } = make({ actions: 'controls' });
  await environment.reset();
  await environment.step(Float32Array.of(-0.5, 0.5, 0.25, 3.4, 0.125));
  t.like(simulator.received[0], { steer: -0.5, accel: 0.5, brake: 0.25, gear: 3, clutch: 0.125 });
});

test('reasons of termination', async (t) => {
  const cases: [DrivingOptions, Partial<Record<string, number>>, string][] = [
    [{ damageLimit: 100 }, { damage: 101 }, 'damage'],
    [{}, { trackPos: -1.01 }, 'off-track'],
    [{}, { angle: 1.6 }, 'backwards'],
    [{ noProgress: { distanceM: 1, windowS: 0.5 } }, { distRaced: 0 }, 'no-progress'],
  ];
  for (const [options, override, reason] of cases) {
    const { simulator, environment } = make(options);
    simulator.override = override;
    const { terminated, truncated, info } = await driveToEnd(environment);
    t.deepEqual({ terminated, truncated, reason: info.reason }, { terminated: true, truncated: false, reason });
  }
});

test('a car whose simulator lost it to NaN is cut, with what was known before; the next episode goes on', async (t) => {
  const moving = ['distRaced', 'angle', 'trackPos', 'speedX', 'speedY', 'speedZ', 'z', 'rpm'];
  const losses = moving.map((name) => ({ [name]: Number.NaN }));
  for (const lost of [...losses, { wheelSpinVel: [0, 0, Number.NaN, 0] }, { speedX: Infinity }]) {
    const { simulator, environment } = make({ actionRepeat: 3 });
    await environment.reset();
    const sound = await environment.step(fullThrottle);
    simulator.override = lost as Partial<Sensors>;
    const { observation, reward, terminated, truncated, info } = await environment.step(fullThrottle);
    t.deepEqual([terminated, truncated, reward], [false, true, 0]);
    t.like(info, { reason: 'not-finite', distanceM: sound.info['distanceM'] });
    t.deepEqual(observation.state, sound.observation.state);
    await t.throwsAsync(environment.step(fullThrottle), { code: 'ERR_RESET_NEEDED' });
    simulator.override = {};
    await environment.reset();
    t.like(await environment.step(fullThrottle), { terminated: false, truncated: false });
  }
});

test('a race that its simulator ends is terminated', async (t) => {
  const { simulator, environment } = make();
  await environment.reset();
  simulator.raceOver = false;
  const step = simulator.step.bind(simulator);
  simulator.step = async (controls) => {
    const sensors = await step(controls);
    simulator.raceOver = true;
    return sensors;
  };
  const { terminated, info } = await environment.step(fullThrottle);
  t.true(terminated);
  t.is(info['reason'], 'race-over');
});

test('switched-off terminations let the episode run into its time limit', async (t) => {
  const { simulator, environment } = make({
    offTrackLimit: null,
    backwards: false,
    noProgress: null,
    timeLimitS: 1,
  });
  simulator.override = { trackPos: 3, angle: 2, distRaced: 0 };
  const { terminated, truncated, info } = await driveToEnd(environment);
  t.deepEqual(
    { terminated, truncated, reason: info.reason },
    { terminated: false, truncated: true, reason: 'time-limit' },
  );
  t.true(Math.abs(info.timeS - 1) < 0.021);
});

test('laps are counted and timed; the first from the grid includes the way to the line', async (t) => {
  const { environment } = make({ laps: 2 });
  const { truncated, info } = await driveToEnd(environment);
  t.true(truncated);
  t.is(info.reason, 'laps-done');
  t.is(info.laps, 2);
  t.true(Math.abs(info.lapTimesS.reduce((a, b) => a + b) - info.timeS) < 1e-6);
  // From rest at 10 m/s²: 1025 m take 14.3 s, 2025 m take 20.1 s.
  t.true(Math.abs(info.lapTimesS[0]! - Math.sqrt(205)) < 0.1);
  t.true(Math.abs(info.timeS - Math.sqrt(405)) < 0.1);
});

test('the first lap from elsewhere is timed from the line', async (t) => {
  const { environment } = make({ laps: 1, start: 500 });
  const { info } = await driveToEnd(environment);
  t.is(info.startDistanceM, 500);
  t.true(Math.abs(info.lapTimesS[0]! - (Math.sqrt(300) - Math.sqrt(100))) < 0.1, `${info.lapTimesS}`);
});

test('tracks and start distances are drawn from the seed', async (t) => {
  const { simulator, environment } = make({ tracks: ['a', 'b', 'c'], start: 'random' });
  const draw = async (seed?: number) => {
    await environment.reset(seed === undefined ? {} : { seed });
    const { track, startDistanceM } = simulator.resets.at(-1)!;
    t.true(startDistanceM! >= 0 && startDistanceM! < simulator.lengthM);
    return `${track} ${startDistanceM}`;
  };
  const first = [await draw(4), await draw(), await draw(), await draw()];
  t.deepEqual([await draw(4), await draw(), await draw(), await draw()], first);
  t.is(new Set(first).size, 4);
  await environment.reset({ options: { track: 'd', startDistanceM: 7 } });
  t.like(simulator.resets.at(-1), { track: 'd', startDistanceM: 7 });
});

test('the simulator is told damage, fuel, noise and directions', async (t) => {
  const rangeFinderAnglesDeg = Array.from({ length: 19 }, (_, i) => -45 + 5 * i);
  const { simulator, environment } = make({ damage: false, fuel: false, noise: true, rangeFinderAnglesDeg });
  await environment.reset();
  t.like(simulator.resets[0], { damage: false, fuel: false, noise: true, rangeFinderAnglesDeg });
});

test('pictures are stacked oldest first, and the start fills the stack', async (t) => {
  const environment = new DrivingEnvironment({
    simulator: new FakeSimulator({ camera }),
    pixels: stackPictures(redOnly, 3),
    options: { rawFrames: true },
  });
  t.deepEqual(environment.observationSpace.pixels?.shape, [2, 4, 3]);
  const start = await environment.reset();
  t.deepEqual([...start.observation.pixels!.subarray(0, 3)], [0, 0, 0]);
  await environment.step(fullThrottle);
  const { observation, info } = await environment.step(fullThrottle);
  t.deepEqual([...observation.pixels!.subarray(0, 6)], [0, 1, 2, 0, 1, 2]);
  const frame = info['frame'] as CameraFrame;
  t.like(frame, { width: 4, height: 2, tick: 2 });
  t.deepEqual([...frame.data], new Array(24).fill(2));
});

test('options are checked', (t) => {
  const simulator = new FakeSimulator();
  const open = (options: unknown) => () => new DrivingEnvironment({ simulator, options: options as DrivingOptions });
  const refused = { code: 'ERR_INVALID_ARGUMENT' };
  t.regex(t.throws(open({ actionRepeat: 0 }), refused).message, /actionRepeat.*got 0/);
  t.throws(open({ actionRepeats: 2 }), refused);
  t.throws(open({ reward: 'speed' }), refused);
  t.throws(open({ timeLimitS: Number.NaN }), refused);
  t.throws(open({ tracks: [] }), refused);
  t.throws(open({ state: ['angle', 'heading'] }), refused);
  t.throws(open({ rawFrames: true }), { ...refused, message: /camera/ });
});
