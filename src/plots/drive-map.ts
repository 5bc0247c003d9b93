import type { Plot } from './render.ts';
import { FAINT_INK, INK } from './style.ts';

/** A place on the ground, m; x to the right, y up. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
}

const ALIGNMENTS = ['left', 'center', 'right'] as const;

/** The road from above. */
export interface RoadOutline {
  /** Edges of the road from the start line all the way round, the first point not repeated. */
  readonly left: readonly MapPoint[];
  readonly right: readonly MapPoint[];
  /** Direction of driving at the start line, rad, counter-clockwise from +x. */
  readonly startHeadingRad: number;
  /** Distances to write beside the road. */
  readonly marks: readonly RoadMark[];
}

/** A text at a place, which it starts at, ends at, or has its middle at. */
export interface RoadMark extends MapPoint {
  readonly text: string;
  readonly align: (typeof ALIGNMENTS)[number];
}

/** Where the car was, and how fast. */
export interface DrivePoint extends MapPoint {
  readonly speedKmh: number;
}

export interface DriveMap {
  readonly title: string;
  readonly subtitle: string;
  readonly road: RoadOutline;
  readonly drive: readonly DrivePoint[];
}

/** Longest side of the map, pixels. */
const LONGEST_SIDE = 720;
/** Room round the road, as a share of the longest side. */
const MARGIN = 0.06;
const ROAD = '#e3e3e3';
const ROAD_EDGE = '#8f8f8f';

/** A drive on the map of its track, coloured by speed. Both axes are metres, of the same length. */
export function driveMapPlot({ title, subtitle, road, drive }: DriveMap): Plot {
  const edges = [...road.left, ...road.right];
  const [left, right] = range([...edges, ...drive].map(({ x }) => x));
  const [bottom, top] = range([...edges, ...drive].map(({ y }) => y));
  const longest = Math.max(right - left, top - bottom);
  const margin = longest * MARGIN;
  const pixelsPerM = LONGEST_SIDE / (longest + 2 * margin);
  const x = {
    field: 'x',
    type: 'quantitative',
    axis: null,
    scale: { domain: [left - margin, right + margin], nice: false },
  };
  const y = {
    field: 'y',
    type: 'quantitative',
    axis: null,
    scale: { domain: [bottom - margin, top + margin], nice: false },
  };
  const closed = (points: readonly MapPoint[]) => [...points, points[0]!];
  const ordered = (points: readonly MapPoint[]) => points.map(({ x, y }, order) => ({ x, y, order }));
  const edge = (points: readonly MapPoint[]) => ({
    data: { values: ordered(closed(points)) },
    mark: { type: 'line', color: ROAD_EDGE, strokeWidth: 1 },
    encoding: { x, y, order: { field: 'order' } },
  });
  // Round the outer edge and back round the inner one: what lies between is filled.
  const surface = [...closed(road.left), ...closed(road.right).reverse()];
  const segments = drive.slice(1).map((to, i) => {
    const from = drive[i]!;
    return { x: from.x, y: from.y, x2: to.x, y2: to.y, speedKmh: (from.speedKmh + to.speedKmh) / 2 };
  });
  const ends = { x, y, x2: { field: 'x2' }, y2: { field: 'y2' } };
  return {
    width: Math.round((right - left + 2 * margin) * pixelsPerM),
    height: Math.round((top - bottom + 2 * margin) * pixelsPerM),
    title: { text: title, subtitle },
    layer: [
      {
        data: { values: ordered(surface) },
        mark: { type: 'line', filled: true, fill: ROAD, stroke: null, fillOpacity: 1 },
        encoding: { x, y, order: { field: 'order' } },
      },
      edge(road.left),
      edge(road.right),
      {
        data: { values: ordered(drive) },
        mark: { type: 'line', strokeWidth: 4.4, strokeCap: 'round', strokeJoin: 'round', color: INK },
        encoding: { x, y, order: { field: 'order' } },
      },
      {
        data: { values: segments },
        mark: { type: 'rule', strokeWidth: 3, strokeCap: 'round', aria: false },
        encoding: {
          ...ends,
          color: {
            field: 'speedKmh',
            type: 'quantitative',
            title: 'speed, km/h',
            scale: { scheme: 'viridis', zero: false },
            legend: { orient: 'right', gradientLength: 220, offset: 24 },
          },
        },
      },
      ...startLayers(road, ends),
      ...ALIGNMENTS.map((align) => ({
        data: { values: road.marks.filter((mark) => mark.align === align) },
        mark: { type: 'text', fontSize: 10, color: FAINT_INK, align },
        encoding: { x, y, text: { field: 'text' } },
      })),
      ...scaleBar({ left: left - margin, bottom: bottom - margin, longest, pixelsPerM }, ends),
    ],
  };
}

/** The start line, and an arrow into the direction of driving. */
function startLayers({ left, right, startHeadingRad }: RoadOutline, ends: Plot): Plot[] {
  const [from, to] = [left[0]!, right[0]!];
  return [
    {
      data: { values: [{ x: from.x, y: from.y, x2: to.x, y2: to.y }] },
      mark: { type: 'rule', color: INK, strokeWidth: 2.5 },
      encoding: ends,
    },
    {
      data: { values: [{ x: 2 * from.x - (from.x + to.x) / 2, y: 2 * from.y - (from.y + to.y) / 2 }] },
      mark: {
        type: 'point',
        shape: 'triangle-up',
        filled: true,
        color: INK,
        opacity: 1,
        size: 90,
        // Clockwise from up.
        angle: 90 - (startHeadingRad * 180) / Math.PI,
      },
      encoding: { x: ends['x'], y: ends['y'] },
    },
  ];
}

interface Corner {
  readonly left: number;
  readonly bottom: number;
  readonly longest: number;
  readonly pixelsPerM: number;
}

function scaleBar({ left, bottom, longest, pixelsPerM }: Corner, ends: Plot): Plot[] {
  const lengthM = roundLength(longest / 5);
  const at = bottom + 8 / pixelsPerM;
  const bar = [{ x: left, y: at, x2: left + lengthM, y2: at }];
  return [
    { data: { values: bar }, mark: { type: 'rule', color: INK, strokeWidth: 2 }, encoding: ends },
    {
      data: { values: bar },
      mark: { type: 'text', align: 'left', baseline: 'bottom', dy: -5, fontSize: 11, color: INK },
      encoding: { x: ends['x'], y: ends['y'], text: { value: `${lengthM} m` } },
    },
  ];
}

/** The largest of 1, 2 and 5 times a power of ten that is not above `most`. */
export function roundLength(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((factor) => factor * power).find((length) => length <= most) ?? power;
}

function range(values: readonly number[]): readonly [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}
