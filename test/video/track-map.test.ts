import test from 'ava';
import { outlineOf } from '../../src/cli/replay/track-outline.ts';
import { TrackLibrary } from '../../src/simulator/index.ts';
import { TrackMap } from '../../src/video/track-map.ts';
import { circle } from './support.ts';

const box = { x: 100, y: 50, width: 200, height: 100 };

test('a circle lies in the middle of its box, the way up as on the track', (t) => {
  const map = new TrackMap(circle);
  t.true(Math.abs(map.aspect - 1) < 0.01);
  const at = (distanceM: number, trackPos = 0) => map.place(distanceM, trackPos, box).map((value) => Math.round(value));
  t.deepEqual(at(0), [250, 100], 'its eastern end');
  t.deepEqual(at(250), [200, 50], 'north is up');
  t.deepEqual(at(500), [150, 100]);
  t.deepEqual(at(1000), at(0), 'round and round');
  t.deepEqual(at(-250), at(750));
});

test('left of the centre line is inside of a bend to the left', (t) => {
  const map = new TrackMap(circle);
  const [centre] = map.place(5, 0, box);
  const [left] = map.place(5, 1, box);
  const [right] = map.place(5, -1, box);
  t.true(left < centre && centre < right);
});

test('the outlines of our tracks close, and are as long as they say', (t) => {
  const library = new TrackLibrary();
  for (const { name } of library.list().filter(({ source }) => source === 'own')) {
    const { points, lengthM } = outlineOf(library.get(name));
    let along = 0;
    for (const [i, point] of points.entries()) {
      const next = points[(i + 1) % points.length]!;
      along += Math.hypot(next.x - point.x, next.y - point.y);
      const span = (i + 1 < points.length ? next.distanceM : lengthM) - point.distanceM;
      t.true(span > 0, `${name}: distances grow`);
      t.true(
        Math.abs(Math.hypot(next.x - point.x, next.y - point.y) - span) < 0.02 * span + 0.05,
        `${name} at ${point.distanceM}`,
      );
    }
    t.true(Math.abs(along - lengthM) < 0.002 * lengthM, `${name}: ${along} m of ${lengthM} m`);
  }
});
