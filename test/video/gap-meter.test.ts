import test from 'ava';
import { GapMeter } from '../../src/video/gap-meter.ts';

test('the gap is how long ago the one ahead was where the other is', (t) => {
  const meter = new GapMeter();
  t.is(meter.gapS(), undefined);
  for (let i = 0; i <= 100; i++) {
    const timeS = i * 0.02;
    meter.observe(0, { timeS, distanceM: 50 * timeS });
    meter.observe(1, { timeS, distanceM: 25 * timeS });
  }
  // After 2 s one is at 100 m, the other at 50 m, where the first was after 1 s.
  t.true(Math.abs(meter.gapS()! - 1) < 1e-9);
});

test('the sign follows who is ahead, and between two readings it is linear', (t) => {
  const meter = new GapMeter();
  meter.observe(0, { timeS: 0, distanceM: 0 });
  meter.observe(1, { timeS: 0, distanceM: 0 });
  t.is(meter.gapS(), 0);
  meter.observe(1, { timeS: 10, distanceM: 100 });
  meter.observe(0, { timeS: 10, distanceM: 33 });
  t.true(Math.abs(meter.gapS()! + 6.7) < 1e-9);
});

test('one that stands still falls back; one that went back is judged by how far it got', (t) => {
  const meter = new GapMeter();
  meter.observe(0, { timeS: 0, distanceM: 0 });
  meter.observe(1, { timeS: 0, distanceM: 0 });
  meter.observe(0, { timeS: 1, distanceM: 100 });
  meter.observe(1, { timeS: 1, distanceM: 50 });
  meter.observe(1, { timeS: 3, distanceM: 50 });
  t.is(meter.gapS(), 2.5);
  meter.observe(1, { timeS: 4, distanceM: 40 });
  t.is(meter.gapS(), 3.5);
});

test('memory stays flat over an hour', (t) => {
  const meter = new GapMeter();
  let most = 0;
  for (let i = 0; i < 180_000; i++) {
    const timeS = i * 0.02;
    meter.observe(0, { timeS, distanceM: 50 * timeS });
    meter.observe(1, { timeS, distanceM: 49.9 * timeS });
    meter.gapS();
    most = Math.max(most, meter.size);
  }
  t.true(most < 20_000, `${most} entries`);
  t.true(Math.abs(meter.gapS()! - 3600 * (1 - 49.9 / 50)) < 0.01, `${meter.gapS()}`);
});
