import test from 'ava';
import { augment, bendTonesAtRandom, changeLightAtRandom } from '../../../src/agents/ddpg/augmentation.ts';
import { seeded } from '../support.ts';

const ROW = 6;

test('each row changes alike in all its bytes, another row otherwise, within reach', (t) => {
  const rows = 200;
  const pixels = new Uint8Array(rows * ROW);
  for (let row = 0; row < rows; row++) pixels.set([0, 64, 128, 128, 192, 255], row * ROW);
  changeLightAtRandom(pixels, ROW, 0.25, seeded(1));
  const middles = new Set<number>();
  let steepest = 0;
  let flattest = 1;
  for (let row = 0; row < rows; row++) {
    const [black, dark, middle, same, bright, white] = pixels.subarray(row * ROW, (row + 1) * ROW);
    t.is(middle, same);
    t.true(black! <= dark! && dark! <= middle! && middle! <= bright! && bright! <= white!, `row ${row}`);
    t.true(Math.abs(middle! - 128) <= 32, `row ${row}: ${middle}`);
    middles.add(middle!);
    const contrast = (bright! - dark!) / 128;
    steepest = Math.max(steepest, contrast);
    flattest = Math.min(flattest, contrast);
  }
  t.true(middles.size > 30, 'brightness differs from row to row');
  t.true(steepest > 1.15 && steepest <= 1.26 && flattest < 0.85 && flattest >= 0.74, `${flattest} to ${steepest}`);
});

const pictureShape = [1, 2, 3] as const;
const still = { randomShift: 0, randomBrightness: 0, randomInvert: 0, randomShadow: 0, randomTone: 0, randomHue: 0 };

test('pictures of both observations change, and nothing else', (t) => {
  const inputs = {
    pixels: new Uint8Array(ROW).fill(100),
    nextPixels: new Uint8Array(ROW).fill(100),
    state: Float32Array.of(1, 2),
  };
  augment(inputs, { pictureShape, settings: { ...still, randomBrightness: 0.5 }, random: seeded(2) });
  t.notDeepEqual(inputs.pixels, new Uint8Array(ROW).fill(100));
  t.notDeepEqual(inputs.nextPixels, new Uint8Array(ROW).fill(100));
  t.deepEqual(inputs.state, Float32Array.of(1, 2));
});

test('a share of the pictures become their negatives, whole', (t) => {
  const rows = 400;
  const picture = [0, 10, 100, 128, 200, 255];
  const pixels = new Uint8Array(rows * ROW);
  for (let row = 0; row < rows; row++) pixels.set(picture, row * ROW);
  augment({ pixels }, { pictureShape, settings: { ...still, randomInvert: 0.25 }, random: seeded(4) });
  let negatives = 0;
  for (let row = 0; row < rows; row++) {
    const now = [...pixels.subarray(row * ROW, (row + 1) * ROW)];
    if (now[0] === 255) negatives++;
    t.deepEqual(now, now[0] === 255 ? picture.map((value) => 255 - value) : picture);
  }
  t.true(negatives > 70 && negatives < 130, String(negatives));
});

test('tones of a share of the pictures are bent: equal ones alike, any order of different ones', (t) => {
  const rows = 600;
  const picture = [60, 60, 120, 120, 180, 180];
  const pixels = new Uint8Array(rows * ROW);
  for (let row = 0; row < rows; row++) pixels.set(picture, row * ROW);
  augment({ pixels }, { pictureShape, settings: { ...still, randomTone: 0.5 }, random: seeded(6) });
  const orders = new Map<string, number>();
  let kept = 0;
  for (let row = 0; row < rows; row++) {
    const [dark, dark2, middle, middle2, bright, bright2] = pixels.subarray(row * ROW, (row + 1) * ROW);
    t.deepEqual([dark2, middle2, bright2], [dark, middle, bright]);
    if (dark === 60 && middle === 120 && bright === 180) kept++;
    const ranks = [dark!, middle!, bright!].map(
      (tone) => [dark!, middle!, bright!].filter((other) => other < tone).length,
    );
    orders.set(ranks.join(''), (orders.get(ranks.join('')) ?? 0) + 1);
  }
  t.true(kept > 250 && kept < 350, String(kept));
  for (const order of ['012', '021', '102', '120', '201', '210']) t.true((orders.get(order) ?? 0) > 20, order);
});

test('the curve that bends tones has no jumps, from black to white', (t) => {
  const random = seeded(7);
  for (let curve = 0; curve < 50; curve++) {
    const tones = Uint8Array.from({ length: 256 }, (_, value) => value);
    bendTonesAtRandom(tones, tones.length, 1, random);
    const largest = Math.max(...tones.subarray(1).map((tone, i) => Math.abs(tone - tones[i]!)));
    // From one height to the next, 255 at most, in 42.5 steps.
    t.true(largest <= 7, `curve ${curve}: ${largest}`);
  }
});

test('hues of a share of the pictures turn by any angle: greys stay, all pictures of a stack alike', (t) => {
  const rows = 600;
  const colour = [120, 100, 80];
  // Two pictures of a grey pixel and a coloured one, plane by plane.
  const stack = [...colour, ...colour].flatMap((level) => [90, level]);
  const pixels = Uint8Array.from({ length: rows * stack.length }, (_, i) => stack[i % stack.length]!);
  augment({ pixels }, { pictureShape: [1, 2, 6], settings: { ...still, randomHue: 0.5 }, random: seeded(8) });
  let changed = 0;
  const strengths: number[] = [];
  const orders = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const planes = pixels.subarray(row * stack.length, (row + 1) * stack.length);
    t.true(planes.every((value, i) => i % 2 === 1 || value === 90));
    const now = [planes[1]!, planes[3]!, planes[5]!];
    t.deepEqual([planes[7], planes[9], planes[11]], now);
    t.true(Math.abs(now[0]! + now[1]! + now[2]! - 300) <= 2, String(now));
    const isSame = now.every((level, i) => level === colour[i]);
    if (!isSame) changed++;
    strengths.push(Math.hypot(...now.map((level) => level - 100)) / Math.hypot(20, 0, 20));
    const order = [0, 1, 2].sort((a, b) => now[a]! - now[b]!).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  t.true(changed > 250 && changed < 350, String(changed));
  t.true(Math.min(...strengths) < 0.2 && Math.max(...strengths) > 1.8 && Math.max(...strengths) < 2.1);
  for (const order of ['012', '021', '102', '120', '201', '210']) t.true((orders.get(order) ?? 0) > 25, order);
});

test('a share of the pictures are shaded in a band, alike in all their channels', (t) => {
  const [rows, height, width, channels] = [300, 12, 16, 2];
  const plane = height * width;
  const pixels = new Uint8Array(rows * channels * plane).fill(200);
  const settings = { ...still, randomShadow: 0.5 };
  augment({ pixels }, { pictureShape: [height, width, channels], settings, random: seeded(5) });
  const shares: number[] = [];
  for (let row = 0; row < rows; row++) {
    const picture = pixels.subarray(row * channels * plane, (row + 1) * channels * plane);
    t.deepEqual(picture.subarray(0, plane), picture.subarray(plane));
    const shades = new Set(picture);
    shades.delete(200);
    t.true(shades.size <= 1, 'one darkness');
    for (const shade of shades) t.true(shade >= 0.3 * 200 - 1 && shade <= 0.8 * 200, String(shade));
    if (shades.size > 0) shares.push(picture.filter((value) => value !== 200).length / picture.length);
  }
  t.true(shares.length > 110 && shares.length < 160, String(shares.length));
  t.true(Math.min(...shares) < 0.1 && Math.max(...shares) > 0.7);
});

test('without settings nothing is drawn and nothing changes', (t) => {
  const inputs = { pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) };
  const random = seeded(3);
  augment(inputs, { pictureShape, settings: still, random });
  augment(inputs, {
    pictureShape: undefined,
    settings: { randomShift: 1, randomBrightness: 1, randomInvert: 1, randomShadow: 1, randomTone: 1, randomHue: 1 },
    random,
  });
  t.deepEqual([...inputs.pixels], [1, 2, 3, 4, 5, 6]);
  t.deepEqual(random.state, seeded(3).state);
});
