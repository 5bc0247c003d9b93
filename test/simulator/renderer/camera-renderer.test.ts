import test from 'ava';
import { CameraRenderer } from '../../../src/simulator/renderer/index.ts';
import { InvalidArgumentError } from '../../../torcs-client/errors.ts';
import { CAMERA_VIEWS } from '../../../torcs-client/simulator.ts';
import { oval } from '../vehicle/test-tracks.ts';

const track = oval();
const first = track.segments[0]!;
const pose = {
  x: (first.startLeft.x + first.startRight.x) / 2,
  y: (first.startLeft.y + first.startRight.y) / 2,
  z: (first.startLeft.z + first.startRight.z) / 2 + 0.25,
  roll: 0,
  pitch: 0,
  yaw: first.startHeading,
};

function ahead(metres: number) {
  return { ...pose, x: pose.x + metres * Math.cos(pose.yaw), y: pose.y + metres * Math.sin(pose.yaw) };
}

for (const view of CAMERA_VIEWS) {
  for (const [width, height] of [
    [1, 1],
    [7, 5],
    [64, 64],
    [640, 480],
  ] as const) {
    test(`${view} at ${width}x${height} is the same to the byte, whatever was drawn before`, (t) => {
      const renderer = new CameraRenderer(track, { width, height, view, panels: false });
      const one = new Uint8Array(width * height * 3);
      const two = new Uint8Array(width * height * 3);
      renderer.render({ cars: [pose], cameraCar: 0 }, one);
      renderer.render({ cars: [ahead(50)], cameraCar: 0 }, two);
      renderer.render({ cars: [pose], cameraCar: 0 }, two);
      t.is(Buffer.compare(one, two), 0);
      t.true(one.some((value) => value > 0));
    });
  }
}

const road = { width: 64, height: 64, view: 'road', panels: false } as const;

test('a level camera on a level straight has its horizon in the middle: sky above, road below', (t) => {
  const picture = new Uint8Array(64 * 64 * 3);
  new CameraRenderer(track, road).render({ cars: [pose], cameraCar: 0 }, picture);
  const [red, , blue] = picture.subarray((5 * 64 + 32) * 3);
  t.true(blue! > red! + 40);
  const below = picture.subarray((60 * 64 + 32) * 3, (60 * 64 + 32) * 3 + 3);
  t.true(Math.max(...below) - Math.min(...below) < 12);
});

test('a violet car ahead appears in the middle, where its size says, and nowhere above the horizon', (t) => {
  const renderer = new CameraRenderer(track, road);
  const empty = new Uint8Array(64 * 64 * 3);
  const full = new Uint8Array(64 * 64 * 3);
  renderer.render({ cars: [pose], cameraCar: 0 }, empty);
  renderer.render({ cars: [ahead(15), pose], cameraCar: 1 }, full);
  const columns: number[] = [];
  for (let i = 0; i < 64 * 64; i++)
    if (full[i * 3 + 2]! > full[i * 3 + 1]! + 60 && full[i * 3] !== empty[i * 3]) columns.push(i % 64);
  t.true(columns.length > 5);
  // 1.94 m wide, its back 15 - 2.26 - 0.75 m before the eye; 64 rows of 67.5 degrees.
  const expected = (1.94 / (15 - 2.26 - 0.75)) * (32 / Math.tan((67.5 * Math.PI) / 360));
  t.true(Math.abs(Math.max(...columns) - Math.min(...columns) + 1 - expected) <= 2);
  t.true(Math.abs((Math.max(...columns) + Math.min(...columns)) / 2 - 31.5) <= 1);
});

test('wrong sizes, panels and cameras that are not there are refused', (t) => {
  const expected = { instanceOf: InvalidArgumentError };
  t.throws(() => new CameraRenderer(track, { ...road, width: 0 }), expected);
  t.throws(() => new CameraRenderer(track, { ...road, height: 4097 }), expected);
  t.throws(() => new CameraRenderer(track, { ...road, panels: true }), expected);
  const renderer = new CameraRenderer(track, road);
  t.throws(() => renderer.render({ cars: [pose], cameraCar: 0 }, new Uint8Array(5)), expected);
  t.throws(() => renderer.render({ cars: [pose], cameraCar: 1 }, new Uint8Array(64 * 64 * 3)), expected);
});
