import { type Curve, summarizeCurves } from './curve-summary.ts';
import type { Plot } from './render.ts';
import { COLOURS, DASHES, FAINT_INK } from './style.ts';

/** Runs of equal settings but their seeds. */
export interface CurveGroup {
  readonly label: string;
  readonly curves: readonly Curve[];
}

/** Groups that can be compared: of one task. */
export interface CurvePanel {
  readonly title: string;
  /** What a step is. */
  readonly stepTitle: string;
  /** What is drawn, with its unit. */
  readonly valueTitle: string;
  readonly groups: readonly CurveGroup[];
  /** A line at a value that was aimed at. */
  readonly goal?: number;
}

const SINGLE_SIZE = { width: 620, height: 360 };
/** Of each panel, when there are several. */
const SMALL_SIZE = { width: 440, height: 240 };
const PANEL_COLUMNS = 2;

/**
 * Learning curves: several runs of equal settings as their interquartile mean with its 95 % interval and, behind it, each
 * run; a run alone as a thin line.
 */
export function learningCurvesPlot(panels: readonly CurvePanel[]): Plot {
  if (panels.length === 1) return panelPlot(panels[0]!, SINGLE_SIZE);
  return {
    columns: PANEL_COLUMNS,
    spacing: 40,
    concat: panels.map((panel) => panelPlot(panel, SMALL_SIZE)),
    resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
  };
}

function panelPlot(panel: CurvePanel, size: { readonly width: number; readonly height: number }): Plot {
  const { title, stepTitle, valueTitle, groups, goal } = panel;
  const several = groups.filter(({ curves }) => curves.length > 1);
  const runs = groups.flatMap(({ label, curves }) =>
    curves.flatMap(({ seed, points }) =>
      points.map((point) => ({ ...point, label, seed, isAlone: curves.length === 1 })),
    ),
  );
  const summaries = several.flatMap(({ label, curves }) =>
    summarizeCurves(curves).map((point) => ({ ...point, label })),
  );
  const labels = groups.map(({ label }) => label);
  const colour = {
    field: 'label',
    type: 'nominal',
    title: null,
    scale: { domain: labels, range: labels.map((_, i) => COLOURS[i % COLOURS.length]) },
    legend:
      labels.length === 1 ? null : { orient: 'bottom', direction: 'vertical', symbolType: 'stroke', symbolOpacity: 1 },
  };
  const dash = {
    field: 'label',
    type: 'nominal',
    title: null,
    scale: { domain: labels, range: labels.map((_, i) => DASHES[i % DASHES.length]) },
    legend: colour.legend,
  };
  const x = {
    field: 'step',
    type: 'quantitative',
    title: stepTitle,
    scale: { zero: true },
    axis: { format: ',d', tickCount: 5 },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    title: valueTitle,
    scale: { zero: false },
    axis: { tickCount: 6 },
  });
  return {
    ...size,
    title: { text: title, subtitle: subtitleOf(groups) },
    layer: [
      {
        data: { values: summaries },
        mark: { type: 'area', opacity: 0.18 },
        encoding: { x, y: y('low'), y2: { field: 'high' }, color: colour },
      },
      {
        data: { values: runs },
        mark: { type: 'line', clip: true },
        encoding: {
          x,
          y: y('value'),
          color: colour,
          detail: { field: 'seed' },
          strokeWidth: { condition: { test: 'datum.isAlone', value: 1.3 }, value: 0.7 },
          opacity: { condition: { test: 'datum.isAlone', value: 1 }, value: 0.35 },
        },
      },
      {
        data: { values: summaries },
        mark: { type: 'line', strokeWidth: 2.4 },
        encoding: { x, y: y('interquartileMean'), color: colour, strokeDash: dash },
      },
      ...(goal === undefined ? [] : goalLayers(goal)),
    ],
  };
}

function goalLayers(goal: number): Plot[] {
  const y = { datum: goal, type: 'quantitative' };
  return [
    { data: { values: [{}] }, mark: { type: 'rule', color: FAINT_INK, strokeDash: [4, 4] }, encoding: { y } },
    {
      data: { values: [{}] },
      mark: { type: 'text', align: 'right', baseline: 'bottom', dy: -3, x: 'width', color: FAINT_INK, fontSize: 11 },
      encoding: { y, text: { value: `goal ${goal.toLocaleString('en').replace('-', '−')}` } },
    },
  ];
}

function subtitleOf(groups: readonly CurveGroup[]): string {
  const counts = [...new Set(groups.map(({ curves }) => curves.length))].sort((a, b) => a - b);
  const most = counts.at(-1)!;
  if (most === 1) return groups.length === 1 ? `seed ${groups[0]!.curves[0]!.seed}` : 'one run each';
  const seeds = counts.length === 1 ? `${most} seeds` : `${counts[0]} to ${most} seeds`;
  return `interquartile mean of ${seeds} with its 95 % interval; thin: each seed`;
}
