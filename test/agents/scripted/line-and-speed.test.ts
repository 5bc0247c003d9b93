import test from 'ava';
import { LINE_POINTS, LINE_STEP_M, LinePlanner } from '../../../src/agents/scripted/line.ts';
import { SpeedPlanner } from '../../../src/agents/scripted/speed.ts';

const COUNT = LINE_POINTS;

/** A straight, 80 m of a left bend of 40 m radius from 100 m on, a straight. */
const bend = Float64Array.from({ length: COUNT }, (_, k) => (k >= 25 && k < 45 ? 1 / 40 : 0));

const speedInput = {
  count: COUNT,
  curvature: bend,
  slope: new Float64Array(COUNT),
  grip: new Float64Array(COUNT).fill(1.5),
  endSpeed: 60,
  massKg: 1200,
};

function plan(road: Float64Array, offset: number, bound: number) {
  const planner = new LinePlanner();
  // As in driving, where each tick goes on from the last.
  for (let tick = 0; tick < 5; tick++) planner.plan(COUNT, road, offset, 0, new Float64Array(COUNT).fill(bound));
  return planner;
}

function bending(curvature: Float64Array): number {
  return curvature.reduce((sum, value) => sum + value * value, 0);
}

test('a bend is entered outside, touched inside and left outside, within the road', (t) => {
  const { offset, curvature } = plan(bend, 0, 4);
  t.true(Math.min(...offset.subarray(10, 25)) < -3, 'outside before');
  t.true(Math.max(...offset.subarray(28, 42)) > 3, 'inside in the middle');
  t.true(offset[50]! < offset[35]!, 'out again');
  t.true(Math.max(...offset.map(Math.abs)) < 4.15, 'within the bounds, but for the penalty');
  t.true(bending(curvature) < 0.85 * bending(bend), 'bends less than the middle of the road');
});

/** Seconds that a line takes at the speeds that grip allows. */
function duration({ offset, curvature }: LinePlanner): number {
  const planner = new SpeedPlanner();
  planner.plan({ ...speedInput, curvature });
  return offset.reduce((sum, n, k) => sum + (LINE_STEP_M * (1 - bend[k]! * n)) / planner.speed[k]!, 0);
}

test('the line is faster than the middle of the road, and faster still on a wider one', (t) => {
  const middle = duration(plan(bend, 0, 0.01));
  const narrow = duration(plan(bend, 0, 3));
  t.true(narrow < 0.95 * middle, `${narrow} against ${middle}`);
  const wide = duration(plan(bend, 0, 6));
  t.true(wide < 0.99 * narrow, `${wide} against ${narrow}`);
});

test('the plan starts at the car and in its direction', (t) => {
  const planner = new LinePlanner();
  planner.plan(COUNT, new Float64Array(COUNT), 2, 0.1, new Float64Array(COUNT).fill(4));
  t.is(planner.offset[0], 2);
  t.true(Math.abs((planner.offset[1]! - 2) / LINE_STEP_M - 0.1) < 0.02);
  t.true(Math.max(...planner.offset) < 4.15);
});

test('speed in the bend is what grip allows, and before it what brakes allow', (t) => {
  const planner = new SpeedPlanner();
  planner.plan(speedInput);
  const inBend = planner.speed[35]!;
  const lateral = inBend ** 2 / 40;
  t.true(lateral > 1.5 * 9.8 && lateral < 1.5 * 9.8 * 1.25, `${lateral}`);
  for (let k = 0; k + 1 < COUNT; k++) {
    const deceleration = (planner.speed[k]! ** 2 - planner.speed[k + 1]! ** 2) / (2 * LINE_STEP_M);
    const grip = 1.5 * (9.81 + 0.0017 * planner.speed[k + 1]! ** 2) + 0.0006 * planner.speed[k + 1]! ** 2;
    t.true(deceleration < grip, `${deceleration} at ${k}`);
  }
  t.true(planner.speed[0]! > planner.speed[20]! && planner.speed[20]! > inBend);
  t.true(planner.braking[20]! > 5);
  t.true(planner.speed[COUNT - 1]! <= 60);
});

test('less grip, a crest and a downhill make it slower', (t) => {
  const planner = new SpeedPlanner();
  planner.plan(speedInput);
  const usual = Float64Array.from(planner.speed);
  planner.plan({ ...speedInput, grip: new Float64Array(COUNT).fill(1) });
  t.true(planner.speed[35]! < 0.9 * usual[35]!);
  const crest = Float64Array.from({ length: COUNT }, (_, k) => (k < 35 ? 0.1 : -0.1));
  planner.plan({ ...speedInput, slope: crest });
  t.true(planner.speed[35]! < 0.9 * usual[35]!);
  planner.plan({ ...speedInput, slope: new Float64Array(COUNT).fill(-0.15) });
  t.true(planner.speed[15]! < usual[15]!);
  planner.plan({ ...speedInput, slope: new Float64Array(COUNT).fill(Number.NaN) });
  t.deepEqual(planner.speed, usual);
});
