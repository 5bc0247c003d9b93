import test from 'ava';
import { lapsOf } from '../../../src/cli/plot/laps.ts';
import type { DriveStep } from '../../../src/cli/plot/read-drive.ts';
import { driveOn, roadOf } from '../../../src/cli/plot/road.ts';
import { TrackLibrary } from '../../../src/simulator/index.ts';

const LENGTH_M = 1000;

/** Steps of a car that starts `behindM` metres behind the line and keeps its speed. */
function steadyDrive(behindM: number, distanceM: number, speedMs: number): DriveStep[] {
  const count = Math.floor(distanceM / speedMs / 0.02);
  return Array.from({ length: count }, (_, i) => {
    const timeS = i * 0.02;
    const distFromStart = (2 * LENGTH_M - behindM + speedMs * timeS) % LENGTH_M;
    return { timeS, distFromStart, trackPos: 0, speedKmh: speedMs * 3.6, steer: 0, accelerate: 1, brake: 0 };
  });
}

const near = (a: number, b: number) => Math.abs(a - b) < 1e-9;

test('laps are timed from line to line, between the steps', (t) => {
  const laps = lapsOf(steadyDrive(30, 2100, 37), LENGTH_M);
  t.is(laps.length, 2, 'the way to the line and what comes after the last crossing are none');
  for (const { timeS, samples } of laps) {
    t.true(near(timeS, LENGTH_M / 37), String(timeS));
    t.true(samples[0]!.distanceM < 0.74 && samples.at(-1)!.distanceM > LENGTH_M - 0.75);
    t.true(samples.every((sample) => near(sample.timeS, sample.distanceM / 37)));
  }
});

test('a drive that ends as it crosses the line ends with a lap; one that ends before does not', (t) => {
  const [lap, more] = lapsOf(steadyDrive(10, 1010, 50), LENGTH_M);
  t.is(more, undefined);
  t.true(near(lap!.timeS, 20));
  t.deepEqual(lapsOf(steadyDrive(10, 1005, 50), LENGTH_M), []);
  t.deepEqual(lapsOf(steadyDrive(0, 900, 50), LENGTH_M), [], 'it started on the line, which it did not cross');
});

test('a car is drawn where it was: on the middle of the road, on its edges', (t) => {
  const track = new TrackLibrary().get('willow-park');
  const { left, right, marks } = roadOf(track);
  t.is(left.length, right.length);
  const at = (trackPos: number) => {
    const step = {
      timeS: 0,
      distFromStart: track.lengthM / 4,
      trackPos,
      speedKmh: 100,
      steer: 0,
      accelerate: 0,
      brake: 0,
    };
    return driveOn(track, [step])[0]!;
  };
  const quarter = left.length / 4;
  const distance = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y);
  t.true(distance(at(1), left[quarter]!) < 1e-6);
  t.true(distance(at(-1), right[quarter]!) < 1e-6);
  const middle = { x: (at(1).x + at(-1).x) / 2, y: (at(1).y + at(-1).y) / 2 };
  t.true(distance(at(0), middle) < 1e-6);
  for (let i = 0; i < left.length; i++) t.true(Math.abs(distance(left[i]!, right[i]!) - track.widthM) < 1);
  t.true(marks.length >= 4 && marks.every(({ text }) => /^\d+ m$/.test(text)));
});
