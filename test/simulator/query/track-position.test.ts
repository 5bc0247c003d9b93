import test from 'ava';
import {
  compileTrack,
  heightAt,
  placeOn,
  stripWidth,
  TrackPosition,
  wrapDistance,
} from '../../../src/simulator/query/index.ts';
import { hills, oval } from '../vehicle/test-tracks.ts';

test('a place on the track is found again where it was put, on any piece', (t) => {
  for (const track of [compileTrack(oval()), compileTrack(hills())]) {
    const position = new TrackPosition(track.pieces[0]!);
    for (let distance = 0.5; distance < track.lengthM; distance += 3.7) {
      for (const toRight of [-4, 0.1, 6, 11.9, 16]) {
        const place = placeOn(track, distance, toRight);
        position.locate(track.pieceAt(distance - 20), place.x, place.y);
        t.true(Math.abs(position.distanceFromStart - distance) < 1e-6, `${position.distanceFromStart} for ${distance}`);
        t.true(Math.abs(position.toRight - toRight) < 1e-6, `${position.toRight} for ${toRight}`);
        t.is(position.toMiddle, position.toRight - 6);
      }
    }
  }
});

test('the tangent is the direction in which the place moves', (t) => {
  const track = compileTrack(oval());
  const position = new TrackPosition(track.pieces[0]!);
  for (let distance = 1; distance < track.lengthM - 1; distance += 11) {
    const here = placeOn(track, distance, 6);
    const there = placeOn(track, distance + 0.01, 6);
    position.locate(here.piece, here.x, here.y);
    const heading = Math.atan2(there.y - here.y, there.x - here.x);
    t.true(Math.abs(Math.sin(position.tangent - heading)) < 1e-3);
  }
});

test('strips are found beside the road, and barriers behind them', (t) => {
  const track = compileTrack(oval());
  const position = new TrackPosition(track.pieces[0]!);
  const names = [-3, 6, 14].map((toRight) => {
    const place = placeOn(track, 100, toRight);
    position.locate(place.piece, place.x, place.y);
    position.toStrip();
    return position.strip.material.name;
  });
  t.deepEqual(names, ['grass', 'asphalt', 'grass']);
  t.true(Math.abs(position.toLeftBarrier - 3) < 1e-9);
  t.true(Math.abs(position.toRightBarrier - 19) < 1e-9);
  t.is(stripWidth(position.strip, 5), 5);
  t.is(position.piece.clearanceLeft, 5);
});

test('heights follow the hill, the banking and the bumps', (t) => {
  const track = compileTrack(hills());
  const position = new TrackPosition(track.pieces[0]!);
  const heightOf = (distance: number, toRight: number) => {
    const place = placeOn(track, distance, toRight);
    position.locate(place.piece, place.x, place.y);
    position.toStrip();
    return heightAt(position);
  };
  const bottom = heightOf(0, 6);
  t.true(Math.abs(heightOf(200, 6) - bottom - 10) < 1e-6, 'ten metres up the hill');
  const slope = (heightOf(600, 9) - heightOf(600, 3)) / 6;
  t.true(slope < -0.05, `the left side is lower: ${slope}`);
  const bumps = [0.1, 0.2, 0.3].map((offset) => heightOf(100 + offset, -2 - offset));
  t.true(new Set(bumps.map((z) => z.toFixed(6))).size === 3);
});

test('distances wrap into the lap', (t) => {
  t.is(wrapDistance(-1, 10), 9);
  t.is(wrapDistance(21, 10), 1);
});

test('tracks are compiled once', (t) => {
  const track = oval();
  t.is(compileTrack(track), compileTrack(track));
});
