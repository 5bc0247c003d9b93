import test from 'ava';
import fc from 'fast-check';
import sharp from 'sharp';
import { createPreprocessor, decodePicture, encodePicture, FrameStack } from '../../src/frames/index.ts';

const frameOf = (width: number, height: number) => ({
  width,
  height,
  tick: 0,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7) % 256),
});

test('a picture of the right size and form is copied as it is, at the offset', async (t) => {
  const preprocessor = createPreprocessor({ inputWidth: 5, inputHeight: 4, width: 5, height: 4 });
  const frame = frameOf(5, 4);
  const into = new Uint8Array(70);
  await preprocessor.process(frame, into, 10);
  t.deepEqual(preprocessor.outputShape, [4, 5, 3]);
  t.deepEqual(into.subarray(10), frame.data);
  t.true(into.subarray(0, 10).every((value) => value === 0));
});

test('a crop keeps exactly its pixels', async (t) => {
  const crop = { left: 1, top: 2, width: 3, height: 2 };
  const preprocessor = createPreprocessor({ inputWidth: 5, inputHeight: 4, crop, width: 3, height: 2 });
  const frame = frameOf(5, 4);
  const into = new Uint8Array(18);
  await preprocessor.process(frame, into, 0);
  const at = (row: number) => [...frame.data.subarray((row * 5 + 1) * 3, (row * 5 + 4) * 3)];
  t.deepEqual([...into], [...at(2), ...at(3)]);
});

test('resizing averages, and grey gives one channel', async (t) => {
  const data = new Uint8Array(8 * 8 * 3);
  for (let i = 0; i < data.length; i++) data[i] = Math.floor(i / 3) % 2 === 0 ? 0 : 200;
  const frame = { width: 8, height: 8, tick: 0, data };
  const small = createPreprocessor({ inputWidth: 8, inputHeight: 8, width: 2, height: 2, colour: 'grey' });
  const into = new Uint8Array(4);
  await small.process(frame, into, 0);
  t.deepEqual(small.outputShape, [2, 2, 1]);
  for (const value of into) t.true(value > 60 && value < 140, `expected about the mean, got ${value}`);
});

test('grey is what sharp makes of a colour, for all 2^24 of them', async (t) => {
  const count = 2 ** 24;
  const colours = new Uint8Array(count * 3);
  for (let colour = 0, at = 0; colour < count; colour++) {
    colours[at++] = colour >> 16;
    colours[at++] = colour >> 8;
    colours[at++] = colour;
  }
  const side = 4096;
  const expected = await sharp(colours, { raw: { width: side, height: side, channels: 3 } })
    .grayscale()
    .raw()
    .toBuffer();
  const ours = new Uint8Array(count);
  const size = { inputWidth: side, inputHeight: side, width: side, height: side };
  const preprocessor = createPreprocessor({ ...size, colour: 'grey' });
  await preprocessor.process({ width: side, height: side, tick: 0, data: colours }, ours, 0);
  const apart = ours.reduce((seen, grey, colour) => seen + Number(grey !== expected[colour]), 0);
  t.true(apart < 1000, `${apart} colours, half way between two levels`);
  t.is(
    ours.findIndex((grey, colour) => Math.abs(grey - expected[colour]!) > 1),
    -1,
  );
});

test('a grey crop is that part of the grey picture, at the offset', async (t) => {
  const frame = frameOf(5, 4);
  const whole = new Uint8Array(20);
  const size = { inputWidth: 5, inputHeight: 4, colour: 'grey' } as const;
  await createPreprocessor({ ...size, width: 5, height: 4 }).process(frame, whole, 0);
  const part = new Uint8Array(8);
  const crop = { left: 1, top: 2, width: 3, height: 2 };
  await createPreprocessor({ ...size, crop, width: 3, height: 2 }).process(frame, part, 2);
  t.deepEqual([...part], [0, 0, ...whole.subarray(11, 14), ...whole.subarray(16, 19)]);
});

const distinguishing = {
  'pale keeps what is grey and darkens what is coloured': ['pale', [90, 245, 40, 10, 0]],
  'opponent makes all greys one and darkens what is yellow': ['opponent', [128, 133, 48, 58, 8]],
} as const;

for (const [title, [colour, expected]] of Object.entries(distinguishing)) {
  test(`${title}, copied or resized`, async (t) => {
    const surfaces = [
      [90, 90, 90],
      [255, 250, 255],
      [150, 120, 95],
      [80, 90, 50],
      [150, 30, 30],
    ];
    const data = Uint8Array.from({ length: 10 * 2 * 3 }, (_, i) => surfaces[Math.floor(i / 6) % 5]![i % 3]!);
    const frame = { width: 10, height: 2, data, tick: 0, timeS: 0 };
    const into = new Uint8Array(1 + 5).fill(7);
    const exact = createPreprocessor({
      ...{ inputWidth: 10, inputHeight: 2, crop: { left: 2, top: 0, width: 8, height: 2 }, width: 8, height: 2 },
      colour,
    });
    t.deepEqual(exact.outputShape, [2, 8, 1]);
    const copied = new Uint8Array(16);
    await exact.process(frame, copied, 0);
    t.deepEqual(
      [...copied.subarray(0, 8)],
      expected.slice(1).flatMap((value) => [value, value]),
    );
    const half = createPreprocessor({
      ...{ inputWidth: 10, inputHeight: 2, width: 5, height: 1 },
      colour,
      kernel: 'nearest',
    });
    await half.process(frame, into, 1);
    t.deepEqual([...into], [7, ...expected]);
  });
}

test('blue is the third channel: cropped it is copied as it is, resized it is averaged', async (t) => {
  const crop = { left: 1, top: 2, width: 3, height: 2 };
  const frame = frameOf(5, 4);
  const exact = createPreprocessor({ inputWidth: 5, inputHeight: 4, crop, width: 3, height: 2, colour: 'blue' });
  const into = new Uint8Array(8);
  await exact.process(frame, into, 1);
  t.deepEqual(exact.outputShape, [2, 3, 1]);
  const at = (row: number) => [1, 2, 3].map((x) => frame.data[(row * 5 + x) * 3 + 2]!);
  t.deepEqual([...into], [0, ...at(2), ...at(3), 0]);

  const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) =>
    i % 3 < 2 ? 255 : Math.floor(i / 3) % 2 === 0 ? 0 : 100,
  );
  const small = createPreprocessor({ inputWidth: 8, inputHeight: 8, width: 2, height: 2, colour: 'blue' });
  const means = new Uint8Array(4);
  await small.process({ width: 8, height: 8, tick: 0, data }, means, 0);
  for (const value of means) t.true(value > 30 && value < 70, `expected about the mean of blue, got ${value}`);
});

test('wrong sizes and options are refused with a stable code', async (t) => {
  const options = { inputWidth: 4, inputHeight: 4, width: 4, height: 4 };
  for (const wrong of [
    { width: 0 },
    { width: 100_000 },
    { crop: { left: 1, top: 0, width: 4, height: 4 } },
    { hue: 1 },
  ]) {
    t.throws(() => createPreprocessor({ ...options, ...wrong }), { code: 'ERR_INVALID_ARGUMENT' });
  }
  const preprocessor = createPreprocessor(options);
  await t.throwsAsync(preprocessor.process(frameOf(5, 4), new Uint8Array(48), 0), { code: 'ERR_INVALID_ARGUMENT' });
  await t.throwsAsync(preprocessor.process(frameOf(4, 4), new Uint8Array(48), 1), { code: 'ERR_INVALID_ARGUMENT' });
});

test('a stack reads as the last pictures interleaved, whatever was pushed', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom(1, 3),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 12 }),
      (count, channels, seeds) => {
        const stack = new FrameStack([2, 3, channels], count);
        const pictures = seeds.map((seed) => Uint8Array.from({ length: 6 * channels }, (_, i) => seed + i));
        stack.reset(pictures[0] as Uint8Array);
        for (const picture of pictures.slice(1)) stack.push(picture);
        const last = [...new Array<Uint8Array>(count).fill(pictures[0] as Uint8Array), ...pictures.slice(1)].slice(
          -count,
        );
        const expected: number[] = [];
        for (let pixel = 0; pixel < 6; pixel++) {
          for (const picture of last) expected.push(...picture.subarray(pixel * channels, (pixel + 1) * channels));
        }
        const into = new Uint8Array(expected.length);
        stack.read(into);
        t.deepEqual([...into], expected);
      },
    ),
  );
});

test('a PNG comes back as it was, and a cut or foreign file is refused', async (t) => {
  const { width, height, data } = frameOf(9, 7);
  const png = await encodePicture({ width, height, channels: 3, data }, 'png');
  const back = await decodePicture(png);
  t.deepEqual([...back.data], [...data]);
  t.is((await decodePicture(await encodePicture({ width, height, channels: 3, data }, 'jpeg'), 'grey')).channels, 1);
  await t.throwsAsync(decodePicture(png.subarray(0, png.length / 2)), { code: 'ERR_INVALID_FILE' });
  await t.throwsAsync(decodePicture(Buffer.from('<svg/>')), { code: 'ERR_INVALID_FILE' });
});
