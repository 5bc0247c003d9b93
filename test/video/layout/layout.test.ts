import test from 'ava';
import fc from 'fast-check';
import { type Layout, type LayoutOptions, layoutOf } from '../../../src/video/layout/layout.ts';
import type { Box } from '../../../src/video/raster/picture.ts';

const content = {
  title: 'td3-from-pixels · willow-park',
  seen: { kind: 'pixels', shape: { width: 64, height: 64, count: 3 } },
  mapAspect: 1.4,
  gap: false,
  reward: true,
  value: false,
} as const satisfies Omit<LayoutOptions, 'width' | 'height'>;

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** Everything that is wrong with a layout. */
function faults(layout: Layout): string[] {
  const { panels, leaves, labels, width, height } = layout;
  const all = [
    ...[...leaves].map(([name, { box }]) => ({ name: name as string, box })),
    ...labels.map(({ text, box }) => ({ name: text, box })),
  ];
  const picture = { x: 0, y: 0, width, height };
  const found: string[] = [];
  for (const [i, one] of all.entries()) {
    const { x, y, width: w, height: h } = one.box;
    if (![x, y, w, h].every(Number.isInteger) || w < 1 || h < 1) found.push(`${one.name} is ${w}x${h} at ${x},${y}`);
    if (one.name !== 'banner' && !panels.some((panel) => isInside(one.box, panel)))
      found.push(`${one.name} has no panel`);
    for (const other of all.slice(i + 1)) if (overlaps(one.box, other.box)) found.push(`${one.name} on ${other.name}`);
  }
  const grounds = [...panels, leaves.get('banner')!.box];
  for (const [i, one] of grounds.entries()) {
    if (!isInside(one, picture)) found.push(`a panel leaves the picture: ${JSON.stringify(one)}`);
    for (const other of grounds.slice(i + 1)) if (overlaps(one, other)) found.push('panels overlap');
  }
  return found;
}

test('nothing overlaps and nothing leaves the picture, at every size from 320x180 to 1920x1080', (t) => {
  for (let width = 320; width <= 1920; width += 32) {
    for (let height = 180; height <= 1080; height += 20) {
      const found = faults(layoutOf({ ...content, width, height }));
      if (found.length > 0) t.fail(`${width}x${height}: ${found.join('; ')}`);
    }
  }
  t.pass();
});

const shapes = fc.record({
  width: fc.integer({ min: 8, max: 256 }),
  height: fc.integer({ min: 8, max: 256 }),
  count: fc.integer({ min: 1, max: 16 }),
});
const anything = fc.record({
  width: fc.integer({ min: 160, max: 4096 }),
  height: fc.integer({ min: 180, max: 4096 }),
  title: fc.string({ maxLength: 60 }),
  seen: fc.oneof(
    fc.constant(undefined),
    fc.constant({ kind: 'range-finders' } as const),
    shapes.map((shape) => ({ kind: 'pixels', shape }) as const),
  ),
  mapAspect: fc.oneof(fc.constant(undefined), fc.double({ min: 0.05, max: 20, noNaN: true })),
  gap: fc.boolean(),
  reward: fc.boolean(),
  value: fc.boolean(),
});

test('nor with anything in it, in halves and beyond', (t) => {
  fc.assert(
    fc.property(anything, (options) => {
      const layout = layoutOf(options);
      t.deepEqual(faults(layout), []);
      t.true(layout.leaves.has('speed'), 'the speed is always told');
    }),
    { numRuns: 1500 },
  );
});

test('a large picture shows everything, a small one what matters', (t) => {
  const full = layoutOf({ ...content, width: 1280, height: 720, value: true, gap: true });
  t.deepEqual([...full.leaves.keys()].sort(), [
    'accelerate',
    'banner',
    'bestLap',
    'brake',
    'driver',
    'gap',
    'gear',
    'lap',
    'lapTime',
    'lastLap',
    'map',
    'return',
    'revs',
    'reward',
    'sector1',
    'sector2',
    'sector3',
    'seen',
    'speed',
    'steer',
    'value',
  ]);
  t.like(full.seen, { count: 3, scale: 2 }, 'the whole stack, each pixel as a whole square');
  const small = layoutOf({ ...content, width: 320, height: 180 });
  for (const name of [
    'speed',
    'gear',
    'revs',
    'steer',
    'accelerate',
    'brake',
    'lap',
    'lapTime',
    'map',
    'seen',
  ] as const) {
    t.true(small.leaves.has(name), name);
  }
  t.true(
    [...small.leaves.values()].every(({ size }) => size === 0 || size >= 8),
    'no text that cannot be read',
  );
});
