import test from 'ava';
import { GlyphSet } from '../../../src/video/raster/glyphs.ts';
import { StaticLayer } from '../../../src/video/raster/layer.ts';
import { copyInto, drawDisc, drawLine, fillBox, type Picture } from '../../../src/video/raster/picture.ts';

function blank(width = 60, height = 40, colour = 0): Picture {
  return { width, height, data: new Uint8Array(width * height * 3).fill(colour) };
}

const pixel = ({ width, data }: Picture, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

/** The least box around what is not black. */
function painted({ width, height, data }: Picture) {
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < width * height; i++) {
    if (data[i * 3]! + data[i * 3 + 1]! + data[i * 3 + 2]! === 0) continue;
    xs.push(i % width);
    ys.push(Math.floor(i / width));
  }
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    count: xs.length,
  };
}

test('boxes: whole, mixed, and cut at the edges', (t) => {
  const picture = blank();
  fillBox(picture, { x: 2, y: 3, width: 4, height: 5 }, [255, 100, 0]);
  t.like(painted(picture), { left: 2, right: 5, top: 3, bottom: 7, count: 20 });
  t.deepEqual(pixel(picture, 2, 3), [255, 100, 0]);
  fillBox(picture, { x: 2, y: 3, width: 1, height: 1 }, [0, 0, 0], 0.5);
  t.deepEqual(pixel(picture, 2, 3), [127, 50, 0]);
  const cut = blank();
  fillBox(cut, { x: -5, y: 38, width: 10, height: 10 }, [1, 1, 1]);
  t.like(painted(cut), { left: 0, right: 4, top: 38, bottom: 39, count: 10 });
});

test('lines and discs are as thick as asked, in every direction, and stay in the picture', (t) => {
  for (const [from, to] of [
    [
      [10, 20],
      [50, 20],
    ],
    [
      [30, 5],
      [30, 35],
    ],
    [
      [10, 5],
      [50, 35],
    ],
    [
      [50, 5],
      [10, 35],
    ],
  ] as const) {
    const picture = blank();
    drawLine(picture, from, to, 4, [255, 255, 255]);
    const light = picture.data.reduce((sum, value) => sum + value, 0) / 255 / 3;
    const expected = 4 * Math.hypot(to[0] - from[0], to[1] - from[1]) + Math.PI * 4;
    t.true(Math.abs(light - expected) < 0.05 * expected, `${from} to ${to}: ${light} of ${expected}`);
  }
  const disc = blank();
  drawDisc(disc, 30, 20, 6, [255, 255, 255]);
  const light = disc.data.reduce((sum, value) => sum + value, 0) / 255 / 3;
  t.true(Math.abs(light - Math.PI * 36) < 4, `${light}`);
  t.notThrows(() => drawDisc(blank(), -3, 50, 9, [9, 9, 9]));
});

test('a picture is copied into another at its place', (t) => {
  const target = blank();
  copyInto(target, blank(3, 2, 7), 57, 38);
  t.like(painted(target), { left: 57, right: 59, top: 38, bottom: 39, count: 6 });
});

test('a static layer covers as SVG says, and costs nothing where it is clear', async (t) => {
  const elements =
    '<rect x="10" y="5" width="20" height="10" fill="#ff0000"/><rect x="40" y="5" width="10" height="10" fill="#fff" fill-opacity="0.5"/>';
  const layer = await StaticLayer.fromSvg(60, 40, elements);
  const picture = blank(60, 40, 100);
  layer.apply(picture);
  t.deepEqual(pixel(picture, 10, 5), [255, 0, 0]);
  t.deepEqual(pixel(picture, 29, 14), [255, 0, 0]);
  t.deepEqual(pixel(picture, 30, 5), [100, 100, 100]);
  for (const value of pixel(picture, 45, 10)) t.true(Math.abs(value - 178) <= 1, `${value}`);
  t.throws(() => layer.apply(blank(61, 40)), { message: /60x40/ });
});

test('text stands in its box, whichever end it is set to, and is cut with an ellipsis', async (t) => {
  const glyphs = await GlyphSet.create(16, false);
  const box = { x: 10, y: 10, width: 60, height: 20 };
  const draw = (text: string, anchor: 'start' | 'middle' | 'end' = 'start') => {
    const picture = blank(100, 40);
    glyphs.draw(picture, box, text, [255, 255, 255], anchor);
    return { ...painted(picture), data: picture.data };
  };
  const start = draw('88');
  t.true(start.left >= 9 && start.left <= 12, `${start.left}`);
  t.true(start.top >= 10 && start.bottom <= 30);
  t.true(Math.abs((start.top + start.bottom) / 2 - 19.5) <= 1, 'in the middle of its height');
  const end = draw('88', 'end');
  t.true(end.right >= 67 && end.right <= 70, `${end.right}`);
  const middle = draw('88', 'middle');
  t.true(Math.abs(middle.left + middle.right - 79) <= 3);
  const long = draw('A text that is much too long for it');
  t.true(long.right <= 70 && long.right > 50, `${long.right}`);
  const low = draw('gjpq');
  t.true(low.bottom <= 30, 'what hangs below the line stays inside');
  t.deepEqual(draw('é').data, draw('e').data, 'accents are left out');
  t.deepEqual(draw('\u4e2d').data, draw('\u5b57').data, 'unknown letters are boxes');
  t.true(draw('\u4e2d').count > 10);
  t.deepEqual(draw('12:34').data, draw('12:34').data);
});

test('the first wording that fits is chosen, else the last', async (t) => {
  const glyphs = await GlyphSet.create(16, true);
  t.is(glyphs.choose(['LAP 1/20', 'LAP 1', 'L1'], 200), 'LAP 1/20');
  t.is(glyphs.choose(['LAP 1/20', 'LAP 1', 'L1'], 50), 'LAP 1');
  t.is(glyphs.choose(['LAP 1/20', 'LAP 1', 'L1'], 1), 'L1');
});
