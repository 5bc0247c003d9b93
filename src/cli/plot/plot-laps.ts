import { lapTablePlot } from '../../plots/index.ts';
import { readEvaluations } from './read-evaluation.ts';
import { writePlot } from './write-plot.ts';

export interface PlotLapsOptions {
  /** Files with what `evaluate --json` printed. */
  readonly files: readonly string[];
  readonly out: string;
  readonly title: string | undefined;
}

/** Draws the laps of evaluations. What `plot --json` prints. */
export async function plotLaps({ files, out, title }: PlotLapsOptions) {
  const tables = readEvaluations(files);
  const [first] = tables;
  const ownTitle = tables.length === 1 ? `Laps of ${first!.label}` : 'Laps';
  const file = await writePlot(lapTablePlot(tables, title ?? ownTitle), out);
  return {
    ok: true,
    kind: 'laps',
    ...file,
    policies: tables.map(({ label, rows }) => ({
      label,
      tracks: rows.length,
      lapped: rows.filter(({ lapped }) => lapped > 0).length,
    })),
  };
}
