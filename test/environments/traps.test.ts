import test from 'ava';
import { REWARDS } from '../../src/environments/driving/rewards.ts';
import { DrivingEnvironment, type DrivingOptions } from '../../src/environments/index.ts';
import { STRAIGHT_TRACK_SENSORS } from './fake-sensors.ts';
import { FakeSimulator } from './fake-simulator.ts';

/** What an agent could gain without driving, and what would hide that it does. */

const straight = (distRaced: number) =>
  ({ ...sensors, distRaced, damage: 0, speedX: 50, angle: 0, trackPos: 0 }) as Parameters<typeof REWARDS.progress>[0];
const sensors = { track: STRAIGHT_TRACK_SENSORS };

test('driving in circles, or to and fro, gains no progress', (t) => {
  // A circle of 20 m across, its centre 100 m down the road, a tick at each degree; and three of them.
  const places = Array.from({ length: 3 * 360 + 1 }, (_, degree) => 100 + 10 * Math.sin((degree * Math.PI) / 180));
  const rewards = places.slice(1).map((place, i) => REWARDS.progress(straight(places[i]!), straight(place)));
  t.true(rewards.some((reward) => reward > 0.1) && rewards.some((reward) => reward < -0.1));
  t.true(Math.abs(rewards.reduce((sum, reward) => sum + reward)) < 1e-9);
});

async function episode(action: Float32Array, options: DrivingOptions = {}) {
  const simulator = new FakeSimulator();
  const environment = new DrivingEnvironment({ simulator, options: { actions: 'steer-pedal', ...options } });
  await environment.reset();
  for (let returnSum = 0; ; ) {
    const { reward, terminated, truncated, info } = await environment.step(action);
    returnSum += reward;
    if (terminated || truncated) return { returnSum, terminated, reason: info['reason'] };
  }
}

test('standing still is worth less than leaving the road at walking pace, and ends soon', async (t) => {
  const braking = await episode(Float32Array.of(0, -1));
  t.like(braking, { returnSum: 0, terminated: true, reason: 'no-progress' });
  const leaving = await episode(Float32Array.of(0.3, 0.02));
  t.like(leaving, { terminated: true, reason: 'off-track' });
  t.true(leaving.returnSum > 1);
});

test('the scale of the reward is a factor on every reward and on nothing else', async (t) => {
  const action = Float32Array.of(0, 0.5);
  const plain = await episode(action, { timeLimitS: 5 });
  const scaled = await episode(action, { timeLimitS: 5, rewardScale: 0.1 });
  t.true(plain.returnSum > 10);
  t.true(Math.abs(scaled.returnSum - plain.returnSum / 10) < 1e-9);
  t.is(scaled.reason, plain.reason);
});

test('who goes faster than the cruising speed gains less by it, and drives no other way', async (t) => {
  const action = Float32Array.of(0, 0.5);
  const plain = await episode(action, { timeLimitS: 5 });
  const cruising = await episode(action, { timeLimitS: 5, cruiseSpeedKmh: 5 });
  t.true(cruising.returnSum < plain.returnSum - 1, `${cruising.returnSum} beside ${plain.returnSum}`);
  t.is(cruising.reason, plain.reason);
});

test('a time limit truncates: it is not the end of what a drive is worth', async (t) => {
  t.like(await episode(Float32Array.of(0, 0.5), { timeLimitS: 2 }), { terminated: false, reason: 'time-limit' });
});
