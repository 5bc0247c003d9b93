import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Time of one operator in one phase of an update. */
export interface OperatorTime {
  readonly phase: string;
  readonly operator: string;
  /** Of one run of the phase, ms. */
  readonly ms: number;
  readonly nodes: number;
}

interface ProfileEvent {
  readonly cat?: string;
  readonly name?: string;
  readonly dur?: number;
  readonly args?: { readonly op_name?: string };
}

/** Reads the profiles that ONNX Runtime wrote under a prefix: where the time of each phase goes, most first. */
export function readProfiles(prefix: string): OperatorTime[] {
  const folder = dirname(prefix);
  const files = readdirSync(folder).filter((file) => file.startsWith(`${basename(prefix)}-`));
  return files.flatMap((file) => {
    const phase = file.slice(basename(prefix).length + 1).split('_')[0]!;
    return operatorTimes(phase, JSON.parse(readFileSync(join(folder, file), 'utf8')) as ProfileEvent[]);
  });
}

function operatorTimes(phase: string, events: readonly ProfileEvent[]): OperatorTime[] {
  const runs = events.filter(({ name }) => name === 'model_run').length;
  const totals = new Map<string, { microseconds: number; count: number }>();
  for (const { cat, name, dur = 0, args } of events) {
    if (cat !== 'Node' || name?.endsWith('_kernel_time') !== true || args?.op_name === undefined) continue;
    const total = totals.get(args.op_name) ?? { microseconds: 0, count: 0 };
    totals.set(args.op_name, { microseconds: total.microseconds + dur, count: total.count + 1 });
  }
  return [...totals]
    .map(([operator, { microseconds, count }]) => ({
      phase,
      operator,
      ms: microseconds / 1000 / runs,
      nodes: Math.round(count / runs),
    }))
    .sort((a, b) => b.ms - a.ms);
}
