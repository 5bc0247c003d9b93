import type { Config } from 'vega-lite';

/**
 * Colours that colour-blind people tell apart, without the yellow that vanishes on paper (Okabe and Ito 2008, "Color
 * Universal Design").
 */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000'] as const;

/** Dashes, so that lines are also told apart in grey. */
export const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [4, 2],
  [12, 3],
  [1, 3],
] as const;

export const INK = '#222222';
export const FAINT_INK = '#666666';
export const GRID = '#e4e4e4';

/** Looked for in this order where a picture is shown; an SVG file names them, a PNG file has them drawn. */
export const FONT = 'Helvetica, Arial, "Liberation Sans", "DejaVu Sans", sans-serif';

/** How every plot looks: for print, on white. */
export const plotConfig: Config = {
  background: '#ffffff',
  padding: 16,
  font: FONT,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    color: INK,
    fontSize: 16,
    fontWeight: 'bold',
    subtitleColor: FAINT_INK,
    subtitleFontSize: 12,
    subtitlePadding: 5,
    offset: 14,
  },
  axis: {
    labelColor: INK,
    labelFontSize: 11,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    gridColor: GRID,
    domainColor: '#999999',
    tickColor: '#999999',
    labelOverlap: true,
  },
  axisY: { domain: false, ticks: false, labelPadding: 6 },
  axisX: { grid: false },
  legend: {
    labelColor: INK,
    labelFontSize: 12,
    labelLimit: 420,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    symbolStrokeWidth: 2.5,
    symbolSize: 400,
  },
};
