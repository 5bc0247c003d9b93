import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import { createContactSheet, RecordingWriter } from '../../src/recordings/index.ts';
import { optionsFor, recordEpisode } from './drive.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'contact-sheet-test-'));
test.after.always(() => fs.rmSync(root, { recursive: true, force: true }));

test('a contact sheet shows the wanted number of pictures and the chart', async (t) => {
  const dir = path.join(root, 'drive');
  const writer = await RecordingWriter.open(optionsFor(dir));
  await recordEpisode(writer, 0, 30);
  await writer.close();
  const out = path.join(root, 'sheet.png');
  const { width, height } = await createContactSheet(dir, { out, pictures: 8, columns: 4, tileWidth: 32 });
  const { data, info } = await sharp(out).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  t.deepEqual([info.width, info.height], [width, height]);
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  // The sky of the drive's pictures: in the first tile and in the last.
  t.true(pixel(12, 46)[2]! > 200);
  t.true(pixel(width - 20, 46 + 24 + 18 + 8)[2]! > 200);
  const colours = new Set<string>();
  for (let y = height - 240; y < height; y++) for (let x = 100; x < width; x++) colours.add(pixel(x, y).join());
  t.true(colours.has('92,200,255') || colours.size > 50, 'the speed is drawn');
  await t.throwsAsync(createContactSheet(dir, { out, episode: 1 }), { code: 'ERR_INVALID_ARGUMENT' });
  await t.throwsAsync(createContactSheet(dir, { out, columns: 0 }), { code: 'ERR_INVALID_ARGUMENT' });
});
