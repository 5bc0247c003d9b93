import type { Plot } from './render.ts';
import { COLOURS, INK } from './style.ts';

/** What came of a policy's episodes on a track. */
export interface LapTableRow {
  readonly track: string;
  readonly episodes: number;
  /** Episodes in which at least one whole lap was driven. */
  readonly lapped: number;
  readonly lapTimesS: readonly number[];
}

/** A policy's evaluation. */
export interface LapTable {
  readonly label: string;
  readonly rows: readonly LapTableRow[];
}

/** Height of a policy's row, pixels. */
const ROW = 17;
const ROW_GAP = 14;

/** Lap times by track, every lap and the best, and beside them how many episodes had a lap. */
export function lapTablePlot(tables: readonly LapTable[], title: string): Plot {
  const tracks = [...new Set(tables.flatMap(({ rows }) => rows.map(({ track }) => track)))];
  const labels = tables.map(({ label }) => label);
  const laps = tables.flatMap(({ label, rows }) =>
    rows.flatMap(({ track, lapTimesS }) => lapTimesS.map((lapTimeS) => ({ label, track, lapTimeS }))),
  );
  const best = tables.flatMap(({ label, rows }) =>
    rows.flatMap(({ track, lapTimesS }) => {
      if (lapTimesS.length === 0) return [];
      const lapTimeS = lapTimesS.reduce((least, time) => Math.min(least, time));
      return [{ label, track, lapTimeS, text: lapTimeS.toFixed(2) }];
    }),
  );
  const shares = tables.flatMap(({ label, rows }) =>
    rows.map(({ track, episodes, lapped }) => ({
      label,
      track,
      share: lapped / episodes,
      text: `${lapped} of ${episodes}`,
    })),
  );
  const height = tracks.length * (labels.length * ROW + ROW_GAP);
  const color = {
    field: 'label',
    type: 'nominal',
    title: null,
    scale: { domain: labels, range: labels.map((_, i) => COLOURS[i % COLOURS.length]) },
    legend:
      labels.length === 1
        ? null
        : { orient: 'bottom', direction: 'vertical', symbolType: 'square', symbolOpacity: 1, symbolSize: 140 },
  };
  const rows = (axis: Plot) => ({
    y: { field: 'track', type: 'nominal', sort: tracks, title: null, scale: { paddingInner: 0.3 }, axis },
    ...(labels.length === 1 ? {} : { yOffset: { field: 'label', sort: labels, scale: { paddingInner: 0.2 } } }),
    color,
  });
  const names = { labelFontSize: 12, grid: false };
  const time = {
    field: 'lapTimeS',
    type: 'quantitative',
    title: 'lap time, s',
    // Room for the best lap's time at its left.
    scale: { zero: false, padding: 48 },
    axis: { grid: true },
  };
  const share = {
    field: 'share',
    type: 'quantitative',
    title: 'episodes with a lap',
    scale: { domain: [0, 1] },
    axis: { format: '.0%', grid: true, values: [0, 0.5, 1] },
  };
  return {
    title: {
      text: title,
      subtitle: 'each completed lap (line) and the best (dot, its time); right: episodes that completed a lap',
    },
    spacing: 24,
    hconcat: [
      {
        width: 420,
        height,
        layer: [
          {
            data: { values: laps },
            mark: { type: 'tick', thickness: 1.4, opacity: 0.55, size: ROW * 0.8 },
            encoding: { x: time, ...rows(names) },
          },
          {
            data: { values: best },
            mark: { type: 'point', filled: true, size: 60, opacity: 1 },
            encoding: { x: time, ...rows(names) },
          },
          {
            data: { values: best },
            mark: { type: 'text', align: 'right', dx: -8, fontSize: 10.5 },
            encoding: { x: time, ...rows(names), text: { field: 'text' }, color: { value: INK } },
          },
        ],
      },
      {
        width: 180,
        height,
        layer: [
          {
            data: { values: shares },
            mark: { type: 'bar', opacity: 0.85 },
            encoding: { x: share, ...rows({ ...names, labels: false }) },
          },
          {
            data: { values: shares },
            mark: { type: 'text', align: 'left', dx: 5, fontSize: 10.5, clip: false },
            encoding: {
              x: share,
              ...rows({ ...names, labels: false }),
              text: { field: 'text' },
              color: { value: INK },
            },
          },
        ],
      },
    ],
    resolve: { scale: { y: 'shared', color: 'shared' } },
  };
}
