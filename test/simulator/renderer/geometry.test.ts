import test from 'ava';
import { CameraRenderer, type CarPose } from '../../../src/simulator/renderer/index.ts';
import { Eye } from '../../../src/simulator/renderer/view.ts';
import { buildTrack, ownTracks, type Track } from '../../../src/simulator/track/index.ts';
import { CAMERA_VIEWS, type CameraView } from '../../../torcs-client/simulator.ts';
import { hills, oval } from '../vehicle/test-tracks.ts';

const WIDTH = 640;
const HEIGHT = 480;
const FOCAL = HEIGHT / 2 / Math.tan((67.5 * Math.PI) / 360);
const EYE_HEIGHT = 0.95;

function start(track: Track): CarPose {
  const { startLeft, startRight, startHeading } = track.segments[0]!;
  return {
    x: (startLeft.x + startRight.x) / 2,
    y: (startLeft.y + startRight.y) / 2,
    z: (startLeft.z + startRight.z) / 2 + 0.25,
    roll: 0,
    pitch: 0,
    yaw: startHeading,
  };
}

class Picture {
  readonly pixels = new Uint8Array(WIDTH * HEIGHT * 3);

  constructor(track: Track, pose: CarPose = start(track), view: CameraView = 'road') {
    const renderer = new CameraRenderer(track, { width: WIDTH, height: HEIGHT, view, panels: false });
    renderer.render({ cars: [pose], cameraCar: 0 }, this.pixels);
  }

  at(column: number, row: number): readonly [number, number, number] {
    const at = (row * WIDTH + column) * 3;
    return [this.pixels[at]!, this.pixels[at + 1]!, this.pixels[at + 2]!];
  }

  /** First row from the top where a column differs from another picture's. */
  differsFrom(other: Picture, column: number): number {
    for (let row = 0; row < HEIGHT; row++) {
      if (this.at(column, row).some((value, i) => value !== other.at(column, row)[i])) return row;
    }
    return HEIGHT;
  }
}

const green = ([red, value, blue]: readonly [number, number, number]) => value > red + 12 && value > blue + 12;

test('both edges of a level straight are where a pinhole camera at the eye sees them', (t) => {
  const picture = new Picture(oval());
  for (const row of [262, 270, 280, 300, 320]) {
    const distance = (EYE_HEIGHT * FOCAL) / (row + 0.5 - HEIGHT / 2);
    const half = (FOCAL * 6) / distance;
    if (half > WIDTH / 2 - 4) break;
    let left = WIDTH / 2;
    let right = WIDTH / 2;
    while (!green(picture.at(left, row))) left--;
    while (!green(picture.at(right, row))) right++;
    t.true(Math.abs(WIDTH / 2 - half - (left + 1)) <= 2.5, `left edge in row ${row}: ${left + 1}`);
    t.true(Math.abs(WIDTH / 2 + half - right) <= 2.5, `right edge in row ${row}: ${right}`);
  }
  t.true((FOCAL * 6 * 22.5) / (EYE_HEIGHT * FOCAL) < WIDTH / 2, 'at least one row was looked at');
});

test('a wall is as high as it is, where it is', (t) => {
  const side = (height: number) => ({
    left: { width: 5, surface: 'grass', barrier: { style: 'wall', surface: 'wall', height } as const },
  });
  const low = new Picture(oval(side(0.3)));
  const high = new Picture(oval(side(4)));
  for (const column of [5, 60, 150]) {
    const distance = (FOCAL * 11) / (WIDTH / 2 - column - 0.5);
    const expected = HEIGHT / 2 - (FOCAL * (4 - EYE_HEIGHT)) / distance;
    const top = high.differsFrom(low, column);
    t.true(Math.abs(top - expected) <= 2, `column ${column}: ${top} for ${expected}`);
  }
});

test('a road that climbs rises above the horizon', (t) => {
  const grey = (color: readonly number[]) => Math.max(...color) - Math.min(...color) < 10 && Math.max(...color) < 115;
  const column = WIDTH / 2;
  const level = new Picture(oval());
  const climbing = new Picture(hills());
  const row = HEIGHT / 2 - 6;
  t.true(grey(climbing.at(column, row)));
  t.false(grey(level.at(column, row)));
});

test('the camera rolls with the car, and its eye moves along the world, as in the game', (t) => {
  const pose = { ...start(oval()), roll: 0.1 };
  const eye = new Eye();
  eye.place('road', pose, 0);
  // The left side is higher: the right axis points down.
  t.true(Math.abs(eye.right[2]! + Math.sin(0.1)) < 1e-9);
  // 0.75 m before the origin, which lies 0.0472 m towards +x of the centre of gravity whatever the heading.
  t.true(Math.abs(eye.position[0]! - (pose.x + 0.75 * Math.cos(pose.yaw) + 0.0472)) < 1e-6);
  eye.place('bonnet', pose, 0);
  t.is(eye.right[2]!, 0);
});

test('a kerb is striped red and white, and a lone kerb too', (t) => {
  for (const width of [0, 5]) {
    const side = {
      width,
      surface: 'grass',
      border: { width: 2, height: 0.05, style: 'curb', surface: 'curb' },
    } as const;
    const picture = new Picture(oval({ left: side }));
    let changes = 0;
    let before = '';
    // Along the kerb's middle, 7 m to the left.
    for (let distance = 9; distance < 40; distance += 0.25) {
      const column = Math.round(WIDTH / 2 - (FOCAL * 7) / distance);
      const row = Math.round(HEIGHT / 2 + (FOCAL * (EYE_HEIGHT - 0.025)) / distance);
      const [red, other] = picture.at(column, row);
      const now = red > other + 60 ? 'red' : red > 170 ? 'white' : '';
      if (now !== '' && now !== before) {
        changes++;
        before = now;
      }
    }
    t.true(changes >= 8, `${changes} changes with ${width} m of run-off`);
  }
});

test('asphalt has edge lines, dirt has none', (t) => {
  const bright = (picture: Picture) => {
    let count = 0;
    for (let row = 260; row < 300; row++) {
      for (let column = 0; column < WIDTH; column++) if (Math.min(...picture.at(column, row)) > 180) count++;
    }
    return count;
  };
  t.true(bright(new Picture(oval())) > 40);
  t.is(bright(new Picture(oval({ surface: 'dirt' }))), 0);
});

test('the near road flows by: pictures half a metre apart differ, the same place is the same', (t) => {
  const track = oval();
  const pose = start(track);
  const one = new Picture(track, pose);
  const two = new Picture(track, {
    ...pose,
    x: pose.x + 0.5 * Math.cos(pose.yaw),
    y: pose.y + 0.5 * Math.sin(pose.yaw),
  });
  let sum = 0;
  for (let column = 200; column < 440; column++) {
    for (let row = 300; row < 470; row++) sum += Math.abs(one.at(column, row)[0] - two.at(column, row)[0]);
  }
  t.true(sum / (240 * 170) > 2, `mean difference ${sum / (240 * 170)}`);
});

test('the own car is seen by all views but the road view', (t) => {
  const track = oval();
  for (const view of CAMERA_VIEWS) {
    const picture = new Picture(track, start(track), view);
    let violet = 0;
    for (let row = 240; row < HEIGHT; row += 4) {
      for (let column = 0; column < WIDTH; column += 4) {
        const [red, value, blue] = picture.at(column, row);
        if (blue > value + 40 && blue > red + 20) violet++;
      }
    }
    t.is(violet > 80, view !== 'road', `${view}: ${violet}`);
  }
});

test('no pose breaks a picture: anywhere, at any angle, far away', (t) => {
  const track = buildTrack(ownTracks[0]!.specification);
  const format = { width: 32, height: 24, view: 'road', panels: false } as const;
  const renderer = new CameraRenderer(track, format);
  const into = new Uint8Array(32 * 24 * 3);
  for (let i = 0; i < 400; i++) {
    const pose = {
      x: Math.sin(i * 1.7) * 900,
      y: Math.cos(i * 2.3) * 900,
      z: (i % 40) - 20,
      roll: Math.sin(i) * 3.1,
      pitch: Math.sin(i * 0.7) * 1.5,
      yaw: i,
    };
    into.fill(7);
    t.notThrows(() => renderer.render({ cars: [pose, { ...pose, x: pose.x + 5 }], cameraCar: 0 }, into));
    t.true(into.some((value) => value !== 7));
  }
});

test('a car ahead is as wide as the field of view makes it at that distance', (t) => {
  const track = oval();
  const me = start(track);
  const ahead = { ...me, x: me.x + 15 * Math.cos(me.yaw), y: me.y + 15 * Math.sin(me.yaw) };
  const renderer = new CameraRenderer(track, { width: WIDTH, height: HEIGHT, view: 'road', panels: false });
  const [without, withCar] = [new Uint8Array(WIDTH * HEIGHT * 3), new Uint8Array(WIDTH * HEIGHT * 3)];
  renderer.render({ cars: [me], cameraCar: 0 }, without);
  renderer.render({ cars: [me, ahead], cameraCar: 0 }, withCar);
  const columns = new Set<number>();
  for (const [at, value] of without.entries()) if (value !== withCar[at]) columns.add(Math.floor(at / 3) % WIDTH);
  const width = Math.max(...columns) - Math.min(...columns) + 1;
  // The eye is 0.8 m before the car's middle, the other's tail 2.26 m behind its own; the car is 1.94 m wide.
  const expected = (FOCAL * 1.94) / (15 - 2.26 - 0.8);
  t.true(Math.abs(width - expected) < 3, `${width} pixels, expected ${expected}`);
});
