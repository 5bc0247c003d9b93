import { type CurvePanel, learningCurvesPlot, summarizeCurves } from '../../plots/index.ts';
import { groupRuns, type RunGroup } from './group-runs.ts';
import { metricTitle } from './read-curve.ts';
import { readRuns } from './read-runs.ts';
import { writePlot } from './write-plot.ts';

export interface PlotCurvesOptions {
  /** Folders of runs, folders of such folders, kept tables. */
  readonly runs: readonly string[];
  readonly out: string;
  /** `evaluation`, `training`, or a key of `progress.jsonl`. */
  readonly metric: string;
  /** Instead of the tasks' own. */
  readonly title: string | undefined;
  readonly goal: number | undefined;
}

/** Draws learning curves; each environment gets a panel, and so do runs whose steps are of another kind. What `plot --json` prints. */
export async function plotCurves({ runs, out, metric, title, goal }: PlotCurvesOptions) {
  const groups = groupRuns(runs.flatMap((named) => readRuns(named, metric)));
  const taskOf = ({ environment, stepTitle }: RunGroup) => `${environment}, by ${stepTitle}`;
  const tasks = [...new Set(groups.map(taskOf))];
  const panels = tasks.map((task): CurvePanel => {
    const own = groups.filter((group) => taskOf(group) === task);
    const { label, environment, stepTitle } = own[0]!;
    const isOnly = groups.every((group) => group.environment !== environment || group.stepTitle === stepTitle);
    const aim = goal ?? onlyGoal(own);
    return {
      title: title ?? (own.length === 1 ? label : isOnly ? environment : task),
      stepTitle,
      valueTitle: metricTitle(metric),
      groups: own,
      ...(aim === undefined ? {} : { goal: aim }),
    };
  });
  const file = await writePlot(learningCurvesPlot(panels), out);
  return { ok: true, kind: 'curves', ...file, metric, groups: groups.map(describeGroup) };
}

/** The goal that all groups with one have. */
function onlyGoal(groups: readonly RunGroup[]): number | undefined {
  const goals = new Set(groups.flatMap(({ goal }) => goal ?? []));
  return goals.size === 1 ? [...goals][0] : undefined;
}

function describeGroup({ label, environment, curves }: RunGroup) {
  const last = summarizeCurves(curves).at(-1);
  return {
    label,
    environment,
    seeds: curves.map(({ seed }) => seed),
    step: last?.step ?? null,
    interquartileMean: last?.interquartileMean ?? null,
    interval: last === undefined || curves.length === 1 ? null : [last.low, last.high],
  };
}
