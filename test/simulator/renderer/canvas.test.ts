import test from 'ava';
import { Canvas, mix, rgb, shade } from '../../../src/simulator/renderer/canvas.ts';

const WHITE = rgb(255, 255, 255);

function gray(canvas: Canvas): number[][] {
  const bytes = new Uint8Array(canvas.width * canvas.height * 3);
  canvas.copyTo(bytes);
  return Array.from({ length: canvas.height }, (_, row) =>
    Array.from({ length: canvas.width }, (_, column) => bytes[(row * canvas.width + column) * 3]!),
  );
}

function quad(canvas: Canvas, corners: readonly (readonly [number, number])[], solidBottom = false): void {
  const xs = Float64Array.from(corners, ([x]) => x);
  const ys = Float64Array.from(corners, ([, y]) => y);
  canvas.fill(xs, ys, corners.length, WHITE, solidBottom);
}

test('a rectangle covers its pixels, and parts of pixels by their share', (t) => {
  const canvas = new Canvas(4, 4);
  quad(canvas, [
    [1, 0.5],
    [3, 0.5],
    [3, 2.25],
    [1, 2.25],
  ]);
  const rows = gray(canvas).map((row) => row[1]!);
  t.true(Math.abs(rows[0]! - 127) <= 1);
  t.is(rows[1], 255);
  t.true(Math.abs(rows[2]! - 64) <= 1);
  t.is(rows[3], 0);
  t.deepEqual(gray(canvas)[1], [0, 255, 255, 0]);
});

test('what turns anticlockwise is seen from behind and leaves nothing', (t) => {
  const canvas = new Canvas(4, 4);
  quad(canvas, [
    [0, 4],
    [4, 4],
    [4, 0],
    [0, 0],
  ]);
  t.true(gray(canvas).every((row) => row.every((value) => value === 0)));
});

test('neighbours painted far to near leave no seam', (t) => {
  const canvas = new Canvas(2, 8);
  const at = [0, 1.3, 2.7, 3.1, 6.6, 8];
  for (let i = 1; i < at.length; i++) {
    quad(
      canvas,
      [
        [0, at[i - 1]!],
        [2, at[i - 1]!],
        [2, at[i]!],
        [0, at[i]!],
      ],
      true,
    );
  }
  t.true(gray(canvas).every((row) => row.every((value) => value >= 254)));
});

test('polygons beyond the picture are clipped to it', (t) => {
  const canvas = new Canvas(3, 5);
  quad(canvas, [
    [-1e6, -1e6],
    [1e6, -1e6],
    [1e6, 1e6],
    [-1e6, 1e6],
  ]);
  t.true(gray(canvas).every((row) => row.every((value) => value === 255)));
});

test('a thin line is unbroken: each column or row gets its least thickness', (t) => {
  const flat = new Canvas(40, 20);
  flat.line(0, 3.2, 40, 11.7, 0.05, 0.05, 0.5, WHITE);
  for (let column = 0; column < 40; column++) {
    const sum = gray(flat).reduce((total, row) => total + row[column]!, 0);
    t.true(Math.abs(sum - 127) <= 4, `column ${column}: ${sum}`);
  }
  const steep = new Canvas(20, 40);
  steep.line(11.7, 40, 3.2, 0, 0.05, 0.05, 0.5, WHITE);
  for (const [number, row] of gray(steep).entries()) {
    const sum = row.reduce((total, value) => total + value, 0);
    t.true(Math.abs(sum - 127) <= 4, `row ${number}: ${sum}`);
  }
});

test('pictures of any size come out row by row', (t) => {
  const canvas = new Canvas(13, 3);
  for (let column = 0; column < 13; column++) {
    for (let row = 0; row < 3; row++) canvas.pixels[column * 3 + row] = rgb(column, row, 99);
  }
  const bytes = new Uint8Array(13 * 3 * 3);
  canvas.copyTo(bytes);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 13; column++) {
      t.deepEqual([...bytes.subarray((row * 13 + column) * 3).subarray(0, 3)], [column, row, 99]);
    }
  }
});

test('colours mix channel by channel', (t) => {
  t.is(mix(rgb(0, 100, 200), rgb(200, 100, 0), 128), rgb(100, 100, 100));
  t.is(mix(rgb(1, 2, 3), rgb(200, 100, 0), 0), rgb(1, 2, 3));
  t.is(mix(rgb(255, 255, 255), rgb(255, 255, 255), 77), rgb(255, 255, 255));
  t.is(shade(rgb(100, 100, 100), -50), rgb(50, 50, 50));
  t.is(shade(rgb(100, 100, 100), 0), rgb(100, 100, 100));
});
