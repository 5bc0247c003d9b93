import test from 'ava';
import { Pacer } from '../../../src/cli/watch/pacer.ts';
import type { Transition } from '../../../src/core/index.ts';
import { FakeTimers } from '../../support/fake-timers.ts';

const STEP_S = 0.02;

/** A drive of steps of 20 ms that a pacer holds up. */
function drive(speed: number) {
  const timers = new FakeTimers();
  const state = { steps: 0, ends: false, changes: 0, holds: 0 };
  const pacer = new Pacer({
    timers,
    speed,
    timeOf: (info) => Number(info['timeS']),
    onChange: () => void state.changes++,
    onHold: async () => void state.holds++,
  });
  const run = async () => {
    for (; !state.ends; state.steps++) {
      await pacer.onStep({ info: { timeS: state.steps * STEP_S } } as unknown as Transition);
      // As the loop does: an environment in memory lets nobody in otherwise.
      if (state.steps % 50 === 49) await Promise.resolve();
    }
  };
  return { timers, pacer, state, run };
}

test('at real time a second of simulation takes a second; at other speeds as much as they say', async (t) => {
  const { timers, pacer, state, run } = drive(1);
  const done = run();
  await timers.advance(1000);
  t.is(state.steps, 51);
  pacer.speed = 4;
  await timers.advance(1000);
  t.true(Math.abs(state.steps - 51 - 200) <= 2, `${state.steps}`);
  pacer.speed = 0.05;
  const before = state.steps;
  await timers.advance(2000);
  t.true(Math.abs(state.steps - before - 5) <= 2, `${state.steps - before}`);
  state.ends = true;
  pacer.release();
  await done;
});

test('a pause holds, steps are counted, and going on is told', async (t) => {
  const { timers, pacer, state, run } = drive(1);
  const done = run();
  await timers.advance(100);
  pacer.pause();
  await timers.settle();
  const at = state.steps;
  await timers.advance(10_000);
  t.is(state.steps, at);
  t.is(timers.pendingCount, 0, 'nothing ticks while it stands');
  pacer.step(3);
  await timers.advance(10_000);
  t.is(state.steps, at + 3);
  t.true(pacer.paused);
  pacer.resume();
  await timers.advance(1000);
  t.true(Math.abs(state.steps - at - 3 - 50) <= 2, 'no haste to make up for the pause');
  t.is(state.changes, 4);
  t.is(state.holds, 2, 'what came is shown when it stands: at the pause, and after the steps');
  state.ends = true;
  pacer.release();
  await done;
});

test('a drive that was held up goes on from where it is', async (t) => {
  const { timers, pacer, state, run } = drive(1);
  const done = run();
  await timers.advance(100);
  // A long garbage collection: the time has come for many steps at once.
  const late = timers.now.bind(timers);
  timers.now = () => late() + 5000;
  const before = state.steps;
  await timers.advance(1000);
  t.true(state.steps - before < 65, `${state.steps - before} steps in the second after`);
  state.ends = true;
  pacer.release();
  await done;
});

test('as fast as it goes means that nothing is waited for', async (t) => {
  const { timers, pacer } = drive(0);
  t.is(pacer.onStep({ info: { timeS: 1 } } as unknown as Transition), undefined);
  t.is(timers.pendingCount, 0);
});

test('skip lets the step that waits go on, and only that one', async (t) => {
  const { timers, pacer, state, run } = drive(1);
  const done = run();
  pacer.pause();
  await timers.settle();
  const at = state.steps;
  pacer.skip();
  await timers.settle();
  t.is(state.steps, at + 1);
  state.ends = true;
  pacer.release();
  await done;
});
