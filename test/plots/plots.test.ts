import test from 'ava';
import sharp from 'sharp';
import { withoutFonts } from '../../src/plots/fontless.ts';
import {
  driveMapPlot,
  gapOf,
  type LapSample,
  lapComparisonPlot,
  lapTablePlot,
  learningCurvesPlot,
  type Plot,
  renderPng,
  renderSvg,
  roundLength,
} from '../../src/plots/index.ts';
import { textWidth } from '../../src/plots/text-width.ts';

/** The texts of a plot, as they are read. */
function textsOf(svg: string): string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
}

async function drawn(t: { notRegex(text: string, pattern: RegExp): void }, plot: Plot): Promise<string> {
  const svg = await renderSvg(plot);
  t.notRegex(svg, /NaN|undefined|Infinity/);
  return svg;
}

const curve = (seed: number, offset: number) => ({
  seed,
  points: Array.from({ length: 6 }, (_, i) => ({ step: 1000 * (i + 1), value: i * i + offset })),
});

test('learning curves: titles, units, a goal, a legend where there is more than one group', async (t) => {
  const one = { label: 'DDPG <&> "it"', curves: [curve(0, 0), curve(1, 3), curve(2, 5)] };
  const panel = {
    title: 'pendulum',
    stepTitle: 'environment steps',
    valueTitle: 'mean return',
    groups: [one],
    goal: -4.5,
  };
  const svg = await drawn(t, learningCurvesPlot([panel]));
  const texts = textsOf(svg);
  for (const text of ['pendulum', 'mean return', 'environment steps', 'goal −4.5', '6,000'])
    t.true(texts.includes(text));
  t.true(texts.includes('interquartile mean of 3 seeds with its 95 % interval; thin: each seed'));
  t.false(
    texts.some((text) => text.includes('DDPG')),
    'a single group needs no legend',
  );
  const alone = { label: 'alone', curves: [curve(9, 1)] };
  const several = await drawn(t, learningCurvesPlot([{ ...panel, groups: [one, alone] }]));
  t.true(textsOf(several).includes('DDPG &lt;&amp;&gt; &quot;it&quot;') || several.includes('DDPG &lt;&amp;&gt; "it"'));
  t.true(textsOf(several).includes('alone'));
  const panels = await drawn(t, learningCurvesPlot([panel, { ...panel, title: 'reacher', groups: [alone] }]));
  t.true(textsOf(panels).includes('reacher') && textsOf(panels).includes('seed 9'));
});

test('a lap table: every track, also one without a lap', async (t) => {
  const rows = [
    { track: 'harbour-oval', episodes: 4, lapped: 3, lapTimesS: [31.5, 30.25, 40] },
    { track: 'willow-park', episodes: 4, lapped: 0, lapTimesS: [] },
  ];
  const texts = textsOf(await drawn(t, lapTablePlot([{ label: 'td3', rows }], 'Laps of td3')));
  for (const text of ['Laps of td3', 'harbour-oval', 'willow-park', '30.25', '3 of 4', '0 of 4', 'lap time, s']) {
    t.true(texts.includes(text), text);
  }
  const two = await drawn(
    t,
    lapTablePlot(
      [
        { label: 'a', rows },
        { label: 'b', rows },
      ],
      'Laps',
    ),
  );
  t.is(textsOf(two).filter((text) => text === '30.25').length, 2);
});

test('a map has metres of one length on both axes', async (t) => {
  const ring = (radius: number) =>
    Array.from({ length: 90 }, (_, i) => ({ x: 2 * radius * Math.cos(i / 14.32), y: radius * Math.sin(i / 14.32) }));
  const plot = driveMapPlot({
    title: 'a track',
    subtitle: 'a drive',
    road: {
      left: ring(90),
      right: ring(100),
      startHeadingRad: 1,
      marks: [{ x: 0, y: 110, text: '200 m', align: 'center' }],
    },
    drive: ring(95).map((point, i) => ({ ...point, speedKmh: i })),
  });
  const { width, height } = plot as { width: number; height: number };
  // The road is 400 × 200 m, with 24 m of room on each side.
  t.true(Math.abs(width / height - 448 / 248) < 0.01, `${width} × ${height}`);
  const texts = textsOf(await drawn(t, plot));
  for (const text of ['a track', 'a drive', '200 m', 'speed, km/h', '50 m']) t.true(texts.includes(text), text);
});

test('lengths of the scale are round', (t) => {
  t.deepEqual([1, 1.9, 2, 7, 99, 100, 480, 620].map(roundLength), [1, 1, 2, 5, 50, 100, 200, 500]);
});

function lap(lengthM: number, speedMs: number, everyM: number): LapSample[] {
  return Array.from({ length: Math.floor(lengthM / everyM) + 1 }, (_, i) => ({
    distanceM: i * everyM,
    timeS: (i * everyM) / speedMs,
    speedKmh: speedMs * 3.6,
    steer: 0.3,
    accelerate: 1,
    brake: 0,
  }));
}

test('the gap is how much later the second lap is at each place, whatever the steps', (t) => {
  const first = { label: 'A', samples: lap(1000, 50, 1) };
  const second = { label: 'B', samples: lap(990, 40, 7) };
  const gap = gapOf(first, second);
  t.is(gap[0]!.distanceM, 0);
  t.is(gap.at(-1)!.distanceM, 987);
  for (const { distanceM, gapS } of gap) t.true(Math.abs(gapS - distanceM * (1 / 40 - 1 / 50)) < 1e-9);
  t.true(gapOf(second, first).every(({ gapS }, i) => Math.abs(gapS + gap[i]!.gapS) < 1e-9));
});

test('two laps: a strip for each quantity, with its unit', async (t) => {
  const laps = [
    { label: 'A: scripted, 20.00 s', samples: lap(1000, 50, 2) },
    { label: 'B: td3, 25.00 s', samples: lap(1000, 40, 2) },
  ] as const;
  const texts = textsOf(await drawn(t, lapComparisonPlot(laps[0], laps[1], 'Two laps', 'of a track')));
  for (const text of ['speed, km/h', 'steering', 'accelerator', 'brake', 'gap, s', laps[0].label, laps[1].label]) {
    t.true(texts.includes(text), text);
  }
  t.is(texts.filter((text) => text === 'distance from the start line, m').length, 1);
});

test('PNG files are twice as large, and need no font', async (t) => {
  const panel = {
    title: 'Größe −5',
    stepTitle: 'environment steps',
    valueTitle: 'return',
    groups: [{ label: 'a', curves: [curve(0, -20)] }],
  };
  const svg = await renderSvg(learningCurvesPlot([panel]));
  const [, width, height] = /<svg[^>]* width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  for (const hasFonts of [true, false]) {
    const png = await sharp(await renderPng(svg, { hasFonts })).metadata();
    t.like(png, { format: 'png', width: 2 * width!, height: 2 * height! });
  }
  const strokes = withoutFonts(svg);
  t.notRegex(strokes, /<text|<tspan/);
  t.is(strokes.match(/stroke-linejoin="round"><path/g)?.length, textsOf(svg).filter((text) => text !== '').length);
  t.is((strokes.match(/<g(?: [^>]*[^/])?>/g) ?? []).length, (strokes.match(/<\/g>/g) ?? []).length);
});

test('texts are laid out by about the width that they have', (t) => {
  t.is(textWidth('', 10), 0);
  t.is(textWidth('ab', 20), 2 * textWidth('ab', 10));
  t.true(textWidth('iiii', 10) < textWidth('oooo', 10) && textWidth('oooo', 10) < textWidth('MMMM', 10));
});
