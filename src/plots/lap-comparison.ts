import type { Plot } from './render.ts';
import { COLOURS, DASHES, FAINT_INK } from './style.ts';

/** One instant of a lap. */
export interface LapSample {
  /** From the start line along the centre line, m; grows. */
  readonly distanceM: number;
  /** Since the lap began, s. */
  readonly timeS: number;
  readonly speedKmh: number;
  /** -1 (right) to 1 (left). */
  readonly steer: number;
  /** 0 to 1. */
  readonly accelerate: number;
  readonly brake: number;
}

export interface ComparedLap {
  readonly label: string;
  readonly samples: readonly LapSample[];
}

export interface GapPoint {
  readonly distanceM: number;
  /** How much later the second lap is there, s. */
  readonly gapS: number;
}

const WIDTH = 680;
/** Room for the numbers at the left, pixels: all strips begin at one place. */
const AXIS_EXTENT = { minExtent: 34, maxExtent: 34 };
/** Distance between two points of the gap, m. */
const GAP_STEP_M = 5;

/** How much later the second lap is at each place than the first. */
export function gapOf(first: ComparedLap, second: ComparedLap): readonly GapPoint[] {
  const from = Math.max(first.samples[0]!.distanceM, second.samples[0]!.distanceM);
  const to = Math.min(first.samples.at(-1)!.distanceM, second.samples.at(-1)!.distanceM);
  const timeOfFirst = timeByDistance(first.samples);
  const timeOfSecond = timeByDistance(second.samples);
  const steps = Math.max(0, Math.floor((to - from) / GAP_STEP_M));
  const places = [...Array.from({ length: steps + 1 }, (_, i) => from + i * GAP_STEP_M), to];
  return places.map((distanceM) => ({ distanceM, gapS: timeOfSecond(distanceM) - timeOfFirst(distanceM) }));
}

/** When a lap first was at a place, between two samples on a line. Asked for places in order. */
function timeByDistance(samples: readonly LapSample[]): (distanceM: number) => number {
  let at = 1;
  return (distanceM) => {
    while (at < samples.length - 1 && samples[at]!.distanceM < distanceM) at++;
    const [before, after] = [samples[at - 1]!, samples[at]!];
    const span = after.distanceM - before.distanceM;
    if (span <= 0) return after.timeS;
    return before.timeS + ((distanceM - before.distanceM) / span) * (after.timeS - before.timeS);
  };
}

/** Two laps against each other by distance: speed, steering, pedals, and the gap between them. */
export function lapComparisonPlot(first: ComparedLap, second: ComparedLap, title: string, subtitle: string): Plot {
  const laps = [first, second];
  const labels = laps.map(({ label }) => label);
  const values = laps.flatMap(({ label, samples }) => samples.map((sample, order) => ({ ...sample, label, order })));
  const fullest = steeringLimit(values.map(({ steer }) => steer));
  const lengthM = Math.max(...laps.map(({ samples }) => samples.at(-1)!.distanceM));
  const x = (isLast: boolean) => ({
    field: 'distanceM',
    type: 'quantitative',
    title: isLast ? 'distance from the start line, m' : null,
    scale: { domain: [0, lengthM], nice: false },
    axis: { format: ',d', grid: true, tickCount: 10, labels: isLast, ticks: isLast },
  });
  const encodings = {
    color: {
      field: 'label',
      type: 'nominal',
      title: null,
      scale: { domain: labels, range: COLOURS.slice(0, 2) },
      legend: { orient: 'top', direction: 'horizontal', symbolType: 'stroke' },
    },
    strokeDash: {
      field: 'label',
      type: 'nominal',
      title: null,
      scale: { domain: labels, range: DASHES.slice(0, 2) },
      legend: { orient: 'top', direction: 'horizontal', symbolType: 'stroke' },
    },
  };
  const strip = (field: keyof LapSample, yTitle: string, height: number, domain?: readonly [number, number]) => ({
    width: WIDTH,
    height,
    data: { values },
    mark: { type: 'line', strokeWidth: 1.5, clip: true },
    encoding: {
      x: x(false),
      y: {
        field,
        type: 'quantitative',
        title: yTitle,
        scale: domain === undefined ? { zero: true } : { domain },
        axis: { ...(domain === undefined ? { tickCount: 4 } : { values: middleAndEnds(domain) }), ...AXIS_EXTENT },
      },
      order: { field: 'order' },
      ...encodings,
    },
  });
  return {
    title: { text: title, subtitle },
    spacing: 14,
    vconcat: [
      strip('speedKmh', 'speed, km/h', 170),
      strip('steer', 'steering', 76, [-fullest, fullest]),
      strip('accelerate', 'accelerator', 54, [0, 1]),
      strip('brake', 'brake', 54, [0, 1]),
      gapStrip(first, second, x(true)),
    ],
    resolve: { scale: { color: 'shared', strokeDash: 'shared' } },
  };
}

/** The least of ± 0.1, 0.2, 0.5 and 1 that all steering is within. */
function steeringLimit(values: readonly number[]): number {
  const most = values.reduce((limit, value) => Math.max(limit, Math.abs(value)), 0);
  return [0.1, 0.2, 0.5].find((limit) => most <= limit) ?? 1;
}

function middleAndEnds([low, high]: readonly [number, number]): readonly number[] {
  return [low, (low + high) / 2, high];
}

function gapStrip(first: ComparedLap, second: ComparedLap, x: Plot): Plot {
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    title: 'gap, s',
    axis: { tickCount: 4, ...AXIS_EXTENT },
  });
  return {
    width: WIDTH,
    height: 96,
    data: { values: gapOf(first, second) },
    layer: [
      { mark: { type: 'rule', color: '#999999' }, encoding: { y: { datum: 0, type: 'quantitative' } } },
      { mark: { type: 'area', color: FAINT_INK, opacity: 0.18 }, encoding: { x, y: y('gapS') } },
      { mark: { type: 'line', color: FAINT_INK, strokeWidth: 1.6 }, encoding: { x, y: y('gapS') } },
    ],
  };
}
