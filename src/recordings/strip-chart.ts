import { svgText, type TextStyle } from '../core/svg-text.ts';

type Anchor = NonNullable<TextStyle['anchor']>;

/** One sample of a drive. NaN where a value is not known. */
export interface ChartPoint {
  readonly distanceM: number;
  readonly speedKmh: number;
  readonly steer: number;
  readonly trackPos: number;
}

interface Strip {
  readonly label: string;
  readonly colour: string;
  readonly low: number;
  readonly high: number;
  readonly value: (point: ChartPoint) => number;
}

const LABEL_WIDTH = 96;
const AXIS_HEIGHT = 22;
const STRIP_GAP = 8;

/**
 * SVG elements of up to three strips, one above the other, over the distance raced; `width` × `height` pixels. What is
 * known at no point gets no strip.
 */
export function stripChart(points: readonly ChartPoint[], unit: string, width: number, height: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  const low = Math.min(...points.map(({ distanceM }) => distanceM));
  const high = Math.max(low + 1, ...points.map(({ distanceM }) => distanceM));
  const fastest = Math.max(1, ...points.map(({ speedKmh }) => speedKmh).filter(Number.isFinite));
  const all: Strip[] = [
    {
      label: 'speed, km/h',
      colour: '#5cc8ff',
      low: 0,
      high: Math.ceil(fastest / 50) * 50,
      value: ({ speedKmh }) => speedKmh,
    },
    { label: 'steering', colour: '#ffb454', low: -1, high: 1, value: ({ steer }) => steer },
    { label: 'road position', colour: '#7ee787', low: -1, high: 1, value: ({ trackPos }) => trackPos },
  ];
  const strips = all.filter(({ value }) => points.some((point) => Number.isFinite(value(point))));
  const plotWidth = width - LABEL_WIDTH;
  const stripHeight = (height - AXIS_HEIGHT) / strips.length - STRIP_GAP;
  const x = (distance: number): number => LABEL_WIDTH + ((distance - low) / (high - low)) * plotWidth;
  const parts = strips.map((strip, i) => {
    const top = i * (stripHeight + STRIP_GAP);
    const y = (value: number): number =>
      top +
      stripHeight * (1 - (Math.max(strip.low, Math.min(strip.high, value)) - strip.low) / (strip.high - strip.low));
    return [
      `<rect x="${LABEL_WIDTH}" y="${top.toFixed(1)}" width="${plotWidth}" height="${stripHeight.toFixed(1)}" fill="#1d2229"/>`,
      strip.low < 0
        ? `<line x1="${LABEL_WIDTH}" x2="${width}" y1="${y(0).toFixed(1)}" y2="${y(0).toFixed(1)}" stroke="#3a424d"/>`
        : '',
      label(0, top + stripHeight / 2 + 4, 11, 'start', strip.colour, strip.label),
      label(LABEL_WIDTH + 4, top + 11, 9, 'start', '#7d8793', String(strip.high)),
      label(LABEL_WIDTH + 4, top + stripHeight - 4, 9, 'start', '#7d8793', String(strip.low)),
      `<path d="${path(
        points,
        (p) => x(p.distanceM),
        (p) => y(strip.value(p)),
      )}" fill="none" stroke="${strip.colour}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"/>`,
    ].join('');
  });
  const step = tickStep(high - low);
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  for (let tick = Math.ceil(low / step); tick * step <= high; tick++) {
    const at = x(tick * step);
    const anchor = at > width - 40 ? 'end' : at < LABEL_WIDTH + 20 ? 'start' : 'middle';
    parts.push(label(at, height - 8, 10, anchor, '#a8b0ba', `${(tick * step).toFixed(decimals)} ${unit}`));
  }
  return parts.join('');
}

function label(x: number, y: number, size: number, anchor: Anchor, fill: string, text: string): string {
  return svgText({ x, y, size, anchor, fill }, text);
}

/** An SVG path through the points, interrupted where a value is not known. */
function path(points: readonly ChartPoint[], x: (p: ChartPoint) => number, y: (p: ChartPoint) => number): string {
  let isOpen = false;
  let d = '';
  for (const point of points) {
    const value = y(point);
    // A point alone is drawn as a line of no length, which shows as a dot.
    if (Number.isFinite(value))
      d += `${isOpen ? 'L' : 'M'}${x(point).toFixed(1)} ${value.toFixed(1)}${isOpen ? '' : 'h0'}`;
    isOpen = Number.isFinite(value);
  }
  return d;
}

/** A round step (1, 2 or 5 times a power of ten) that gives at most eight marks. */
function tickStep(span: number): number {
  const power = 10 ** Math.floor(Math.log10(span / 8));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => span / step <= 8) ?? 10 * power;
}
