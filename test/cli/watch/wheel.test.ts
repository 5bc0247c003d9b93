import anyTest from 'ava';
import { HumanAction } from '../../../src/cli/watch/human-action.ts';
import { Wheel } from '../../../src/cli/watch/wheel.ts';
import { ParkedDriver, WheelPolicy } from '../../../src/cli/watch/wheel-policy.ts';
import type { Observation } from '../../../src/core/index.ts';
import { sensorsWith } from '../../support/sensors.ts';

/** One after the other: they share a clock. */
const test = anyTest.serial;
const clock = { ms: 0, now: () => clock.ms, date: () => new Date(0) };
test.beforeEach(() => {
  clock.ms = 0;
});
const input = { steer: 0.5, accelerate: 1, brake: 0, reverse: false };
const names = ['steer', 'accelerate', 'brake'];

function seen(speedX: number): Observation {
  return { state: new Float32Array(0), sensors: sensorsWith({ speedX, gear: 1, rpm: 5000 }) };
}

function drivenBy(wheel: Wheel, actionNames = names) {
  const told: string[] = [];
  const acted: Observation[] = [];
  const policy = new WheelPolicy({
    policy: {
      name: 'mlp',
      act: (observation) => {
        acted.push(observation);
        return Float32Array.of(-1, 0.25, 0);
      },
    },
    wheel,
    human: new HumanAction({ names: actionNames }),
    onLost: () => void told.push('lost'),
    onStopped: () => void told.push('stopped'),
  });
  return { policy, told, acted };
}

test('one person at a time holds the wheel', (t) => {
  const wheel = new Wheel(clock);
  t.is(wheel.state, 'driver');
  t.true(wheel.take(1));
  t.false(wheel.take(2));
  t.true(wheel.take(1), 'taking what one has is nothing');
  wheel.hear(2, input);
  t.is(wheel.read().accelerate, 0, 'what others say is not heard');
  wheel.hear(1, input);
  t.is(wheel.read().accelerate, 1);
  t.false(wheel.give(2));
  t.true(wheel.give(1));
  t.is(wheel.state, 'driver');
  t.is(wheel.read().accelerate, 0);
});

test('who goes, or is silent for two seconds, is lost; anybody may take over then', (t) => {
  const wheel = new Wheel(clock);
  wheel.take(1);
  t.false(wheel.lose(2));
  t.true(wheel.lose(1));
  t.is(wheel.state, 'lost');
  t.true(wheel.take(2));
  wheel.hear(2, input);
  clock.ms = 2000;
  t.is(wheel.read().accelerate, 1);
  clock.ms = 2001;
  t.true(wheel.isSilent);
  t.is(wheel.read().accelerate, 0);
  t.is(wheel.state, 'lost');
});

test('the policy acts on while a person drives, and drives again when it has the wheel', async (t) => {
  const wheel = new Wheel(clock);
  const { policy, acted } = drivenBy(wheel);
  t.deepEqual([...(await policy.act(seen(50)))], [-1, 0.25, 0]);
  t.is(policy.driver, 'mlp');
  wheel.take(1);
  wheel.hear(1, input);
  t.deepEqual([...(await policy.act(seen(50)))], [0.5, 1, 0]);
  t.is(policy.driver, 'human');
  wheel.give(1);
  t.deepEqual([...(await policy.act(seen(50)))], [-1, 0.25, 0]);
  t.is(acted.length, 3);
});

test('a person who vanishes is followed by the brake, until the car stands', async (t) => {
  const wheel = new Wheel(clock);
  const { policy, told } = drivenBy(wheel);
  wheel.take(1);
  wheel.hear(1, input);
  await policy.act(seen(120));
  wheel.lose(1);
  t.deepEqual([...(await policy.act(seen(120)))], [0, 0, 1]);
  t.is(policy.driver, 'brake');
  await policy.act(seen(60));
  t.deepEqual(told, ['lost'], 'told once');
  await policy.act(seen(0.4));
  t.deepEqual(told, ['lost', 'stopped']);
});

test('silence is judged only when what was said has been heard', async (t) => {
  const wheel = new Wheel(clock);
  const { policy, told } = drivenBy(wheel);
  wheel.take(1);
  clock.ms = 5000;
  // The message waits in the event loop: a step took long.
  setImmediate(() => wheel.hear(1, input));
  t.deepEqual([...(await policy.act(seen(50)))], [0.5, 1, 0]);
  t.deepEqual(told, []);
});

test('what a person does becomes an action of any driving environment', (t) => {
  const { sensors } = seen(0);
  const act = (space: readonly string[], more: Partial<typeof input> = {}) =>
    [...new HumanAction({ names: space }).act({ ...input, ...more }, sensors!)].map(
      (value) => Math.round(value * 100) / 100,
    );
  t.deepEqual(act(['steer', 'pedal']), [0.5, 1]);
  t.deepEqual(act(['steer', 'pedal'], { accelerate: 0, brake: 0.5 }), [0.5, -0.5]);
  const controls = ['steer', 'accelerate', 'brake', 'gear', 'clutch'];
  const [steer, accelerate, brake, gear, clutch] = act(controls);
  t.deepEqual([steer, accelerate, brake, gear], [0.5, 1, 0, 1]);
  t.true(clutch! > 0.5, 'the clutch slips at the start');
  t.is(act(controls, { reverse: true })[3], -1);
  t.deepEqual(act(names, { reverse: true }), [0.5, 0, 0], 'there is no reverse gear to ask for');
  t.throws(() => new HumanAction({ names: ['torque'] }), { code: 'ERR_INVALID_ARGUMENT' });
  t.deepEqual([...new ParkedDriver(new HumanAction({ names })).act(seen(0))], [0, 0, 1]);
});
