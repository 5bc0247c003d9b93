import test from 'ava';
import { compileTrack, placeOn } from '../../../src/simulator/query/index.ts';
import { Corridor, castRay } from '../../../src/simulator/sensors/corridor.ts';
import { Focus } from '../../../src/simulator/sensors/focus.ts';
import { RangeFinders } from '../../../src/simulator/sensors/range-finders.ts';
import type { Track } from '../../../src/simulator/track/model.ts';
import { hills, oval } from '../vehicle/test-tracks.ts';

const track = compileTrack(oval());
const corridor = new Corridor(track);
const RADIAN = Math.PI / 180;

function look(distance: number, toRight: number, anglesDeg: readonly number[], on = track, roads = corridor) {
  const place = placeOn(on, distance, toRight);
  return anglesDeg.map((angle) => {
    const heading = place.heading - angle * RADIAN;
    return castRay(roads.stretchOf(place.piece), place.x, place.y, Math.cos(heading), Math.sin(heading), 200);
  });
}

test('on a straight the edges are where the manual puts them', (t) => {
  const [left, right, slantLeft, slantRight] = look(100, 4, [-90, 90, -30, 30]) as [number, number, number, number];
  t.true(Math.abs(left - 8) < 1e-9);
  t.true(Math.abs(right - 4) < 1e-9);
  t.true(Math.abs(slantLeft - 16) < 1e-9);
  t.true(Math.abs(slantRight - 8) < 1e-9);
});

test('straight ahead is 200 m, or the bend behind the straight', (t) => {
  t.is(look(50, 6, [0])[0], 200);
  // 50 m before a left bend of 60 m: the ray meets the outer edge, 66 m from the centre, at a height of 60 m.
  const [ahead] = look(350, 6, [0]) as [number];
  t.true(Math.abs(ahead - (50 + Math.sqrt(66 * 66 - 60 * 60))) < 1e-6, `${ahead}`);
});

test('in a bend the inner edge hides the road', (t) => {
  const [inner] = look(450, 6, [-60]) as [number];
  const radius = 60;
  // Law of cosines with the inner circle of 54 m.
  const expected = radius * Math.sin(60 * RADIAN) - Math.sqrt(54 ** 2 - (radius * Math.cos(60 * RADIAN)) ** 2);
  t.true(Math.abs(inner - expected) < 1e-6, `${inner} instead of ${expected}`);
});

/** Steps along the ray until it leaves the road, the slow and obvious way. */
function march(on: Track, distance: number, toRight: number, angleDeg: number): number {
  const compiled = compileTrack(on);
  const place = placeOn(compiled, distance, toRight);
  const heading = place.heading - angleDeg * RADIAN;
  let piece = place.piece;
  for (let r = 0; r < 200; r += 0.01) {
    const x = place.x + r * Math.cos(heading);
    const y = place.y + r * Math.sin(heading);
    const hit = nearest(compiled, piece.index, x, y);
    if (hit === undefined) return r;
    piece = compiled.pieces[hit]!;
  }
  return 200;
}

/** The piece near another one on which a point lies. */
function nearest(compiled: ReturnType<typeof compileTrack>, from: number, x: number, y: number): number | undefined {
  for (const step of [0, 1, -1]) {
    const piece = compiled.pieces[(from + step + compiled.pieces.length) % compiled.pieces.length]!;
    if (piece.turn === 0) {
      const dx = x - piece.startRightX;
      const dy = y - piece.startRightY;
      const along = dx * piece.headingX + dy * piece.headingY;
      const across = dy * piece.headingX - dx * piece.headingY;
      if (along >= -1e-9 && along <= piece.length + 1e-9 && across >= 0 && across <= piece.width) return piece.index;
    } else {
      const dx = x - piece.centerX;
      const dy = y - piece.centerY;
      const radius = Math.hypot(dx, dy);
      let turned = (Math.atan2(dy, dx) - piece.segment.startPolarAngle) * piece.turn;
      while (turned < -1) turned += 2 * Math.PI;
      while (turned > 2 * Math.PI - 1) turned -= 2 * Math.PI;
      if (Math.abs(radius - piece.radius) <= piece.width / 2 && turned >= -1e-9 && turned <= piece.extent + 1e-9) {
        return piece.index;
      }
    }
  }
  return undefined;
}

test('rays agree with walking along them, anywhere and in every direction', (t) => {
  for (const on of [oval(), hills()]) {
    const compiled = compileTrack(on);
    const roads = new Corridor(compiled);
    for (let i = 0; i < 120; i++) {
      const distance = (i * 137.3) % compiled.lengthM;
      const toRight = 0.5 + ((i * 7.7) % 11);
      const angle = ((i * 53) % 361) - 180;
      const [reading] = look(distance, toRight, [angle], compiled, roads) as [number];
      const expected = march(on, distance, toRight, angle);
      t.true(
        Math.abs(reading - expected) < 0.03,
        `${reading} instead of ${expected} at ${distance}, ${toRight}, ${angle}`,
      );
    }
  }
});

test('the 19 finders read clockwise from the left', (t) => {
  const place = placeOn(track, 100, 4);
  const readings = new RangeFinders().read(
    corridor.stretchOf(place.piece),
    place.x,
    place.y,
    Math.cos(place.heading),
    Math.sin(place.heading),
  );
  t.is(readings.length, 19);
  t.true(Math.abs(readings[0]! - 8) < 1e-9);
  t.true(Math.abs(readings[18]! - 4) < 1e-9);
  t.throws(() => new RangeFinders([1, 2]), { code: 'ERR_INVALID_ARGUMENT' });
});

test('focus reads five directions, then cools down for a second', (t) => {
  const place = placeOn(track, 100, 4);
  const focus = new Focus();
  const read = (time: number, onRoad = true) =>
    focus.read(time, onRoad, corridor.stretchOf(place.piece), place.x, place.y, place.heading);
  t.deepEqual(read(-0.1), [-1, -1, -1, -1, -1], 'not before the start');
  focus.ask(90);
  t.true(Math.abs(read(0.1)[2]! - 4) < 1e-9, 'straight to the right');
  t.deepEqual(read(0.9), [-1, -1, -1, -1, -1]);
  t.deepEqual(read(1.2, false), [-1, -1, -1, -1, -1], 'not off the road');
  focus.ask(360);
  t.deepEqual(read(1.3), [-1, -1, -1, -1, -1], 'nobody asked');
  focus.ask(0);
  t.not(read(1.4)[0], -1);
});
