import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import sharp from 'sharp';
import { GLYPHS } from '../../src/core/stroke-font.ts';
import { fittingSize, svgText, textWidth } from '../../src/core/svg-text.ts';
import { createContactSheet, type RecordingOptions, RecordingWriter } from '../../src/recordings/index.ts';
import { optionsFor, recordEpisode } from './drive.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'contact-sheet-test-'));
test.after.always(() => fs.rmSync(root, { recursive: true, force: true }));

async function sheetOf(name: string, steps: number, more: Partial<RecordingOptions>, options = {}) {
  const dir = path.join(root, name);
  const recording = optionsFor(dir, more);
  const writer = await RecordingWriter.open(recording);
  await recordEpisode(writer, 0, steps, recording.camera ?? { width: 2, height: 2 });
  await writer.close();
  const out = path.join(root, `${name}.png`);
  const size = await createContactSheet(dir, { out, ...options });
  return { ...size, data: await sharp(out).removeAlpha().raw().toBuffer() };
}

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
  t.true(pixel(4 * 40 - 12, 46 + 24 + 18 + 8)[2]! > 200);
  const colours = new Set<string>();
  for (let y = height - 240; y < height; y++) for (let x = 100; x < width; x++) colours.add(pixel(x, y).join());
  t.true(colours.has('92,200,255') || colours.size > 50, 'the speed is drawn');
  await t.throwsAsync(createContactSheet(dir, { out, episode: 1 }), { code: 'ERR_INVALID_ARGUMENT' });
  await t.throwsAsync(createContactSheet(dir, { out, columns: 0 }), { code: 'ERR_INVALID_ARGUMENT' });
});

test('fewer pictures than tiles, and pictures of any shape, make a sheet of a sound size', async (t) => {
  const few = await sheetOf('few', 3, { camera: { width: 64, height: 64 } });
  t.deepEqual([few.width, few.height], [640, 44 + 160 + 18 + 8 + 240 + 8]);
  const large = await sheetOf('large', 4, { camera: { width: 320, height: 240 } }, { pictures: 4, columns: 2 });
  t.deepEqual([large.width, large.height], [640, 44 + 2 * (120 + 18 + 8) + 240 + 8]);
  const tall = await sheetOf('tall', 1, { camera: { width: 1, height: 500 } });
  t.deepEqual([tall.width, tall.height], [640, 44 + 240 + 18 + 8 + 240 + 8]);
  const bare = await createSheetWithoutPictures();
  t.deepEqual([bare.width, bare.height], [640, 44 + 240 + 8]);
});

async function createSheetWithoutPictures() {
  const { camera: _, ...options } = optionsFor(path.join(root, 'bare'), { sensors: false });
  const writer = await RecordingWriter.open(options);
  await recordEpisode(writer, 0, 10);
  await writer.close();
  return createContactSheet(options.dir, { out: path.join(root, 'bare.png') });
}

test('captions are drawn without a font', async (t) => {
  const svg = svgText({ x: 100, y: 20, size: 20, fill: '#fff', anchor: 'end' }, 'Añ日');
  t.false(svg.includes('<text'));
  t.is(svg.match(/<path /g)?.length, 3);
  t.is(textWidth('ñ', 20), textWidth('n', 20));
  t.is(textWidth('', 20), 0);
  t.true(textWidth('a caption', fittingSize('a caption', 20, 50)) <= 50.001);
  const image = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="120" height="30">${svg}</svg>`);
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const columns = Array.from({ length: 120 }, (_, x) =>
    Array.from({ length: 30 }, (_, y) => data[(y * 120 + x) * info.channels + 3] as number).some((alpha) => alpha > 60),
  );
  t.true(columns.lastIndexOf(true) >= 94 && columns.lastIndexOf(true) <= 101, 'it ends where it should');
  t.true(Math.abs(columns.indexOf(true) - (100 - textWidth('An日', 20))) < 3, 'and starts there');
});

test('the typeface has every character that captions need', (t) => {
  for (let code = 32; code < 127; code++) {
    const character = String.fromCharCode(code);
    if (!'$^`{}~'.includes(character)) t.truthy(GLYPHS[character], character);
  }
  for (const character of '·…×°') t.truthy(GLYPHS[character], character);
});
