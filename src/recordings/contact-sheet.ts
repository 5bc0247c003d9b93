import sharp from 'sharp';
import { z } from 'zod';
import { InvalidArgumentError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import type { CameraFrame } from '../core/frame.ts';
import { parseOptions } from '../core/options.ts';
import { fittingSize, svgText, textWidth } from '../core/svg-text.ts';
import * as format from './format.ts';
import { openRecording, type RecordedEpisode, type RecordedTransition } from './reader.ts';
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
const FAINT = '#a8b0ba';
const GAP = 8;
const CAPTION_HEIGHT = 18;
const CHART_HEIGHT = 240;
/** Narrower sheets have no room for their head and chart. */
const LEAST_WIDTH = 640;
/** Taller pictures are narrowed instead: a tile's height over its width. */
const TALLEST_TILE = 1.5;
/** Lap times that the head names. */
const MOST_LAPS = 4;

/**
 * Draws one drive on one picture: evenly spread camera pictures with time, distance and speed, and beneath them speed,
 * steering and place across the road over the distance. Works without pictures too (the chart alone), and needs no
 * installed font.
 *
 * @throws {@link InvalidArgumentError} for options out of range or an episode that is not there
 */
export async function createContactSheet(
  dir: string,
  options: ContactSheetOptions,
): Promise<{ width: number; height: number; bytes: number }> {
  const { out, episode: number, pictures, columns, tileWidth } = parseOptions(schema, options, 'sheet options');
  const recording = await openRecording(dir);
  const episode = recording.episodes[number];
  if (episode === undefined) {
    throw new InvalidArgumentError(`Expected an episode from 0 to ${recording.episodes.length - 1}, got ${number}`);
  }
  const camera = recording.info.features[format.CAMERA_KEY];
  const [height = 0, width = 1] = camera?.shape ?? [];
  const scale = Math.min(tileWidth / width, (tileWidth * TALLEST_TILE) / Math.max(1, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const wanted = wantedFrames(episode.frames, camera === undefined ? 0 : pictures);

  const points: ChartPoint[] = [];
  const tiles: Tile[] = [];
  let durationS = 0;
  const stride = Math.max(1, Math.floor(episode.frames / 2000));
  const steerEntry = recording.info.features[format.ACTION_KEY]?.names?.indexOf('steer') ?? -1;
  for await (const row of recording.transitions({ episode: number })) {
    const point = chartPoint(row, steerEntry);
    if (row.frame % stride === 0) points.push(point);
    durationS = row.tickTimeS;
    if (!wanted.has(row.frame) || row.picture === undefined) continue;
    tiles.push({ image: await tileImage(await row.picture.decode(), size), caption: caption(row, point) });
  }

  const perRow = Math.max(1, Math.min(columns, tiles.length));
  const sheetWidth = Math.max(LEAST_WIDTH, perRow * (tileWidth + GAP) + GAP);
  const head = sheetHead(episode, durationS, sheetWidth);
  const rowHeight = size.height + CAPTION_HEIGHT + GAP;
  const chartTop = head.height + Math.ceil(tiles.length / perRow) * rowHeight;
  const sheetHeight = chartTop + CHART_HEIGHT + GAP;
  const placed = tiles.map((tile, i) => ({
    ...tile,
    left: GAP + (i % perRow) * (tileWidth + GAP),
    top: head.height + Math.floor(i / perRow) * rowHeight,
  }));
  const inset = Math.floor((tileWidth - size.width) / 2);
  const captions = placed.map(({ caption: text, left, top }) =>
    svgText({ x: left + 1, y: top + size.height + 13, size: fittingSize(text, 11, tileWidth - 2), fill: FAINT }, text),
  );
  const hasSensors = recording.info.features[format.SENSORS_KEY] !== undefined;
  const chart = stripChart(points, hasSensors ? 'm' : 'steps', sheetWidth - 2 * GAP, CHART_HEIGHT);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheetWidth}" height="${sheetHeight}">
${head.svg}
${captions.join('\n')}
<g transform="translate(${GAP},${chartTop})">${chart}</g>
</svg>`;
  const png = await sharp({ create: { width: sheetWidth, height: sheetHeight, channels: 3, background: BACKGROUND } })
    .composite([
      ...placed.map(({ image, left, top }) => ({ input: image, left: left + inset, top })),
      { input: Buffer.from(svg), left: 0, top: 0 },
    ])
    .png({ compressionLevel: 9 })
    .toBuffer();
  writeFileAtomic(out, png);
  return { width: sheetWidth, height: sheetHeight, bytes: png.length };
}

interface Tile {
  readonly image: Buffer;
  readonly caption: string;
}

/** Who drove where, and how it ended: on one line where there is room, else on two. */
function sheetHead(episode: RecordedEpisode, durationS: number, width: number): { svg: string; height: number } {
  const title = `${episode.track} · ${episode.driver} · ${episode.simulator}`;
  const { lapTimesS } = episode;
  const laps = lapTimesS.slice(0, MOST_LAPS).map((time) => time.toFixed(2));
  if (lapTimesS.length > MOST_LAPS) laps.push('…');
  const lapText = laps.length === 0 ? [] : [`${laps.length === 1 ? 'lap' : 'laps'} ${laps.join(', ')} s`];
  const facts = [
    episode.outcome,
    ...lapText,
    `${episode.frames} steps`,
    `${durationS.toFixed(1)} s`,
    `return ${episode.returnSum.toFixed(1)}`,
  ].join(' · ');
  const room = width - 2 * GAP - 2;
  const titleSize = fittingSize(title, 18, room);
  const titleSvg = svgText({ x: GAP + 1, y: 28, size: titleSize, fill: TEXT, bold: true }, title);
  if (textWidth(title, titleSize) + 32 + textWidth(facts, 13) <= room) {
    const factsSvg = svgText({ x: width - GAP - 1, y: 28, size: 13, fill: FAINT, anchor: 'end' }, facts);
    return { svg: titleSvg + factsSvg, height: 44 };
  }
  const factsSvg = svgText({ x: GAP + 1, y: 50, size: fittingSize(facts, 13, room), fill: FAINT }, facts);
  return { svg: titleSvg + factsSvg, height: 66 };
}

/** Evenly spread frame numbers, the first and the last among them. */
function wantedFrames(frames: number, count: number): Set<number> {
  if (count === 1) return new Set([0]);
  return new Set(Array.from({ length: count }, (_, i) => Math.round((i * (frames - 1)) / (count - 1))));
}

async function tileImage(picture: CameraFrame, size: { width: number; height: number }): Promise<Buffer> {
  const { width, height, data } = picture;
  return sharp(data, { raw: { width, height, channels: data.length === width * height ? 1 : 3 } })
    .resize(size.width, size.height, { kernel: 'lanczos3', fit: 'fill' })
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
