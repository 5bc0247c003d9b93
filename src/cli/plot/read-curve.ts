import path from 'node:path';
import { InvalidFileError } from '../../core/index.ts';
import type { CurvePoint } from '../../plots/index.ts';
import { runFiles } from '../../training/index.ts';
import { readLines } from './read-text.ts';

/** What `--metric` knows by name; any other word is a key of `progress.jsonl`. */
export const METRICS = {
  evaluation: { column: 'evaluation_mean', title: 'mean return of an evaluation' },
  training: { column: 'training_return', title: 'mean return of the last 100 training episodes' },
} as const;
type MetricName = keyof typeof METRICS;

export function isNamedMetric(metric: string): metric is MetricName {
  return Object.hasOwn(METRICS, metric);
}

/** What is written at the axis of a metric. */
export function metricTitle(metric: string): string {
  return isNamedMetric(metric) ? METRICS[metric].title : metric;
}

/**
 * A metric of the run in a folder, by step.
 *
 * @throws InvalidFileError when its files are missing or damaged, or do not have the metric
 */
export function readRunCurve(folder: string, metric: string): readonly CurvePoint[] {
  if (isNamedMetric(metric)) return readCurveFile(path.join(folder, runFiles.curve), metric);
  return readProgress(path.join(folder, runFiles.progress), metric);
}

/** One column of a `curve.csv`. @throws InvalidFileError */
export function readCurveFile(file: string, metric: MetricName): readonly CurvePoint[] {
  const [header = '', ...lines] = readLines(file);
  const columns = header.split(',');
  const { column } = METRICS[metric];
  const [stepAt, valueAt] = [columns.indexOf('step'), columns.indexOf(column)];
  if (stepAt < 0 || valueAt < 0) {
    throw new InvalidFileError(
      `Expected a learning curve with the columns step and ${column} in ${file}, got "${header.slice(0, 80)}"`,
    );
  }
  const points = lines.map((line, i) => {
    const cells = line.split(',');
    const [step, text] = [Number(cells[stepAt]), cells[valueAt]];
    // Before the first episode has ended there is no training return.
    const value = text === '' ? Number.NaN : Number(text);
    if (cells.length === columns.length && Number.isInteger(step) && (text === '' || Number.isFinite(value))) {
      return { step, value };
    }
    throw new InvalidFileError(
      `Expected ${columns.length} numbers in line ${i + 2} of ${file}, got "${line.slice(0, 80)}"`,
    );
  });
  return requirePoints(
    points.filter(({ value }) => !Number.isNaN(value)),
    `an evaluation in ${file}`,
  );
}

function readProgress(file: string, key: string): readonly CurvePoint[] {
  const known = new Set<string>();
  const points = readLines(file).flatMap((line, i) => {
    const figures = parseFigures(line, `line ${i + 1} of ${file}`);
    for (const name of Object.keys(figures)) known.add(name);
    const [step, value] = [figures['step'], figures[key]];
    return typeof step === 'number' && typeof value === 'number' ? [{ step, value }] : [];
  });
  known.delete('step');
  return requirePoints(points, `figures under "${key}" in ${file}`, `; it has ${[...known].sort().join(', ')}`);
}

function parseFigures(line: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(line) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new InvalidFileError(`Expected a JSON object in ${where}, got "${line.slice(0, 80)}"`);
}

function requirePoints(points: readonly CurvePoint[], expected: string, hint = ''): readonly CurvePoint[] {
  if (points.length > 0) return points;
  throw new InvalidFileError(`Expected at least ${expected}, got none${hint}`);
}
