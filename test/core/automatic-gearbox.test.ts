import test from 'ava';
import { AutomaticGearbox } from '../../src/core/automatic-gearbox.ts';
import type { Sensors } from '../../torcs-client/sensors.ts';

const sensors = (values: Partial<Sensors>) => ({ gear: 1, rpm: 942.478, speedX: 0, ...values }) as Sensors;

test('shifts up near the limiter, then leaves the gearbox its time', (t) => {
  const gearbox = new AutomaticGearbox();
  const fast = sensors({ gear: 2, rpm: 9400, speedX: 130 });
  t.is(gearbox.shift(fast, 1).gear, 3);
  t.is(gearbox.shift(sensors({ gear: 3, rpm: 9400, speedX: 177 }), 1).gear, 3);
  for (let tick = 0; tick < 10; tick++) gearbox.shift(sensors({ gear: 3, rpm: 8000, speedX: 150 }), 1);
  t.is(gearbox.shift(sensors({ gear: 3, rpm: 9400, speedX: 177 }), 1).gear, 4);
});

test('spinning wheels do not shift up', (t) => {
  t.is(new AutomaticGearbox().shift(sensors({ gear: 1, rpm: 9500, speedX: 20 }), 1).gear, 1);
});

test('shifts down where the lower gear keeps the engine below its limiter, one gear at a time', (t) => {
  t.is(new AutomaticGearbox().shift(sensors({ gear: 5, rpm: 3000, speedX: 90 }), 0).gear, 4);
  t.is(new AutomaticGearbox().shift(sensors({ gear: 2, rpm: 7000, speedX: 95 }), 0).gear, 2);
});

test('neutral becomes first, and reverse is taken at once', (t) => {
  t.is(new AutomaticGearbox().shift(sensors({ gear: 0 }), 0).gear, 1);
  t.is(new AutomaticGearbox().shift(sensors({ gear: 3, speedX: 10 }), 0.5, true).gear, -1);
});

test('the clutch slips at the start and is let in with speed; a touch of it keeps the throttle during a shift', (t) => {
  const gearbox = new AutomaticGearbox();
  const start = gearbox.shift(sensors({ speedX: 0 }), 1).clutch;
  t.true(start > 0.66 && start < 0.8);
  t.is(gearbox.shift(sensors({ speedX: 0 }), 0).clutch, 0);
  t.is(gearbox.shift(sensors({ speedX: 70, rpm: 8000 }), 1).clutch, 0);
  const shifting = gearbox.shift(sensors({ gear: 2, rpm: 9400, speedX: 130 }), 1).clutch;
  t.true(shifting > 0.01 && shifting < 0.1);
});
