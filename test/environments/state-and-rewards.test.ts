import test from 'ava';
import { cruising, REWARDS } from '../../src/environments/driving/rewards.ts';
import { StateEncoder } from '../../src/environments/driving/state.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';
import { FakeSimulator } from './fake-simulator.ts';

async function sensorsWith(override: Partial<Sensors>): Promise<Sensors> {
  const simulator = new FakeSimulator();
  simulator.override = override;
  return simulator.reset();
}

test('low-dimensional is the 29 numbers of the published agents, scaled as there', async (t) => {
  const track = Array.from({ length: 19 }, (_, i) => 10 * (i + 1));
  const sensors = await sensorsWith({
    angle: Math.PI / 2,
    track,
    trackPos: -0.25,
    speedX: 150,
    speedY: -30,
    speedZ: 3,
    wheelSpinVel: [50, 60, 70, 80],
    rpm: 5000,
  });
  const encoder = new StateEncoder('low-dimensional');
  const expected = [0.5, ...track.map((x) => x / 200), -0.25, 0.5, -0.1, 0.01, 0.5, 0.6, 0.7, 0.8, 0.5];
  t.is(expected.length, 29);
  t.deepEqual([...encoder.encode(sensors)], [...Float32Array.from(expected)]);
  t.is(encoder.space.names?.[1], 'track[0]');
});

test('other selections have the sizes that are documented', async (t) => {
  const sensors = await sensorsWith({});
  t.is(new StateEncoder('minimal').encode(sensors).length, 22);
  t.is(new StateEncoder('all').encode(sensors).length, 69);
  t.deepEqual([...new StateEncoder(['fuel', 'gear']).encode(await sensorsWith({ fuel: 50, gear: 3 }))], [0.5, 0.5]);
});

test('progress is the distance gained', async (t) => {
  const before = await sensorsWith({ distRaced: 10 });
  t.is(REWARDS.progress(before, await sensorsWith({ distRaced: 11.5 })), 1.5);
  t.is(REWARDS.progress(before, await sensorsWith({ distRaced: 9 })), -1);
});

test('lillicrap is the speed along the track, and -1 for a collision', async (t) => {
  const before = await sensorsWith({ damage: 5 });
  const after = await sensorsWith({ damage: 5, speedX: 150, angle: Math.PI / 3 });
  t.true(Math.abs(REWARDS.lillicrap(before, after) - 0.25) < 1e-12);
  t.is(REWARDS.lillicrap(before, await sensorsWith({ damage: 6, speedX: 150 })), -1);
});

test('beyond the cruising speed a reward shrinks, and a penalty does not', async (t) => {
  const { progress, lillicrap } = REWARDS;
  const before = await sensorsWith({ distRaced: 10, damage: 5 });
  const at = async (speedX: number, more: object = {}) =>
    cruising(progress, 80)(before, await sensorsWith({ distRaced: 12, speedX, ...more }));
  t.deepEqual(await Promise.all([10, 80, 100, 160, 200].map((speed) => at(speed))), [2, 2, 1.5, 0, -1]);
  t.is(await at(100, { distRaced: 9 }), -1, 'what is lost backwards is lost whole');
  t.is(cruising(lillicrap, 80)(before, await sensorsWith({ damage: 6, speedX: 200 })), -1);
});

test('lau subtracts speed across the track and away from its middle', async (t) => {
  const before = await sensorsWith({});
  const after = await sensorsWith({ speedX: 100, angle: -Math.PI / 6, trackPos: -0.2 });
  const expected = 100 * Math.cos(Math.PI / 6) - 50 - 20;
  t.true(Math.abs(REWARDS.lau(before, after) - expected) < 1e-9);
  t.is(REWARDS.lau(before, await sensorsWith({ damage: 1, speedX: 100 })), -1);
});
