import test from 'ava';
import type { ResetOptions } from '../../../src/core/environment.ts';
import type { CameraFrame, PixelPipeline } from '../../../src/core/frame.ts';
import {
  InvertedPendulumEnvironment,
  PendulumEnvironment,
  ReacherEnvironment,
} from '../../../src/environments/index.ts';
import { createPixelPipeline } from '../../../src/frames/index.ts';
import { testEnvironmentContract } from '../../contract/environment.ts';
import { TASK_NAMES, TASKS, type TaskName } from './tasks.ts';

const camera = { width: 20, height: 16 };
const pipeline = () => createPixelPipeline({ inputWidth: 20, inputHeight: 16, width: 10, height: 8, stack: 3 });

for (const name of TASK_NAMES) {
  testEnvironmentContract(test, { name, make: () => TASKS[name](), mostSteps: 200 });
  testEnvironmentContract(test, {
    name: `${name}, pixels`,
    make: () => TASKS[name]({ pixels: pipeline(), options: { camera } }),
    mostSteps: 200,
  });
}
testEnvironmentContract(test, {
  name: 'pendulum, velocity hidden',
  make: () => new PendulumEnvironment({ options: { hideVelocity: true, maxEpisodeSteps: 30 } }),
  mostSteps: 30,
});

type AnyTask = Awaited<ReturnType<(typeof TASKS)[TaskName]>>;

/** Into the stops of elbow and rail, where MuJoCo's solver starts from what it found last. */
const AT_THE_STOPS: Readonly<Record<TaskName, number[]>> = {
  pendulum: [3, 8],
  'inverted-pendulum': [0.97, 0.1, 1, -1],
  reacher: [1, -2.99, 0.1, 0.1, 9, -9],
};

/** Every bit of an episode: the exact states of some steps. */
async function rollOut(environment: AnyTask, options: ResetOptions = {}): Promise<number[][]> {
  await environment.reset(options);
  const states = [environment.state];
  const action = Float32Array.from({ length: environment.actionSpace.shape[0]! }, (_, i) => 1 - 2 * i);
  for (let step = 0; step < 3; step++) {
    await environment.step(action);
    states.push(environment.state);
  }
  return states;
}

for (const name of TASK_NAMES) {
  test(`${name}: an episode has the same bits whatever was before it`, async (t) => {
    const fresh = await TASKS[name]();
    const used = await TASKS[name]();
    const start = { seed: 4, options: { state: AT_THE_STOPS[name] } };
    await rollOut(used, start);
    t.deepEqual(await rollOut(used, start), await rollOut(fresh, start));
    t.deepEqual(await rollOut(used, { seed: 4 }), await rollOut(fresh, { seed: 4 }));
    await Promise.all([fresh.close(), used.close()]);
  });

  test(`${name}: seeds differ, the stream goes on without one, and the constructor takes one`, async (t) => {
    const environment = await TASKS[name]({ seed: 9 });
    const ninth = await rollOut(environment);
    const [after] = await rollOut(environment);
    t.deepEqual(await rollOut(environment, { seed: 9 }), ninth);
    t.deepEqual((await rollOut(environment))[0], after);
    t.notDeepEqual(after, ninth[0]);
    t.notDeepEqual((await rollOut(environment, { seed: 8 }))[0], ninth[0]);
    await environment.close();
  });

  test(`${name}: a given state is taken exactly, and draws what a random one would have`, async (t) => {
    const environment = await TASKS[name]();
    await environment.reset({ seed: 1 });
    await environment.reset();
    const second = environment.state;
    await environment.reset({ seed: 1, options: { state: second } });
    t.deepEqual(environment.state, second);
    await environment.reset();
    t.deepEqual(environment.state, second);
    await environment.close();
  });

  test(`${name}: states of another length, beyond the bounds, or no numbers are refused`, async (t) => {
    const environment = await TASKS[name]();
    await environment.reset();
    const { state } = environment;
    const refused = { code: 'ERR_INVALID_ARGUMENT', message: /state/ };
    for (const wrong of [state.slice(1), [...state, 0], state.with(1, Number.NaN), state.with(-1, 1e9), 'up']) {
      await t.throwsAsync(() => environment.reset({ options: { state: wrong } }), refused);
    }
    await environment.close();
  });

  test(`${name}: its own limit of steps, or another`, async (t) => {
    const limit = { pendulum: 200, 'inverted-pendulum': 1000, reacher: 50 }[name];
    const environment = await TASKS[name]();
    t.is(environment.options.maxEpisodeSteps, limit);
    await environment.close();
    const short = await TASKS[name]({ options: { maxEpisodeSteps: 2 } });
    const still = new Float32Array(short.actionSpace.shape[0]!);
    await short.reset();
    t.like(await short.step(still), { truncated: false, info: { step: 1, timeS: short.stepS } });
    t.like(await short.step(still), { truncated: true, terminated: false, info: { step: 2, reason: 'time-limit' } });
    await short.close();
  });

  test(`${name}: unknown options are refused`, async (t) => {
    const wrong = { maxEpisodeStep: 5 } as object;
    await t.throwsAsync(async () => TASKS[name]({ options: wrong }), { code: 'ERR_INVALID_ARGUMENT' });
  });

  test(`${name}: state and picture need an episode`, async (t) => {
    const environment = await TASKS[name]();
    const needed = { code: 'ERR_RESET_NEEDED' };
    t.throws(() => environment.state, needed);
    t.throws(() => environment.renderFrame(camera), needed);
    await environment.reset();
    t.notThrows(() => environment.renderFrame(camera));
    await environment.close();
    t.throws(() => environment.state, needed);
    t.throws(() => environment.renderFrame(camera), needed);
  });
}

test('without a limit an episode goes on', async (t) => {
  const environment = new PendulumEnvironment({ options: { maxEpisodeSteps: null } });
  await environment.reset();
  for (let step = 0; step < 300; step++) {
    const { truncated, info } = await environment.step(Float32Array.of(1));
    t.false(truncated);
    t.is(info['reason'], undefined);
  }
});

test('pendulum: initial states fill their bounds evenly', async (t) => {
  const environment = new PendulumEnvironment({ seed: 3 });
  const states: number[][] = [];
  for (let i = 0; i < 2000; i++) {
    await environment.reset();
    states.push(environment.state);
  }
  for (const [entry, bound] of [Math.PI, 1].entries()) {
    const values = states.map((state) => state[entry]! / bound);
    t.true(values.every((value) => Math.abs(value) <= 1));
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = values.filter((value) => Math.floor((value + 1) * 5) === tenth).length / values.length;
      t.true(Math.abs(share - 0.1) < 0.03, `${share} in tenth ${tenth}`);
    }
  }
});

test('inverted pendulum and reacher: initial states lie within their bounds', async (t) => {
  const cart = await InvertedPendulumEnvironment.create();
  const arm = await ReacherEnvironment.create();
  let [widest, farthest] = [0, 0];
  for (let i = 0; i < 300; i++) {
    await cart.reset();
    await arm.reset();
    for (const value of cart.state) widest = Math.max(widest, Math.abs(value));
    const [shoulder, elbow, x, y, ...speeds] = arm.state as [number, number, number, number, number, number];
    t.true(Math.abs(shoulder) <= 0.1 && Math.abs(elbow) <= 0.1 && speeds.every((speed) => Math.abs(speed) <= 0.005));
    farthest = Math.max(farthest, Math.sqrt(x * x + y * y));
  }
  t.true(widest > 0.0099 && widest <= 0.01);
  t.true(farthest > 0.19 && farthest < 0.2);
  await Promise.all([cart.close(), arm.close()]);
});

test('a hidden velocity leaves the rest as it is', async (t) => {
  const open = new PendulumEnvironment();
  const hidden = new PendulumEnvironment({ options: { hideVelocity: true } });
  t.deepEqual(hidden.observationSpace.state.names, open.observationSpace.state.names!.slice(0, 2));
  await open.reset({ seed: 2 });
  await hidden.reset({ seed: 2 });
  const [seen, partly] = [await open.step(Float32Array.of(1)), await hidden.step(Float32Array.of(1))];
  t.deepEqual([...partly.observation.state], [...seen.observation.state.subarray(0, 2)]);
  t.is(partly.reward, seen.reward);
});

test('reacher: the reward is the sum of its terms, and an action beyond the bounds counts as the bounds', async (t) => {
  const environment = await ReacherEnvironment.create({ options: { rewardControlWeight: 0.5 } });
  await environment.reset({ options: { state: [0, 0, 0.1, 0, 0, 0] } });
  const { reward, info } = await environment.step(Float32Array.of(7, -7));
  t.is(info['rewardControl'], -1);
  t.is(reward, (info['rewardDistance'] as number) - 1);
  await environment.close();
});

test('inverted pendulum: a fallen pole terminates without reward, even at the last step', async (t) => {
  const environment = await InvertedPendulumEnvironment.create({ options: { maxEpisodeSteps: 1 } });
  await environment.reset({ options: { state: [0, 0.5, 0, 0] } });
  const result = await environment.step(Float32Array.of(0));
  t.like(result, { reward: 0, terminated: true, truncated: false, info: { reason: 'fallen' } });
  await environment.close();
});

test('pixels are what the pipeline made of the same picture as the raw frame, and both are kept fresh', async (t) => {
  const received: { start: boolean; data: Uint8Array }[] = [];
  const take = (start: boolean) => async (frame: CameraFrame) => {
    received.push({ start, data: frame.data.slice() });
    return frame.data.slice();
  };
  const spy: PixelPipeline = { outputShape: [16, 20, 3], reset: take(true), push: take(false) };
  const environment = new PendulumEnvironment({ pixels: spy, options: { camera, rawFrames: true } });
  t.deepEqual(environment.observationSpace.pixels, { shape: [16, 20, 3], low: 0, high: 255, dtype: 'uint8' });
  const first = await environment.reset({ options: { state: [0.5, 2] } });
  const firstFrame = first.info['frame'] as CameraFrame;
  const firstBytes = firstFrame.data.slice();
  const second = await environment.step(Float32Array.of(2));
  const secondFrame = second.info['frame'] as CameraFrame;
  t.deepEqual(
    received.map(({ start }) => start),
    [true, false],
  );
  t.deepEqual(first.observation.pixels, firstFrame.data);
  t.deepEqual(firstFrame.data, firstBytes);
  t.deepEqual({ ...secondFrame, data: second.observation.pixels }, environment.renderFrame(camera));
  t.notDeepEqual(secondFrame.data, firstFrame.data);
  t.is(secondFrame.tick, 1);
});
