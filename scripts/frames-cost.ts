import sharp from 'sharp';
import { createPreprocessor, decodePicture } from '../src/frames/index.ts';
import { decodePng, encodePng } from '../src/recordings/png.ts';

/** Prints what each way of preparing a picture costs. Run: npx tsx scripts/frames-cost.ts */

async function measure(name: string, work: () => void | Promise<void>): Promise<void> {
  for (let i = 0; i < 50; i++) await work();
  let count = 0;
  const start = performance.now();
  while (performance.now() - start < 500) {
    await work();
    count++;
  }
  console.log(`${name.padEnd(52)} ${(((performance.now() - start) / count) * 1000).toFixed(1).padStart(8)} µs`);
}

function frameOf(width: number, height: number): { width: number; height: number; tick: number; data: Uint8Array } {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => ((i * 7) % 251) ^ (i >> 6));
  return { width, height, tick: 0, data };
}

const small = frameOf(64, 64);
const large = frameOf(640, 480);
const into = new Uint8Array(64 * 64 * 3);
const same = createPreprocessor({ inputWidth: 64, inputHeight: 64, width: 64, height: 64 });
await measure('64x64 rgb to 64x64 rgb: a copy', () => same.process(small, into, 0));
await measure('a bare copy of 12288 bytes', () => into.set(small.data));
const grey = createPreprocessor({ inputWidth: 64, inputHeight: 64, width: 64, height: 64, colour: 'grey' });
await measure('64x64 rgb to 64x64 grey', () => grey.process(small, into, 0));
await measure('64x64 rgb to 64x64 grey, by sharp', async () => {
  await sharp(small.data, { raw: { width: 64, height: 64, channels: 3 } })
    .grayscale()
    .raw()
    .toBuffer();
});
for (const concurrency of [1, 2]) {
  sharp.concurrency(concurrency);
  const shrink = createPreprocessor({ inputWidth: 640, inputHeight: 480, width: 64, height: 64 });
  await measure(`640x480 rgb to 64x64 rgb, ${concurrency} thread(s)`, () => shrink.process(large, into, 0));
}
sharp.concurrency(1);
const png = encodePng(small.data, 64, 64, 3);
await measure('64x64 PNG, our encoder', () => void encodePng(small.data, 64, 64, 3));
await measure('64x64 PNG, sharp at level 3', async () => {
  await sharp(small.data, { raw: { width: 64, height: 64, channels: 3 } })
    .png({ compressionLevel: 3 })
    .toBuffer();
});
await measure('64x64 PNG, our decoder', () => void decodePng(png, { width: 64, height: 64, channels: 3 }));
await measure('64x64 PNG, decoded by sharp', async () => void (await decodePicture(png)));
const largePng = encodePng(large.data, 640, 480, 3);
await measure('640x480 PNG, our decoder', () => void decodePng(largePng, { width: 640, height: 480, channels: 3 }));
await measure('640x480 PNG, decoded by sharp', async () => void (await decodePicture(largePng)));
