import { z } from 'zod';
import type { Agent } from '../core/agent.ts';
import { Random } from '../core/random.ts';
import type { ReplayBuffer } from '../core/replay.ts';
import type { CheckedTrainingSettings } from './options.ts';
import { parseState } from './parse-state.ts';
import { randomStateSchema } from './random-state.ts';
import type { RunTrainer } from './run-trainer.ts';
import { statisticsStateSchema, type TrainingStatistics } from './statistics.ts';
import type { TransitionSource } from './transition-source.ts';
import { UpdatePipeline } from './update-pipeline.ts';

/** Updates in a row: within them, a batch is drawn while the update before it runs. */
const ROUND = 16;

const stateSchema = z.strictObject({
  updates: z.int().min(0),
  statistics: statisticsStateSchema,
  sampling: randomStateSchema,
});

export interface OfflineTrainerParts {
  readonly agent: Agent;
  readonly replay: ReplayBuffer;
  readonly source: TransitionSource;
  readonly settings: CheckedTrainingSettings;
  readonly seed: number;
  readonly statistics: TrainingStatistics;
}

/** The updates of a run that learns from a dataset. A step is an update. */
export class OfflineTrainer implements RunTrainer {
  readonly endedEpisodes = 0;
  readonly #parts: OfflineTrainerParts;
  readonly #pipeline: UpdatePipeline;
  #updates = 0;

  constructor(parts: OfflineTrainerParts) {
    const { agent, replay, seed, statistics } = parts;
    this.#parts = parts;
    this.#pipeline = new UpdatePipeline({
      agent,
      replay,
      random: new Random(seed).stream('replay sampling'),
      onUpdate: (metrics) => {
        this.#updates++;
        statistics.addMetrics(metrics);
      },
    });
  }

  get steps(): number {
    return this.#updates;
  }

  get updates(): number {
    return this.#updates;
  }

  async begin(): Promise<void> {
    await this.#parts.source.prepare(0);
  }

  async round(): Promise<void> {
    const { source, settings } = this.#parts;
    const unchangedUntil = await source.prepare(this.#updates);
    const last = Math.min(settings.totalTimesteps, unchangedUntil, this.#updates + ROUND);
    await this.#pipeline.start(last - this.#updates).done;
  }

  async drain(): Promise<void> {}

  save(): { readonly state: object; readonly actions: Float32Array } {
    const state: z.output<typeof stateSchema> = {
      updates: this.#updates,
      statistics: this.#parts.statistics.state,
      sampling: this.#pipeline.samplingState,
    };
    return { state, actions: new Float32Array() };
  }

  async restore(json: unknown): Promise<void> {
    const expected = 'the state of a run that learns from a dataset';
    const { updates, statistics, sampling } = parseState(stateSchema, json, expected);
    await this.#parts.source.prepare(updates);
    this.#updates = updates;
    this.#parts.statistics.state = statistics;
    this.#pipeline.samplingState = sampling;
  }
}
