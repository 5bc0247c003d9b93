import path from 'node:path';
import { InvalidFileError } from '../../core/index.ts';
import type { CurveGroup } from '../../plots/index.ts';
import type { PlottedRun } from './read-runs.ts';

/** Differences between groups that a label names. */
const MOST_DIFFERENCES = 3;

export interface RunGroup extends CurveGroup {
  readonly environment: string;
  readonly stepTitle: string;
  readonly goal: number | undefined;
}

/**
 * Runs of equal settings but their seeds, in the order in which they came, called by what sets them apart.
 *
 * @throws InvalidFileError when a group has the same seed twice
 */
export function groupRuns(runs: readonly PlottedRun[]): readonly RunGroup[] {
  const groups = new Map<string, PlottedRun[]>();
  for (const run of runs) {
    const key = JSON.stringify(sorted(run.settings));
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const members = [...groups.values()];
  const labels = labelsOf(members);
  return members.map((group, i) => {
    const [first] = group as [PlottedRun];
    return {
      label: labels[i]!,
      environment: first.environment,
      stepTitle: first.stepTitle,
      goal: first.goal,
      curves: group.map(({ seed, points, source }, at) => {
        const twin = group.findIndex((other) => other.seed === seed);
        if (twin === at) return { seed, points };
        throw new InvalidFileError(
          `Expected runs of equal settings to have different seeds, got seed ${seed} in ${group[twin]!.source} and in ${source}: name it once`,
        );
      }),
    };
  });
}

function labelsOf(groups: readonly (readonly PlottedRun[])[]): readonly string[] {
  const settings = groups.map(([first]) => new Map(flatten(first!.settings)));
  const names = [...new Set(settings.flatMap((values) => [...values.keys()]))];
  const differing = names.filter((name) => new Set(settings.map((values) => values.get(name))).size > 1);
  // What was asked for tells more than what follows from it.
  const requested = differing.filter((name) => name.startsWith('request.'));
  const told = (requested.length > 0 ? requested : differing).slice(0, MOST_DIFFERENCES);
  const labels = groups.map(([first], i) => {
    if (first!.isNamed) return first!.title;
    const parts = told.map((name) => `${name.split('.').at(-1)} ${settings[i]!.get(name) ?? 'none'}`);
    return parts.length === 0 ? first!.title : parts.join(', ');
  });
  return labels.map((label, i) => {
    const isTaken = labels.some((other, at) => other === label && at !== i);
    return isTaken ? `${label} (${path.basename(path.dirname(path.resolve(groups[i]![0]!.source)))} ${i + 1})` : label;
  });
}

/** Every number, text and switch of nested settings, by its path. */
function flatten(value: unknown, prefix = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[prefix, String(value)]];
  if (Array.isArray(value)) return [[prefix, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, item]) => flatten(item, prefix === '' ? key : `${prefix}.${key}`));
}

/** The same value with every object's keys in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
