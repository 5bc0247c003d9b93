/**
 * Compares the embedded simulator's camera with the game's from the same spots, on the game's own tracks:
 *
 *     npx tsx scripts/camera-fidelity.ts [--tracks a,b] [--sheets DIR] [--view road]
 *
 * Both cars are put at the same distances of each track, and the same detector finds the road in both pictures
 * (640x480, view `road`): in each column it climbs from the bottom until the colour leaves the road's for good. The
 * table has the differences of those rows in pixels of a 64x64 picture (the median, and the share of all columns that
 * are within one pixel: in the others the detector mostly met a stain, a shadow or a building of the game's), and the
 * road's brightness in both. `--sheets` writes the pictures side by side (game above, embedded below), of any view. Needs `npx torcs-pilot torcs setup`.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type OverlayOptions } from 'sharp';
import { UsageError } from '../src/core/errors.ts';
import { EmbeddedSimulator } from '../src/simulator/index.ts';
import { TrackLibrary } from '../src/simulator/track/index.ts';
import { CAMERA_VIEWS, type CameraView, type Simulator } from '../torcs-client/simulator.ts';
import { TorcsSimulator } from '../torcs-client/torcs/simulator/index.ts';
import { requireTorcs } from '../torcs-client/torcs/status/status.ts';

const WIDTH = 640;
const HEIGHT = 480;
/** Rows of this picture per row of a 64x64 picture. */
const SCALE = HEIGHT / 64;
const TRACKS = 'g-track-1,g-track-3,e-track-1,e-track-2,aalborg,alpine-1,dirt-1,street-1,e-speedway,ruudskogen';
const SHARES = [0.02, 0.15, 0.3, 0.5, 0.7];
const LEFT_COLUMNS = [20, 60, 100, 140, 180, 220];
const RIGHT_COLUMNS = LEFT_COLUMNS.map((column) => WIDTH - 1 - column);
const MIDDLE_COLUMNS = [270, 290, 350, 370];
/** What is farther than this from the road's colour, in steps of 256 and in deviations of its grain, is not road. */
const ROAD_TOLERANCE = 24;
const ROAD_DEVIATIONS = 3.5;
/** Rows in succession that must not be road for the road to have ended. */
const RUN = 2;

interface Picture {
  readonly pixels: Uint8Array;
  readonly road: readonly [number, number, number];
  readonly tolerance: number;
}

/** Mean colour of five neighbouring pixels of a row. */
function colorAt(pixels: Uint8Array, column: number, row: number): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (let side = -2; side <= 2; side++) {
    for (let i = 0; i < 3; i++) sum[i]! += pixels[(row * WIDTH + column + side) * 3 + i]! / 5;
  }
  return sum;
}

function light([red, green, blue]: readonly [number, number, number]): number {
  return (red + green + blue) / 3;
}

function look(pixels: Uint8Array): Picture {
  const samples: [number, number, number][] = [];
  for (let row = 330; row < 440; row += 2) {
    for (const column of [...LEFT_COLUMNS.slice(3), ...MIDDLE_COLUMNS, ...RIGHT_COLUMNS.slice(3)]) {
      samples.push(colorAt(pixels, column, row));
    }
  }
  const mean = (i: 0 | 1 | 2) => samples.reduce((sum, color) => sum + color[i], 0) / samples.length;
  const road: [number, number, number] = [mean(0), mean(1), mean(2)];
  const variance = samples.reduce((sum, color) => sum + (light(color) - light(road)) ** 2, 0) / samples.length;
  return { pixels, road, tolerance: Math.max(ROAD_TOLERANCE, ROAD_DEVIATIONS * Math.sqrt(variance)) };
}

/** The row where the road ends in a column, from the bottom, or undefined where nothing else comes. */
function roadEnd({ pixels, road, tolerance }: Picture, column: number): number | undefined {
  let run = 0;
  // Nearer rows than this show the road only, and its coarsest grain.
  for (let row = 400; row >= 0; row--) {
    const [red, green, blue] = colorAt(pixels, column, row);
    // Brightness of asphalt varies with its grain, its hue does not.
    const change = Math.abs(light([red, green, blue]) - light(road));
    const hue = Math.abs(red - road[0] - (blue - road[2])) + Math.abs(green - road[1] - (blue - road[2]));
    run = change > tolerance || hue > ROAD_TOLERANCE ? run + 1 : 0;
    if (run === RUN) return row + RUN - 1;
  }
  return undefined;
}

function differences(game: Picture, ours: Picture, columns: readonly number[]): number[] {
  return columns.flatMap((column) => {
    const one = roadEnd(game, column);
    const other = roadEnd(ours, column);
    return one === undefined || other === undefined ? [] : [(other - one) / SCALE];
  });
}

/** The median difference, and how many of all are within a pixel of a 64x64 picture. */
function summary(values: readonly number[]): string {
  if (values.length === 0) return '-';
  const sorted = values.map(Math.abs).sort((a, b) => a - b);
  const near = sorted.filter((value) => value <= 1).length / sorted.length;
  return `${sorted[sorted.length >> 1]!.toFixed(2)} ${Math.round(near * 100)} %`;
}

async function photograph(simulator: Simulator, track: string, startDistanceM: number): Promise<Uint8Array> {
  await simulator.reset({ track, startDistanceM });
  const pixels = new Uint8Array(WIDTH * HEIGHT * 3);
  await simulator.renderCamera(pixels);
  return pixels;
}

async function writeSheet(path: string, pairs: readonly (readonly [Uint8Array, Uint8Array])[]): Promise<void> {
  const cells: OverlayOptions[] = [];
  for (const [column, pair] of pairs.entries()) {
    for (const [row, data] of pair.entries()) {
      const input = await sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
        .resize(WIDTH / 2)
        .png()
        .toBuffer();
      cells.push({ input, left: (column * WIDTH) / 2, top: (row * HEIGHT) / 2 });
    }
  }
  const size = { width: (pairs.length * WIDTH) / 2, height: HEIGHT };
  await sharp({ create: { ...size, channels: 3, background: '#000' } })
    .composite(cells)
    .png()
    .toFile(path);
}

const { values } = parseArgs({
  options: {
    tracks: { type: 'string', default: TRACKS },
    sheets: { type: 'string' },
    view: { type: 'string', default: 'road' },
  },
});
const view = CAMERA_VIEWS.find((one) => one === values.view);
if (view === undefined) throw new UsageError(`Expected \`--view\` to be one of ${CAMERA_VIEWS.join(', ')}`);
if (values.sheets !== undefined) await mkdir(values.sheets, { recursive: true });
await compare(values.tracks.split(','), view, values.sheets);

async function compare(tracks: readonly string[], view: CameraView, sheets: string | undefined): Promise<void> {
  const build = await requireTorcs();
  const library = new TrackLibrary({ gameDataFolder: build.dataFolder });
  const camera = { width: WIDTH, height: HEIGHT, view, panels: false } as const;
  const game = await TorcsSimulator.launch({ build, camera });
  const ours = new EmbeddedSimulator({ camera, loadTrack: (name) => library.get(name) });
  const all: { left: number[]; right: number[]; end: number[] } = { left: [], right: [], end: [] };
  console.log('track            spots  left edge     right edge    road end      brightness');
  console.log('                        median <=1px  median <=1px  median <=1px  game ours');
  const print = (name: string, spots: number, sums: typeof all, brightness: string) => {
    const columns = [sums.left, sums.right, sums.end].map(summary);
    console.log(
      [name.padEnd(16), String(spots).padEnd(6), ...columns.map((one) => one.padEnd(13)), brightness].join(' '),
    );
  };
  try {
    for (const name of tracks) {
      const sums: typeof all = { left: [], right: [], end: [] };
      const pairs: [Uint8Array, Uint8Array][] = [];
      const brightness = [0, 0];
      for (const share of SHARES) {
        const distance = Math.floor(library.get(name).lengthM * share);
        const pair: [Uint8Array, Uint8Array] = [
          await photograph(game, name, distance),
          await photograph(ours, name, distance),
        ];
        pairs.push(pair);
        const [one, other] = [look(pair[0]), look(pair[1])];
        sums.left.push(...differences(one, other, LEFT_COLUMNS));
        sums.right.push(...differences(one, other, RIGHT_COLUMNS));
        sums.end.push(...differences(one, other, MIDDLE_COLUMNS));
        for (const [i, { road }] of [one, other].entries()) {
          brightness[i]! += light(road) / SHARES.length;
        }
      }
      for (const key of ['left', 'right', 'end'] as const) all[key].push(...sums[key]);
      if (view === 'road') print(name, SHARES.length, sums, brightness.map((one) => one.toFixed(0)).join(' '));
      if (sheets !== undefined) await writeSheet(join(sheets, `${name}-${view}.png`), pairs);
    }
    if (view === 'road') print('all', tracks.length * SHARES.length, all, '');
  } finally {
    await game.close();
    await ours.close();
  }
}
