import test from 'ava';
import { occlusionMap } from '../../src/video/saliency.ts';

/** Two grey pictures of 32 × 24: the older one black, the newer one with one light square. */
function stack(): { width: number; height: number; channels: 1; count: number; data: Uint8Array } {
  const data = new Uint8Array(32 * 24 * 2);
  for (let y = 6; y < 9; y++) for (let x = 21; x < 24; x++) data[(y * 32 + x) * 2 + 1] = 200;
  return { width: 32, height: 24, channels: 1, count: 2, data };
}

test('what moves the steering is where the map is hot', async (t) => {
  const seen = stack();
  // Steers by one pixel of the newer picture.
  const map = await occlusionMap(seen, (data) => data[(7 * 32 + 22) * 2 + 1]! / 255);
  t.is(map.length, 32 * 24);
  const hottest = map.indexOf(Math.max(...map));
  const [x, y] = [hottest % 32, Math.floor(hottest / 32)];
  t.true(Math.abs(x - 22) <= 1 && Math.abs(y - 7) <= 1, `hottest at ${x},${y}`);
  t.true(map[hottest]! > 0.9 && map[hottest]! <= 1);
  t.is(map[20 * 32 + 2], 0, 'far away nothing counts');
  t.deepEqual(seen, stack(), 'the pictures stay as they are');
});

test('a driver that heeds nothing, or the older picture only, leaves the map cold', async (t) => {
  for (const steer of [() => 0.3, (data: Uint8Array) => data[(7 * 32 + 22) * 2]! / 255]) {
    t.true((await occlusionMap(stack(), steer)).every((value) => value === 0));
  }
});

test('small changes stay small: the map does not blow noise up', async (t) => {
  const map = await occlusionMap(stack(), (data) => data[(7 * 32 + 22) * 2 + 1]! / 255 / 1000);
  t.true(Math.max(...map) < 0.05);
});
