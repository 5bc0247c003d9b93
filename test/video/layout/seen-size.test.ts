import test from 'ava';
import { fitSeen } from '../../../src/video/layout/seen-size.ts';

const shape = { width: 64, height: 48, count: 3 };

test('the stack is enlarged by whole numbers, as far as it fits', (t) => {
  t.deepEqual(fitSeen(shape, 3 * 64 * 2 + 4, 200), {
    count: 3,
    direction: 'row',
    scale: 2,
    gap: 2,
    width: 388,
    height: 96,
  });
  t.like(fitSeen(shape, 387, 200), { count: 3, direction: 'row', scale: 1 }, 'one pixel too narrow');
  t.like(fitSeen(shape, 1000, 95), { count: 3, scale: 1 }, 'one pixel too low');
});

test('where the stack does not fit, its newest pictures do; else every second pixel, or nothing', (t) => {
  t.like(fitSeen(shape, 150, 60), { count: 2, scale: 1 });
  t.like(fitSeen(shape, 64, 48), { count: 1, scale: 1 });
  t.deepEqual(fitSeen(shape, 63, 48), {
    count: 1,
    direction: 'row',
    scale: 1 / 2,
    gap: 2,
    width: 32,
    height: 24,
  });
  t.is(fitSeen(shape, 20, 20), undefined, '16 pixels are the least');
  t.is(fitSeen(shape, 0, 0), undefined);
});

test('a stack of wide pictures stands, where it is larger so', (t) => {
  t.deepEqual(fitSeen({ width: 128, height: 48, count: 3 }, 400, 300), {
    count: 3,
    direction: 'column',
    scale: 2,
    gap: 2,
    width: 256,
    height: 292,
  });
});
