import sharp from 'sharp';
import { z } from 'zod';
import { InvalidArgumentError } from '../core/errors.ts';
import { writeFileAtomic } from './files.ts';
import * as format from './format.ts';
import { openRecording, type RecordedTransition } from './reader.ts';
import { type ChartPoint, stripChart } from './strip-chart.ts';

const schema = z.strictObject({
  /** PNG file to write. */
  out: z.string().min(1),
  /** Episode to show. Default 0. */
  episode: z.number().int().nonnegative().default(0),
  /** Number of pictures, 1 to 200. Default 32. */
  pictures: z.number().int().min(1).max(200).default(32),
  /** Pictures per row, 1 to 20. Default 8. */
  columns: z.number().int().min(1).max(20).default(8),
  /** Width of a picture on the sheet, pixels, 32 to 640. Default 160. */
  tileWidth: z.number().int().min(32).max(640).default(160),
});

export type ContactSheetOptions = z.input<typeof schema>;

const BACKGROUND = '#14171c';
const TEXT = '#e8eaed';
const FAINT = '#9aa3ad';
const GAP = 8;
const CAPTION_HEIGHT = 18;
const HEAD_HEIGHT = 44;
const CHART_HEIGHT = 240;

/** The families that Windows, macOS and Linux bring; where none is installed the captions stay empty, the chart's lines do not. */
const FONT = 'DejaVu Sans, Liberation Sans, Noto Sans, Helvetica, Arial, sans-serif';

/**
 * Draws one drive on one picture: evenly spread camera pictures with time, distance and speed, and beneath them speed,
 * steering and place across the road over the distance. Works without pictures too (the chart alone).
 *
 * @throws {@link InvalidArgumentError} for options out of range or an episode that is not there
 */
export async function createContactSheet(
  dir: string,
  options: ContactSheetOptions,
): Promise<{ width: number; height: number; bytes: number }> {
  const parsed = schema.safeParse(options);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new InvalidArgumentError(`Expected valid sheet options, got \`${issue?.path.join('.')}\`: ${issue?.message}`);
  }
  const { out, episode: number, pictures, columns, tileWidth } = parsed.data;
  const recording = await openRecording(dir);
  const episode = recording.episodes[number];
  if (episode === undefined) {
    throw new InvalidArgumentError(`Expected an episode from 0 to ${recording.episodes.length - 1}, got ${number}`);
  }
  const camera = recording.info.features[format.CAMERA_KEY];
  const [height = 0, width = 1] = camera?.shape ?? [];
  const tileHeight = Math.round((tileWidth * height) / width);
  const wanted = wantedFrames(episode.frames, camera === undefined ? 0 : pictures);
  const steerEntry = recording.info.features[format.ACTION_KEY]?.names?.indexOf('steer') ?? -1;

  const points: ChartPoint[] = [];
  const tiles: { image: Buffer; caption: string }[] = [];
  const stride = Math.max(1, Math.floor(episode.frames / 2000));
  for await (const row of recording.transitions({ episode: number })) {
    const point = chartPoint(row, steerEntry);
    if (row.frame % stride === 0) points.push(point);
    if (!wanted.has(row.frame) || row.picture === undefined) continue;
    tiles.push({ image: await tile(row, tileWidth, tileHeight), caption: caption(row, point) });
  }

  const rows = Math.ceil(tiles.length / columns);
  const sheetWidth = columns * (tileWidth + GAP) + GAP;
  const chartTop = HEAD_HEIGHT + rows * (tileHeight + CAPTION_HEIGHT + GAP);
  const sheetHeight = chartTop + CHART_HEIGHT + GAP;
  const place = (i: number) => ({
    left: GAP + (i % columns) * (tileWidth + GAP),
    top: HEAD_HEIGHT + Math.floor(i / columns) * (tileHeight + CAPTION_HEIGHT + GAP),
  });
  const captions = tiles.map(({ caption: text }, i) => {
    const { left, top } = place(i);
    const size = Math.max(7, Math.min(11, tileWidth / 15));
    return `<text x="${left + 1}" y="${top + tileHeight + 13}" font-size="${size.toFixed(1)}" fill="${FAINT}">${escapeXml(text)}</text>`;
  });
  const seconds = episode.frames / recording.info.fps;
  const title = `${episode.track} · ${episode.driver} · ${episode.simulator}`;
  const facts = `${episode.frames} steps · ${seconds.toFixed(1)} s · ${episode.outcome} · return ${episode.returnSum.toFixed(1)}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${sheetHeight}" font-family="${FONT}">
<text x="${GAP + 1}" y="28" font-size="18" font-weight="bold" fill="${TEXT}">${escapeXml(title)}</text>
<text x="${sheetWidth - GAP}" y="28" font-size="13" text-anchor="end" fill="${FAINT}">${escapeXml(facts)}</text>
${captions.join('\n')}
<g transform="translate(${GAP},${chartTop})">${stripChart(points, sheetWidth - 2 * GAP, CHART_HEIGHT)}</g>
</svg>`;
  const png = await sharp({ create: { width: sheetWidth, height: sheetHeight, channels: 3, background: BACKGROUND } })
    .composite([
      ...tiles.map(({ image }, i) => ({ input: image, ...place(i) })),
      { input: Buffer.from(svg), left: 0, top: 0 },
    ])
    .png({ compressionLevel: 9 })
    .toBuffer();
  writeFileAtomic(out, png);
  return { width: sheetWidth, height: sheetHeight, bytes: png.length };
}

/** Evenly spread frame numbers, the first and the last among them. */
function wantedFrames(frames: number, count: number): Set<number> {
  if (count === 1) return new Set([0]);
  return new Set(Array.from({ length: count }, (_, i) => Math.round((i * (frames - 1)) / (count - 1))));
}

async function tile(row: RecordedTransition, width: number, height: number): Promise<Buffer> {
  const picture = await row.picture?.decode();
  if (picture === undefined) throw new InvalidArgumentError('Expected a picture in the row, got none');
  const channels = picture.data.length === picture.width * picture.height ? 1 : 3;
  return sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels } })
    .resize(width, height, { kernel: 'lanczos3', fit: 'fill' })
    .toColourspace('srgb')
    .png({ compressionLevel: 1 })
    .toBuffer();
}

function chartPoint(row: RecordedTransition, steerEntry: number): ChartPoint {
  const { sensors } = row;
  return {
    distanceM: sensors?.distRaced ?? row.frame,
    speedKmh: sensors?.speedX ?? Number.NaN,
    steer: row.action[steerEntry] ?? Number.NaN,
    trackPos: sensors?.trackPos ?? Number.NaN,
  };
}

function caption(row: RecordedTransition, point: ChartPoint): string {
  const time = `${row.tickTimeS.toFixed(1)} s`;
  if (row.sensors === undefined) return time;
  return `${time} · ${point.distanceM.toFixed(0)} m · ${point.speedKmh.toFixed(0)} km/h`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
