import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { Random } from '../../src/core/random.ts';
import { RecordingWriter } from '../../src/recordings/index.ts';
import { QUANTILE_NAMES, QUANTILES } from '../../src/recordings/quantiles.ts';
import { mergeStats, PictureStats, RunningStats } from '../../src/recordings/stats.ts';
import { optionsFor, recordEpisode } from './drive.ts';

/** numpy's default, from the definition. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = part * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number];
  return low + (high - low) * (rank % 1);
}

const near = (a: number | undefined, b: number, tolerance = 1e-9): boolean => Math.abs((a as number) - b) <= tolerance;

test('quantiles of up to 4096 rows are exact, those of more are close, and what is not finite is left out', (t) => {
  const random = new Random(3);
  for (const [rows, tolerance] of [
    [1, 1e-12],
    [4096, 1e-12],
    [50_000, 0.02],
  ] as const) {
    const values = Array.from({ length: rows }, () => random.uniform() ** 2);
    const stats = new RunningStats(3);
    for (const [i, value] of values.entries()) stats.add([value, i % 2 === 0 ? Number.NaN : 7, Number.NaN]);
    const result = stats.result();
    for (const name of QUANTILE_NAMES) {
      t.true(near(result[name][0], quantile(values, QUANTILES[name]), tolerance), `${name} of ${rows}`);
    }
    t.deepEqual([result.min[2], result.mean[2], result.q50[2]], [0, 0, 0]);
    if (rows > 1) t.deepEqual([result.min[1], result.mean[1], result.std[1], result.q99[1]], [7, 7, 0, 7]);
    t.false(JSON.stringify(result).includes('null'));
  }
});

test('statistics of pictures are those of their pixels, from 0 to 1', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (data) => {
      const stats = new PictureStats(1);
      stats.add(data);
      const result = stats.result();
      const values = [...data].map((value) => value / 255);
      const mean = values.reduce((a, b) => a + b) / values.length;
      t.true(near(result.mean[0], mean));
      t.true(near(result.std[0], Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)));
      t.true(near(result.min[0], Math.min(...values)) && near(result.max[0], Math.max(...values)));
      for (const name of QUANTILE_NAMES) t.true(near(result[name][0], quantile(values, QUANTILES[name])), name);
    }),
  );
});

test('merged statistics are those of all values, the quantiles nearly so', (t) => {
  // Parts that differ among themselves, as drives on several tracks do: averaged quantiles would be far off.
  const random = new Random(5);
  const all: number[] = [];
  let merged: ReturnType<typeof mergeStats> | undefined;
  const averaged: Record<string, number> = { q01: 0, q99: 0 };
  const centres = [0, 3, -2, 5, -6];
  for (const centre of centres) {
    const values = Array.from({ length: 300 }, () => centre + random.normal());
    all.push(...values);
    const stats = new RunningStats(1);
    for (const value of values) stats.add([value]);
    const result = stats.result();
    for (const name of ['q01', 'q99'] as const) averaged[name]! += (result[name][0] as number) / centres.length;
    merged = mergeStats(merged, result);
  }
  const mean = all.reduce((a, b) => a + b) / all.length;
  t.true(near(merged?.mean[0], mean));
  t.true(near(merged?.std[0], Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length)));
  t.deepEqual([merged?.min[0], merged?.max[0], merged?.count], [Math.min(...all), Math.max(...all), [all.length]]);
  const range = Math.max(...all) - Math.min(...all);
  for (const name of QUANTILE_NAMES) {
    const away = Math.abs((merged?.[name][0] as number) - quantile(all, QUANTILES[name])) / range;
    t.true(away < 0.03, `${name} is ${(100 * away).toFixed(1)} % of the range away`);
  }
  t.true(Math.abs((averaged['q99'] as number) - quantile(all, 0.99)) / range > 0.1);
});

test('merging keeps quantiles in order, within the range, and leaves a constant alone', (t) => {
  const values = fc.array(fc.constantFrom(0, 1, 2, 2.5, -3), { minLength: 1, maxLength: 30 });
  const statsOf = (list: readonly number[]) => {
    const stats = new RunningStats(1);
    for (const value of list) stats.add([value]);
    return stats.result();
  };
  fc.assert(
    fc.property(values, values, (a, b) => {
      const merged = mergeStats(statsOf(a), statsOf(b));
      const ladder = [merged.min, ...QUANTILE_NAMES.map((name) => merged[name]), merged.max].map(([v]) => v as number);
      for (const [i, value] of ladder.entries()) t.true(i === 0 || value >= (ladder[i - 1] as number), String(ladder));
    }),
  );
  const constant = mergeStats(statsOf([4, 4, 4]), statsOf([4]));
  for (const name of QUANTILE_NAMES) t.deepEqual(constant[name], [4]);
});

test('stats.json has the names and shapes of LeRobot', async (t) => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'stats-test-'));
  t.teardown(() => fs.rmSync(dir, { recursive: true, force: true }));
  for (let part = 0; part < 2; part++) {
    const writer = await RecordingWriter.open(optionsFor(dir));
    await recordEpisode(writer, part, 20);
    await writer.close();
  }
  const stats = JSON.parse(fs.readFileSync(path.join(dir, 'meta/stats.json'), 'utf8'));
  const names = ['count', 'max', 'mean', 'min', 'q01', 'q10', 'q50', 'q90', 'q99', 'std'];
  const shape = (value: unknown): number[] => (Array.isArray(value) ? [value.length, ...shape(value[0])] : []);
  for (const [key, feature] of Object.entries<Record<string, unknown>>(stats)) {
    t.deepEqual(Object.keys(feature).sort(), names, key);
    t.deepEqual(shape(feature['count']), [1]);
  }
  const camera = stats['observation.images.camera'];
  for (const name of names.filter((name) => name !== 'count')) {
    t.deepEqual(shape(camera[name]), [3, 1, 1], name);
    t.deepEqual(shape(stats['observation.state'][name]), [3], name);
    t.true(camera[name].flat(2).every((value: number) => value >= 0 && value <= 1));
  }
  t.deepEqual(stats['next.reward'].count, [40]);
});
