import test from 'ava';
import sharp from 'sharp';
import {
  encodeRawPicture,
  PictureEncoder,
  type RawPicture,
  sideBySide,
} from '../../src/dashboard/server/picture-encoder.ts';

const picture = (kind: RawPicture['kind'], value: number): RawPicture => ({
  kind,
  width: 2,
  height: 1,
  channels: 3,
  pictures: 1,
  data: new Uint8Array(6).fill(value),
});

test('a stack is shown side by side, the oldest on the left', (t) => {
  // Two pictures of two grey pixels in each of two rows: pixel by pixel, the older one's channel first.
  const data = Uint8Array.of(1, 5, 2, 6, 3, 7, 4, 8);
  const strip = sideBySide({ kind: 'eyes', width: 2, height: 2, channels: 1, pictures: 2, data });
  t.deepEqual([...strip], [1, 2, 5, 6, 3, 4, 7, 8]);
});

test('a message of a picture holds a JPEG of its size', async (t) => {
  const data = new Uint8Array(8 * 6 * 9).fill(200);
  const message = await encodeRawPicture({ kind: 'eyes', width: 8, height: 6, channels: 3, pictures: 3, data });
  t.is(message.readUInt16LE(4), 24);
  const { width, height, format } = await sharp(message.subarray(8)).metadata();
  t.deepEqual([format, width, height], ['jpeg', 24, 6]);
});

test('the newest picture of each kind is encoded, one at a time', async (t) => {
  const done: string[] = [];
  let skipped = 0;
  const pending: (() => void)[] = [];
  const encoder = new PictureEncoder({
    done: (kind, message) => void done.push(`${kind} ${message[0]}`),
    failed: (error) => void done.push(String(error)),
    skipped: () => skipped++,
    encode: async ({ data }) => {
      await new Promise<void>((resolve) => pending.push(resolve));
      if (data[0] === 4) throw new Error('damaged');
      return Buffer.from(data);
    },
  });
  const settle = async () => {
    pending.shift()?.();
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  encoder.add(picture('camera', 1));
  encoder.add(picture('camera', 2));
  encoder.add(picture('camera', 3));
  encoder.add(picture('eyes', 4));
  t.is(pending.length, 1);
  for (let i = 0; i < 4; i++) await settle();
  t.deepEqual(done, ['camera 1', 'camera 3', 'Error: damaged']);
  t.is(skipped, 1);
  encoder.add(picture('eyes', 5));
  for (let i = 0; i < 2; i++) await settle();
  t.is(done.at(-1), 'eyes 5', 'it goes on after a failure');
});
