import { crc32, deflateSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import sharp from 'sharp';
import { Random } from '../../src/core/random.ts';
import { decodePicture } from '../../src/frames/index.ts';
import { decodePng, encodePng, pngSize } from '../../src/recordings/png.ts';
import { pictureAt } from './drive.ts';

const size = { width: 16, height: 12, channels: 3 as const };
const data = pictureAt(3, size.width, size.height);
const png = encodePng(data, size.width, size.height, 3);

/** A PNG whose header promises what its few bytes of pixels do not hold. */
function hostile(width: number, height: number, depth = 8): Buffer {
  const chunk = (type: string, payload: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(12 + payload.length);
    bytes.writeUInt32BE(payload.length, 0);
    bytes.write(type, 4, 'latin1');
    bytes.set(payload, 8);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + payload.length)), 8 + payload.length);
    return bytes;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, 2], 8);
  const pixels = deflateSync(Buffer.alloc(1000));
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

test('pictures come back to the bit, grey ones too', (t) => {
  t.deepEqual([...decodePng(png, size)], [...data]);
  const grey = pictureAt(3, 16, 12, 1);
  const back = decodePng(encodePng(grey, 16, 12, 1), { ...size, channels: 1 });
  t.deepEqual([...back], [...grey]);
  t.deepEqual(pngSize(png), size);
});

test('pictures that others encoded are read, whatever their filters', async (t) => {
  const [width, height] = [61, 47];
  for (const channels of [1, 3] as const) {
    // Smooth parts and noise, so that the encoder chooses among all of the filters.
    const noise = new Random(1);
    const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) =>
      i % 5 === 0 || i > 3000 ? noise.uint32() & 255 : (i >> 3) & 255,
    );
    for (const adaptiveFiltering of [false, true]) {
      const foreign = await sharp(pixels, { raw: { width, height, channels } })
        .toColourspace(channels === 1 ? 'b-w' : 'srgb')
        .png({ adaptiveFiltering, palette: false })
        .toBuffer();
      t.deepEqual(pngSize(foreign), { width, height, channels });
      t.is(Buffer.compare(decodePng(foreign, { width, height, channels }), pixels), 0);
    }
  }
});

test('hostile pictures get an error with a code, and no memory', async (t) => {
  const before = process.resourceUsage().maxRSS;
  for (const [width, height, depth] of [
    [2 ** 31 - 1, 2 ** 31 - 1, 8],
    [100_000, 100_000, 8],
    [4097, 4097, 8],
    [4096, 4096, 8],
    [4096, 4096, 16],
    [0, 5, 8],
    [16, 12, 16],
  ] as const) {
    const picture = hostile(width, height, depth);
    t.throws(() => decodePng(picture, size), { code: 'ERR_INVALID_FILE' }, `${width}x${height}`);
    // Also when the recording itself claims that size.
    t.throws(() => decodePng(picture, { width, height, channels: 3 }), { code: 'ERR_INVALID_FILE' });
    await t.throwsAsync(decodePicture(picture), { code: 'ERR_INVALID_FILE' }, `${width}x${height}`);
  }
  const grownMegabytes = (process.resourceUsage().maxRSS - before) / 1024;
  t.true(grownMegabytes < 200, `grew by ${grownMegabytes} MB`);
});

test('a picture that is cut or altered anywhere decodes to its size or is refused with a code', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(png.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const altered = Buffer.from(png);
      altered[at] = (altered[at] as number) ^ flip;
      for (const bytes of [png.subarray(0, at), altered]) {
        const decodings = [async () => decodePng(bytes, size), async () => (await decodePicture(bytes)).data];
        for (const decode of decodings) {
          const result = await decode().catch((error: { code?: string }) => error.code);
          if (result === 'ERR_INVALID_FILE') continue;
          // What does not touch the pixels may pass: the end mark, a checksum of a chunk that nobody reads.
          t.true(result instanceof Uint8Array && Buffer.compare(result, data) === 0, `at byte ${at} by ${flip}`);
        }
      }
    }),
    { numRuns: 60 },
  );
});
