import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { meanOf } from '../../src/cli/evaluate/statistics.ts';

const run = promisify(execFile);
const program = fileURLToPath(new URL('../../bin/torcs-pilot.mjs', import.meta.url));

/** Runs a command of the program in a process of its own, with `--json`. @returns what it printed */
export async function torcsPilot(
  words: readonly string[],
  options: { readonly cwd?: string } = {},
): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [program, ...words, '--json'], { maxBuffer: 1 << 26, ...options });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
}

/** Best lap by track, s, of what `evaluate` printed of a driver; null: not lapped. */
export function lapsOf(evaluation: Record<string, unknown>): Record<string, number | null> {
  const tracks = Object.values(evaluation['tracks'] as Record<string, { track: string; bestLapS: number | null }>);
  return Object.fromEntries(tracks.map(({ track, bestLapS }) => [track, bestLapS]));
}

/** Mean lap by track, s, of what `evaluate` printed of a driver: of all its laps; null: not lapped. */
export function meanLapsOf(evaluation: Record<string, unknown>): Record<string, number | null> {
  const tracks = Object.values(
    evaluation['tracks'] as Record<string, { track: string; starts: { lapTimesS: number[] }[] }>,
  );
  return Object.fromEntries(
    tracks.map(({ track, starts }) => {
      const laps = starts.flatMap(({ lapTimesS }) => lapTimesS);
      return [track, laps.length === 0 ? null : meanOf(laps)];
    }),
  );
}

/** Mean return by track, to tenths, of what `evaluate` printed of a driver. */
export function returnsOf(evaluation: Record<string, unknown>): Record<string, number> {
  const tracks = Object.values(evaluation['tracks'] as Record<string, { track: string; meanReturn: number }>);
  return Object.fromEntries(tracks.map(({ track, meanReturn }) => [track, Math.round(10 * meanReturn) / 10]));
}

/** Tracks that were lapped. */
export function countLapped(laps: Readonly<Record<string, number | null>>): number {
  return Object.values(laps).filter((lap) => lap !== null).length;
}

/** The mean return that `evaluate` printed, to hundredths. */
export function meanReturnOf(evaluation: Record<string, unknown>): number {
  return Math.round(100 * (evaluation['meanReturn'] as number)) / 100;
}
