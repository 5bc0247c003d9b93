import { createHash } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import type { LapTimes } from '../../../src/video/lap-clock.ts';
import { type LayoutOptions, layoutOf } from '../../../src/video/layout/layout.ts';
import type { FilmMoment } from '../../../src/video/moment.ts';
import { gapText, gearText, lapTimeText, outcomeText, sectorText } from '../../../src/video/overlay/format.ts';
import { Overlay, type OverlayState } from '../../../src/video/overlay/overlay.ts';
import { drawSeen } from '../../../src/video/overlay/seen.ts';
import { TrackMap } from '../../../src/video/track-map.ts';
import { sensorsWith } from '../../support/sensors.ts';
import { circle, momentWith } from '../support.ts';

const lapTimes: LapTimes = {
  lap: 2,
  lapTimeS: 12.34,
  running: { sector: 1, timeS: 1.5 },
  sectorsS: [10.84, undefined, 11.2],
  bestSectorsS: [10.84, 12, 11.2],
  lastLapS: 62.345,
  bestLapS: 62.345,
};
const shape = { width: 16, height: 16, channels: 3, count: 2 } as const;
const seen = { ...shape, data: new Uint8Array(16 * 16 * 6).fill(77) };
const moment = momentWith({
  timeS: 75,
  sensors: sensorsWith({ speedX: 288, gear: 6, rpm: 9999 }),
  commands: { steer: 1, accelerate: 1, brake: 1 },
  reward: -888.8,
  returnSum: -88888.8,
  value: -8888.8,
  seen,
});

async function overlayOf(width: number, height: number, more: Partial<LayoutOptions> = {}) {
  const map = new TrackMap(circle);
  const layout = layoutOf({
    width,
    height,
    title: 'a driver with a long name · a-track',
    seen: { kind: 'pixels', shape },
    mapAspect: map.aspect,
    gap: true,
    reward: true,
    value: true,
    ...more,
  });
  const overlay = await Overlay.create({
    layout,
    title: 'a driver with a long name · a-track',
    map,
    laps: 88,
    rangeFinderAnglesDeg: Array.from({ length: 19 }, (_, i) => -90 + 10 * i),
  });
  return { layout, overlay };
}

/** What is drawn over grey, as a picture. */
async function drawn(
  width: number,
  height: number,
  now: FilmMoment,
  state: Partial<OverlayState> = {},
  more: Partial<LayoutOptions> = {},
) {
  const { layout, overlay } = await overlayOf(width, height, more);
  const picture = { width, height, data: new Uint8Array(width * height * 3).fill(128) };
  overlay.draw(picture, now, { lapTimes, gapS: -88.88, other: { distFromStartM: 300, trackPos: 0 }, ...state });
  return { picture, layout };
}

function hasOnlyPanels(
  t: ExecutionContext,
  { picture, layout }: Awaited<ReturnType<typeof drawn>>,
  banner: boolean,
): void {
  const { width, height, data } = picture;
  const allowed = new Uint8Array(width * height);
  const grounds = banner ? [...layout.panels, layout.leaves.get('banner')!.box] : layout.panels;
  for (const box of grounds) {
    for (let y = box.y; y < box.y + box.height; y++) allowed.fill(1, y * width + box.x, y * width + box.x + box.width);
  }
  let stray = 0;
  for (let i = 0; i < width * height; i++) {
    if (allowed[i] === 0 && (data[i * 3] !== 128 || data[i * 3 + 1] !== 128 || data[i * 3 + 2] !== 128)) stray++;
  }
  t.is(stray, 0, `${width}x${height}: pixels outside of the panels`);
}

for (const [width, height] of [
  [160, 180],
  [320, 180],
  [640, 480],
  [480, 1080],
  [1280, 720],
  [1920, 180],
] as const) {
  test(`at ${width}x${height}, the longest that can be told stays on its ground`, async (t) => {
    hasOnlyPanels(t, await drawn(width, height, moment), false);
    hasOnlyPanels(
      t,
      await drawn(width, height, { ...moment, outcome: 'a-reason-that-nobody-thought-of-in-any-way' }),
      true,
    );
    hasOnlyPanels(t, await drawn(width, height, moment, {}, { seen: { kind: 'range-finders' } }), false);
  });
}

test('the same moment gives the same picture; another speed gives another', async (t) => {
  const hash = async (now: FilmMoment) =>
    createHash('sha256')
      .update((await drawn(640, 360, now)).picture.data)
      .digest('hex');
  t.is(await hash(moment), await hash(moment));
  t.not(await hash(moment), await hash({ ...moment, sensors: sensorsWith({ speedX: 287 }) }));
});

test('each reading shows in its own place, and in no other', async (t) => {
  const changes: readonly (readonly [string, Partial<FilmMoment>, Partial<OverlayState>])[] = [
    ['speed', { sensors: sensorsWith({ speedX: 111, gear: 6, rpm: 9999 }) }, {}],
    ['gear', { sensors: sensorsWith({ speedX: 288, gear: 1, rpm: 9999 }) }, {}],
    ['revs', { sensors: sensorsWith({ speedX: 288, gear: 6, rpm: 100 }) }, {}],
    ['steer', { commands: { steer: -1, accelerate: 1, brake: 1 } }, {}],
    ['accelerate', { commands: { steer: 1, accelerate: 0, brake: 1 } }, {}],
    ['brake', { commands: { steer: 1, accelerate: 1, brake: 0 } }, {}],
    ['reward', { reward: 1 }, {}],
    ['return', { returnSum: 1 }, {}],
    ['value', { value: 1 }, {}],
    ['seen', { seen: { ...seen, data: seen.data.map((_, i) => i % 256) } }, {}],
    ['lapTime', {}, { lapTimes: { ...lapTimes, lapTimeS: 1 } }],
    ['lap', {}, { lapTimes: { ...lapTimes, lap: 3 } }],
    ['sector2', {}, { lapTimes: { ...lapTimes, running: { sector: 1, timeS: 9 } } }],
    ['lastLap', {}, { lapTimes: { ...lapTimes, lastLapS: 1 } }],
    ['bestLap', {}, { lapTimes: { ...lapTimes, bestLapS: 1 } }],
    ['gap', {}, { gapS: 3 }],
    ['map', {}, { other: { distFromStartM: 600, trackPos: 0 } }],
  ];
  const { picture: before, layout } = await drawn(1280, 720, moment);
  for (const [name, change, state] of changes) {
    const { picture } = await drawn(1280, 720, { ...moment, ...change }, state);
    const box = layout.leaves.get(name as 'speed')!.box;
    let inside = 0;
    let outside = 0;
    for (let i = 0; i < picture.data.length; i++) {
      if (picture.data[i] === before.data[i]) continue;
      const [x, y] = [Math.floor(i / 3) % 1280, Math.floor(i / 3 / 1280)];
      const isInside = x >= box.x - 1 && x <= box.x + box.width && y >= box.y && y < box.y + box.height;
      if (isInside) inside++;
      else outside++;
    }
    t.true(inside > 0, `${name} changes`);
    t.is(outside, 0, `${name} changes nothing else`);
  }
});

test('what a network sees is shown pixel by pixel, the newest last, heat on the newest alone', (t) => {
  // Two pictures of 2 × 1: the older red and green, the newer blue and white.
  const data = Uint8Array.from([255, 0, 0, 0, 0, 255, 0, 255, 0, 255, 255, 255]);
  const pixels = { width: 2, height: 1, channels: 3, count: 2, data } as const;
  const picture = { width: 10, height: 2, data: new Uint8Array(60) };
  const fit = { count: 2, direction: 'row', scale: 2, gap: 2, width: 10, height: 2 } as const;
  drawSeen(picture, { x: 0, y: 0, width: 10, height: 2 }, fit, pixels);
  const at = (x: number, y: number) => [...picture.data.subarray((y * 10 + x) * 3, (y * 10 + x) * 3 + 3)];
  t.deepEqual(
    [0, 1, 2, 3].map((x) => at(x, 1)),
    [
      [255, 0, 0],
      [255, 0, 0],
      [0, 255, 0],
      [0, 255, 0],
    ],
  );
  t.deepEqual(at(4, 0), [0, 0, 0]);
  t.deepEqual(
    [6, 8].map((x) => at(x, 0)),
    [
      [0, 0, 255],
      [255, 255, 255],
    ],
  );
  drawSeen(picture, { x: 0, y: 0, width: 10, height: 2 }, fit, pixels, Float32Array.from([1, 0]));
  t.true(at(6, 0)[0]! > 150 && at(6, 0)[2]! < 120, `${at(6, 0)}`);
  t.deepEqual(at(8, 0), [255, 255, 255]);
  t.deepEqual(at(0, 0), [255, 0, 0]);
  const tall = { width: 4, height: 6, data: new Uint8Array(72) };
  drawSeen(tall, { x: 0, y: 0, width: 4, height: 6 }, { ...fit, direction: 'column', width: 4, height: 6 }, pixels);
  t.deepEqual([...tall.data.subarray(0, 3)], [255, 0, 0]);
  t.deepEqual([...tall.data.subarray(4 * 4 * 3, 4 * 4 * 3 + 3)], [0, 0, 255], 'under it, after the gap');
  // One picture of the two, grey, every second pixel.
  const grey = { width: 4, height: 2, channels: 1, count: 1, data: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]) } as const;
  drawSeen(
    picture,
    { x: 0, y: 0, width: 2, height: 1 },
    { count: 1, direction: 'row', scale: 0.5, gap: 2, width: 2, height: 1 },
    grey,
  );
  t.deepEqual(
    [at(0, 0), at(1, 0)],
    [
      [1, 1, 1],
      [3, 3, 3],
    ],
  );
});

test('times, gaps, gears and endings as they are told', (t) => {
  t.is(lapTimeText(62.3456, 3), '1:02.346');
  t.is(lapTimeText(59.9996, 3), '1:00.000');
  t.is(lapTimeText(5.04, 1), '0:05.0');
  t.is(lapTimeText(undefined, 2), '-:--.--');
  t.is(sectorText(0, 12.345), 'S1 12.35');
  t.is(sectorText(2, undefined), 'S3 --.--');
  t.is(gapText(1.234), '+1.23 s');
  t.is(gapText(-0.5), '-0.50 s');
  t.deepEqual([-1, 0, 4].map(gearText), ['R', 'N', '4']);
  t.is(outcomeText('off-track'), 'OFF TRACK');
  t.is(outcomeText('some-other'), 'SOME OTHER');
});
