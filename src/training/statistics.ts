import { z } from 'zod';
import type { LearnMetrics } from '../core/agent.ts';
import { requireFinite } from './finite.ts';

/** Episodes that the means of a run look back on (Stable-Baselines3: `stats_window_size`). */
const WINDOW = 100;

const finite = z.number();
const sums = z.record(z.string(), z.strictObject({ sum: finite, count: finite }));
export const statisticsStateSchema = z.strictObject({
  returns: z.array(finite).max(WINDOW),
  lengths: z.array(finite).max(WINDOW),
  metrics: sums,
});
export type StatisticsState = z.output<typeof statisticsStateSchema>;

/** Figures of a run between two lines of its logs: the last episodes, and the means of the updates' metrics. */
export class TrainingStatistics {
  #returns: number[] = [];
  #lengths: number[] = [];
  #metrics = new Map<string, { sum: number; count: number }>();

  addEpisode(returnSum: number, steps: number): void {
    this.#returns.push(returnSum);
    this.#lengths.push(steps);
    if (this.#returns.length <= WINDOW) return;
    this.#returns.shift();
    this.#lengths.shift();
  }

  /** @throws NotFiniteError when one of them is not finite */
  addMetrics(metrics: LearnMetrics): void {
    for (const name in metrics) {
      const value = metrics[name]!;
      requireFinite(value, `\`${name}\` of an update`);
      const known = this.#metrics.get(name);
      if (known === undefined) this.#metrics.set(name, { sum: value, count: 1 });
      else {
        known.sum += value;
        known.count++;
      }
    }
  }

  /** Undefined before the first episode's end. */
  get meanReturn(): number | undefined {
    return mean(this.#returns);
  }

  /** The figures by their keys. Metrics are means since the last call; those of no update since then are absent. */
  take(): Record<string, number> {
    const values: Record<string, number> = {};
    const meanReturn = mean(this.#returns);
    const meanLength = mean(this.#lengths);
    if (meanReturn !== undefined && meanLength !== undefined) {
      values['rollout/ep_rew_mean'] = meanReturn;
      values['rollout/ep_len_mean'] = meanLength;
    }
    for (const [name, { sum, count }] of this.#metrics) values[`train/${name}`] = sum / count;
    this.#metrics.clear();
    return values;
  }

  get state(): StatisticsState {
    return {
      returns: [...this.#returns],
      lengths: [...this.#lengths],
      metrics: Object.fromEntries([...this.#metrics].map(([name, means]) => [name, { ...means }])),
    };
  }

  set state(state: StatisticsState) {
    this.#returns = [...state.returns];
    this.#lengths = [...state.lengths];
    this.#metrics = new Map(Object.entries(state.metrics).map(([name, means]) => [name, { ...means }]));
  }
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
