import test from 'ava';
import { GripEstimator } from '../../../src/agents/scripted/grip.ts';
import { type Motion, Odometer } from '../../../src/agents/scripted/motion.ts';
import { PedalBox } from '../../../src/agents/scripted/pedals.ts';
import { Recovery } from '../../../src/agents/scripted/recovery.ts';
import { steerForCurvature } from '../../../src/agents/scripted/steering.ts';
import type { Sensors } from '../../../torcs-client/sensors.ts';

const motion = (values: Partial<Motion> = {}): Motion => ({
  dt: 0.02,
  speed: 30,
  forward: 30,
  left: 0,
  course: 0,
  yawRate: 0,
  rearSlip: 0,
  acceleration: 0,
  ...values,
});

const rolling = (speed: number, rear = speed) => [speed / 0.3306, speed / 0.3306, rear / 0.3276, rear / 0.3276];
const sensors = (values: Partial<Sensors> = {}) =>
  ({ angle: 0, trackPos: 0, curLapTime: 10, distFromStart: 500, wheelSpinVel: rolling(30), ...values }) as Sensors;

test('steering: left bends to the left, a turn that is too fast is countered', (t) => {
  t.true(steerForCurvature(0.02, motion({ yawRate: 0.6 })) > 0.05);
  t.true(steerForCurvature(-0.02, motion({ yawRate: -0.6 })) < -0.05);
  t.true(steerForCurvature(0.02, motion({ yawRate: 2, left: -6 })) < 0);
  t.true(Math.abs(steerForCurvature(5, motion({ forward: 1, speed: 1 }))) <= 1);
});

test('a car at rest that sways backwards points forwards; one that rolls back does not', (t) => {
  const courseAt = (speedX: number) => new Odometer().observe(sensors({ speedX, speedY: 0 }), 0, 0).course;
  for (const speedX of [0.1, 0, -0.1, -2]) t.is(courseAt(speedX), 0, String(speedX));
  t.is(courseAt(-10), Math.PI);
});

test('anti-lock opens the brake of a locked wheel', (t) => {
  const box = new PedalBox();
  const demand = { target: 10, braking: 15, lateralShare: 0, massKg: 1200 };
  const free = box.press(sensors(), motion(), demand).brake;
  t.true(free > 0.3);
  const locked = sensors({ wheelSpinVel: [0, 0, 90, 90] });
  let brake = free;
  for (let tick = 0; tick < 5; tick++) brake = box.press(locked, motion(), demand).brake;
  t.true(brake < 0.1);
  for (let tick = 0; tick < 20; tick++) brake = box.press(sensors(), motion(), demand).brake;
  t.true(brake > 0.3);
});

test('traction control closes the throttle of spinning wheels, and a slide lets go of everything', (t) => {
  const box = new PedalBox();
  const demand = { target: 60, braking: 0, lateralShare: 0, massKg: 1200 };
  t.is(box.press(sensors(), motion(), demand).accel, 1);
  let accel = 1;
  for (let tick = 0; tick < 10; tick++)
    accel = box.press(sensors({ wheelSpinVel: rolling(30, 45) }), motion(), demand).accel;
  t.true(accel < 0.2);
  const slide = new PedalBox().press(sensors(), motion({ rearSlip: 0.4 }), { ...demand, target: 10 });
  t.is(slide.brake, 0);
  t.true(slide.accel > 0 && slide.accel < 0.2);
});

test('grip is found far below the limit, and a slide makes the road behind it slower', (t) => {
  const learn = (lateral: number) => {
    const grip = new GripEstimator();
    const turn = motion({ yawRate: lateral / 30, rearSlip: -0.05, left: 0 });
    // Front wheels steered so that their slip angle is 0.05 as well.
    const steer = (0.05 + Math.atan2(turn.yawRate * 1.2672, 30)) / 0.366519;
    for (let tick = 0; tick < 1000; tick++) grip.observe(sensors(), turn, steer, 1200, 2000);
    return grip;
  };
  t.true(learn(15).grip > 1.3 * learn(9).grip);
  const grip = learn(12);
  const before = grip.at(480);
  grip.observe(sensors({ trackPos: 1.2 }), motion(), 0, 1200, 2000);
  t.true(grip.at(480) < before);
  t.is(grip.at(600), before);
});

test('recovery: nothing to do on the road, back towards it beside it, reverse when held fast', (t) => {
  const recovery = new Recovery();
  t.is(recovery.decide(sensors(), motion(), 5), undefined);
  const beside = recovery.decide(sensors({ trackPos: 1.5 }), motion({ forward: 8, speed: 8 }), 5);
  t.false(beside?.reverse);
  t.true(beside!.steer < 0, 'the road lies to the right');
  let manoeuvre = beside;
  for (let tick = 0; tick < 60; tick++) {
    manoeuvre = recovery.decide(sensors({ trackPos: 1.5 }), motion({ forward: 0, speed: 0 }), 5);
    if (manoeuvre?.reverse) break;
  }
  t.true(manoeuvre?.reverse);
});

test('recovery: a car that points backwards turns the shorter way', (t) => {
  const right = new Recovery().decide(sensors({ angle: 2.5 }), motion({ forward: 4, speed: 4 }), 5);
  t.true(right!.steer > 0);
  const left = new Recovery().decide(sensors({ angle: -2.5 }), motion({ forward: 4, speed: 4 }), 5);
  t.true(left!.steer < 0);
});
