import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../../core/files.ts';
import { InvalidFileError, UsageError } from '../../core/index.ts';
import type { CurvePoint } from '../../plots/index.ts';
import { runFiles } from '../../training/index.ts';
import { readRunSettings } from '../train/run-settings.ts';
import { isNamedMetric, readCurveFile, readRunCurve } from './read-curve.ts';

/** A run on recordings alone counts updates. */
const STEP_TITLES = { environment: 'environment steps', dataset: 'updates' } as const;
type StepTitle = (typeof STEP_TITLES)[keyof typeof STEP_TITLES];

/** A run that is plotted. */
export interface PlottedRun {
  /** Where it was read from. */
  readonly source: string;
  readonly environment: string;
  /** What its steps are. */
  readonly stepTitle: StepTitle;
  readonly seed: number;
  readonly points: readonly CurvePoint[];
  /** Everything that makes it but seed and machine; runs that are equal in it belong together. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What its task and algorithm are called. */
  readonly title: string;
  /** Whether the title was given to its group, so that it needs no telling apart. */
  readonly isNamed: boolean;
  readonly goal?: number;
}

/** What `scripts/learning-table.ts` keeps of a task. */
const keptSchema = z.looseObject({
  title: z.string(),
  command: z.string(),
  goal: z.number(),
  rows: z.array(z.looseObject({ seed: z.int() })).min(1),
});

const SEED_FILE = /^seed-\d+\.csv$/;

/**
 * Reads what was named: the folder of a run, a folder of such folders, or a kept table (`docs/learning/TASK.json`, or
 * its folder of curves).
 *
 * @throws InvalidFileError for what is missing, damaged or something else
 */
export function readRuns(named: string, metric: string): readonly PlottedRun[] {
  const status = fs.statSync(named, { throwIfNoEntry: false });
  if (status === undefined) throw new InvalidFileError(`Expected the folder of a run in ${named}, got nothing there`);
  if (status.isFile()) return readKeptTable(named, metric);
  const names = fs.readdirSync(named);
  if (names.includes(runFiles.settings)) return [readRun(named, metric)];
  const table = `${path.normalize(named).replace(/[/\\]$/, '')}.json`;
  if (names.some((name) => SEED_FILE.test(name)) && fs.existsSync(table)) return readKeptTable(table, metric);
  const folders = names
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => path.join(named, name))
    .filter((folder) => fs.existsSync(path.join(folder, runFiles.settings)));
  if (folders.length > 0) return folders.map((folder) => readRun(folder, metric));
  throw new InvalidFileError(
    `Expected the folder of a run in ${named}, or one that holds such folders, got no ${runFiles.settings} in it`,
  );
}

function readRun(folder: string, metric: string): PlottedRun {
  const { training, engine: _, workers: __, ...settings } = readRunSettings(folder);
  const { seed, ...others } = training;
  const { environment, request } = settings;
  return {
    source: folder,
    environment: environment.name,
    stepTitle: training.environments === 0 ? STEP_TITLES.dataset : STEP_TITLES.environment,
    seed,
    title: `${environment.name} from ${request.observe}, ${titleOf(request.algorithm)}`,
    isNamed: false,
    points: readRunCurve(folder, metric),
    settings: { ...settings, training: others },
  };
}

/** Initials are written as such. */
function titleOf(algorithm: string): string {
  return algorithm === 'clone' ? algorithm : algorithm.toUpperCase();
}

function readKeptTable(file: string, metric: string): readonly PlottedRun[] {
  if (!isNamedMetric(metric)) {
    throw new UsageError(`Expected --metric evaluation or training with the kept table ${file}, got "${metric}"`);
  }
  const result = keptSchema.safeParse(readJson(file));
  if (!result.success) {
    const { path: where, message } = result.error.issues[0]!;
    throw new InvalidFileError(
      `Expected a table of \`scripts/learning-table.ts\` in ${file}, but \`${where.map(String).join('.')}\`: ${message}`,
    );
  }
  const { title, command, goal, rows } = result.data;
  const environment = /--environment ([\w-]+)/.exec(command)?.[1] ?? 'driving';
  return rows.map(({ seed }) => {
    const source = path.join(file.replace(/\.json$/i, ''), `seed-${seed}.csv`);
    return {
      source,
      environment,
      stepTitle: STEP_TITLES.environment,
      seed,
      points: readCurveFile(source, metric),
      settings: { title, command },
      title,
      isNamed: true,
      // Driving is judged by laps, of which a curve of returns tells nothing.
      ...(environment === 'driving' ? {} : { goal }),
    };
  });
}
