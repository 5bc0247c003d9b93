import test from 'ava';
import { Canvas, drawArcArrow, drawArrow } from '../../../src/environments/raster/index.ts';

const SIDE = 64;
/** A world of 64 by 64, one pixel for each metre, its origin in the middle. */
const VIEW = { centreX: 0, centreY: 0, width: SIDE, height: SIDE };
const WHITE = [255, 255, 255] as const;

function draw(shape: (canvas: Canvas) => void) {
  const data = new Uint8Array(SIDE * SIDE * 3);
  shape(new Canvas({ width: SIDE, height: SIDE }, VIEW, data));
  const shareAt = (column: number, row: number) => data[(row * SIDE + column) * 3]! / 255;
  let area = 0;
  for (let at = 0; at < data.length; at += 3) area += data[at]! / 255;
  return { data, shareAt, area };
}

function near(actual: number, expected: number, relative: number): boolean {
  return Math.abs(actual - expected) <= relative * expected;
}

test('shapes cover their area, wherever they lie between pixels', (t) => {
  for (const shift of [0, 0.25, 0.5, 0.8]) {
    const disc = draw((canvas) => canvas.disc(shift, -shift, 10, WHITE)).area;
    t.true(near(disc, Math.PI * 100, 0.01), `disc ${disc}`);
    const rod = draw((canvas) => canvas.rod(-15, shift, 12, 9, 3, WHITE)).area;
    t.true(near(rod, 6 * Math.sqrt(27 ** 2 + (9 - shift) ** 2) + Math.PI * 9, 0.01), `rod ${rod}`);
    const ring = draw((canvas) => canvas.ring(shift, 0, 20, 2, WHITE)).area;
    t.true(near(ring, 2 * Math.PI * 20 * 2, 0.01), `ring ${ring}`);
    const box = draw((canvas) => canvas.box(0, shift, 12, 7, 3, WHITE)).area;
    t.true(near(box, 24 * 14 - (4 - Math.PI) * 9, 0.01), `box ${box}`);
    for (const corners of [
      [-20, shift, 20, 0, 0, 18],
      [0, 18, 20, 0, -20, shift],
    ]) {
      const triangle = draw((canvas) => canvas.triangle(corners, WHITE)).area;
      t.true(near(triangle, 20 * 18 - 10 * shift, 0.03), `triangle ${triangle}`);
    }
  }
});

test('x goes right and y goes up, the view lies in the middle, and shapes keep their aspect', (t) => {
  const { shareAt } = draw((canvas) => canvas.disc(20, 10, 2, WHITE));
  t.is(shareAt(SIDE / 2 + 20, SIDE / 2 - 10), 1);
  t.is(shareAt(SIDE / 2 - 20, SIDE / 2 - 10), 0);
  t.is(shareAt(SIDE / 2 + 20, SIDE / 2 + 10), 0);
  const wide = new Uint8Array(100 * 20 * 3);
  new Canvas({ width: 100, height: 20 }, { ...VIEW, centreX: 5 }, wide).disc(5, 0, 16, WHITE);
  const rows = Array.from({ length: 20 }, (_, row) => wide[(row * 100 + 50) * 3]! > 127).filter(Boolean).length;
  const columns = Array.from({ length: 100 }, (_, column) => wide[(10 * 100 + column) * 3]! > 127).filter(Boolean);
  t.is(rows, 10);
  t.is(columns.length, 10);
});

test('edges are blended with what is below', (t) => {
  const { shareAt } = draw((canvas) => canvas.box(0, 0, 10.25, 10, 0, WHITE));
  t.is(shareAt(SIDE / 2 + 9, SIDE / 2), 1);
  t.true(Math.abs(shareAt(SIDE / 2 + 10, SIDE / 2) - 0.25) < 0.01);
  t.is(shareAt(SIDE / 2 + 11, SIDE / 2), 0);
  const data = new Uint8Array(SIDE * SIDE * 3);
  const canvas = new Canvas({ width: SIDE, height: SIDE }, VIEW, data);
  canvas.fill([10, 20, 30]);
  canvas.disc(0, 0, 5, [200, 100, 0]);
  t.deepEqual([...data.subarray(0, 3)], [10, 20, 30]);
  const middle = ((SIDE / 2) * SIDE + SIDE / 2) * 3;
  t.deepEqual([...data.subarray(middle, middle + 3)], [200, 100, 0]);
});

test('a line stays in sight however thin it is', (t) => {
  const { area } = draw((canvas) => canvas.rod(-10, 0.3, 10, 0.3, 0.001, WHITE));
  t.true(near(area, 20, 0.1), `${area}`);
});

test('shapes beyond the edges are cut there', (t) => {
  const { data } = draw((canvas) => {
    canvas.disc(-100, 0, 20, WHITE);
    canvas.rod(40, -100, 40, 100, 3, WHITE);
    canvas.box(0, 90, 20, 10, 1, WHITE);
  });
  t.true(data.every((value) => value === 0));
  const { shareAt, area } = draw((canvas) => canvas.disc(SIDE / 2, 0, 10, WHITE));
  t.is(shareAt(SIDE - 1, SIDE / 2), 1);
  t.is(shareAt(0, SIDE / 2), 0);
  t.true(near(area, Math.PI * 50, 0.01));
});

test('arrows point from a to b, and around counter-clockwise; no length, no arrow', (t) => {
  const straight = draw((canvas) => drawArrow(canvas, -20, 0, 10, 0, 1, WHITE));
  t.is(straight.shareAt(SIDE / 2 - 18, SIDE / 2), 1);
  t.is(straight.shareAt(SIDE / 2 + 11, SIDE / 2), 1, 'the head goes on beyond b');
  t.true(straight.shareAt(SIDE / 2 + 10, SIDE / 2 - 2) > 0.9, 'and is wider than the line');
  t.is(straight.shareAt(SIDE / 2 - 18, SIDE / 2 - 2), 0);
  const circle = { x: 0, y: 0, radius: 20 };
  const arc = draw((canvas) => drawArcArrow(canvas, circle, 0, Math.PI / 2, 1, WHITE));
  const at45 = Math.round(20 * Math.SQRT1_2);
  t.true(arc.shareAt(SIDE / 2 + at45, SIDE / 2 - at45) > 0.5);
  t.is(arc.shareAt(SIDE / 2 + at45, SIDE / 2 + at45), 0);
  t.true(arc.shareAt(SIDE / 2 - 2, SIDE / 2 - 20) > 0.9, 'the head points on along the circle');
  for (const nothing of [
    draw((canvas) => drawArrow(canvas, 1, 1, 1, 1, 1, WHITE)),
    draw((canvas) => drawArcArrow(canvas, circle, 1, 0, 1, WHITE)),
  ]) {
    t.is(nothing.area, 0);
  }
});
