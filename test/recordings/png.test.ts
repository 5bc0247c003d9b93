import { crc32, deflateSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
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

test('pictures come back to the bit, grey ones too', async (t) => {
  t.deepEqual(await decodePng(png, size).then((back) => [...back]), [...data]);
  const grey = pictureAt(3, 16, 12, 1);
  const back = await decodePng(encodePng(grey, 16, 12, 1), { ...size, channels: 1 });
  t.deepEqual([...back], [...grey]);
  t.deepEqual(pngSize(png), size);
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
    await t.throwsAsync(decodePng(picture, size), { code: 'ERR_INVALID_FILE' }, `${width}x${height}`);
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
        for (const decoding of [decodePng(bytes, size), decodePicture(bytes).then((picture) => picture.data)]) {
          const result = await decoding.catch((error: { code?: string }) => error.code);
          if (result === 'ERR_INVALID_FILE') continue;
          // What does not touch the pixels may pass: the end mark, a checksum of a chunk that nobody reads.
          t.true(result instanceof Uint8Array && Buffer.compare(result, data) === 0, `at byte ${at} by ${flip}`);
        }
      }
    }),
    { numRuns: 60 },
  );
});
