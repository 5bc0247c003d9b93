import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { InvalidFileError } from '../core/errors.ts';
import type { CheckpointStore } from './checkpoints/index.ts';
import { isDue } from './due.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import type { LogRecord, ObserverList, TrainingOutcome, TrainingProgress } from './observer.ts';
import type { CheckedTrainingSettings, TrainOptions } from './options.ts';
import { parseState } from './parse-state.ts';
import type { RunFolder } from './run-folder.ts';
import { type RunState, runStateSchema } from './run-state.ts';
import type { RunTrainer } from './run-trainer.ts';
import type { TrainingStatistics } from './statistics.ts';

/** How often signals and timers get a turn (an environment in memory never waits for anything), and people a look. */
const TURN_INTERVAL_MS = 20;
const PROGRESS_INTERVAL_MS = 100;

export interface RunParts {
  readonly options: TrainOptions;
  readonly settings: CheckedTrainingSettings;
  readonly folder: RunFolder;
  readonly trainer: RunTrainer;
  readonly statistics: TrainingStatistics;
  readonly store: CheckpointStore;
  readonly observers: ObserverList;
  readonly clock: Clock;
}

/**
 * A trainer's rounds and what lies between them, in this order: an evaluation, a line of the logs, a checkpoint. What is
 * due follows from numbers of steps alone. Evaluations have an environment, a policy and random numbers of their own, so
 * that a run learns the same with them and without.
 */
export class Run {
  readonly #parts: RunParts;
  readonly #startedMs: number;
  #elapsedBeforeS = 0;
  #nextTurnMs = 0;
  #nextProgressMs = 0;
  #loggedAt = 0;
  #evaluatedAt = 0;
  #savedAt = 0;
  #evaluation: Evaluation | null = null;
  #best: RunState['best'] = null;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.now();
  }

  get progress(): TrainingProgress {
    const { trainer, settings, statistics, clock } = this.#parts;
    const { meanReturn } = statistics;
    return {
      steps: trainer.steps,
      totalTimesteps: settings.totalTimesteps,
      updates: trainer.updates,
      episodes: trainer.endedEpisodes,
      ...(meanReturn === undefined ? {} : { meanReturn }),
      ...(this.#evaluation === null ? {} : { evaluation: this.#evaluation }),
      elapsedS: this.#elapsedBeforeS + (clock.now() - this.#startedMs) / 1000,
    };
  }

  get best(): RunState['best'] {
    return this.#best;
  }

  /** Begins the run, or takes it up from its latest sound checkpoint; without one it is begun anew. */
  async begin(): Promise<void> {
    const { options, folder, trainer, observers } = this.#parts;
    const resumed = options.resume === true && (await this.#resume());
    if (resumed) folder.removeSummary();
    else folder.clear();
    await observers.tell('onStart', { ...this.progress, folder: folder.folder, resumed });
    if (!resumed) await trainer.begin();
  }

  /** Goes on until all steps are taken, or until the signal: then a checkpoint is there. */
  async execute(): Promise<Exclude<TrainingOutcome, 'not-finite'>> {
    const { trainer, settings } = this.#parts;
    const { totalTimesteps, checkpointInterval, evaluationInterval, logInterval } = settings;
    const due = (interval: number, doneAt: number) => isDue(interval, doneAt, trainer.steps, totalTimesteps);
    for (;;) {
      const isLast = trainer.steps >= totalTimesteps;
      if (isLast) await trainer.drain();
      const evaluates = this.#parts.options.evaluation !== undefined && due(evaluationInterval, this.#evaluatedAt);
      const isEvaluated = !evaluates || (!this.#isAborted && (await this.#evaluate()));
      if (isEvaluated && due(logInterval, this.#loggedAt)) await this.#log();
      if (isLast && isEvaluated) return 'finished';
      if (this.#isAborted) {
        await this.#saveCheckpoint();
        return 'interrupted';
      }
      if (due(checkpointInterval, this.#savedAt)) await this.#saveCheckpoint();
      await this.#look();
      await trainer.round();
    }
  }

  get #isAborted(): boolean {
    return this.#parts.options.signal?.aborted === true;
  }

  /** Lets signals, timers and people in, now and then. */
  async #look(): Promise<void> {
    const { clock, observers } = this.#parts;
    const nowMs = clock.now();
    if (nowMs < this.#nextTurnMs) return;
    if (nowMs >= this.#nextProgressMs) {
      await observers.tell('onProgress', this.progress);
      this.#nextProgressMs = nowMs + PROGRESS_INTERVAL_MS;
    }
    await nextTurn();
    this.#nextTurnMs = clock.now() + TURN_INTERVAL_MS;
  }

  async #log(): Promise<void> {
    const { statistics, observers } = this.#parts;
    const { steps, updates, episodes, elapsedS } = this.progress;
    const values = {
      ...statistics.take(),
      'train/n_updates': updates,
      'time/episodes': episodes,
      'time/total_timesteps': steps,
      'time/time_elapsed': elapsedS,
      ...(elapsedS > 0 ? { 'time/fps': steps / elapsedS, 'time/updates_per_second': updates / elapsedS } : {}),
    };
    this.#loggedAt = steps;
    await observers.tell('onLog', { steps, values });
  }

  /** @returns false when the signal came before its end: it is still due then */
  async #evaluate(): Promise<boolean> {
    const { options, settings, folder, trainer, observers, clock } = this.#parts;
    const { environment, policy: makePolicy } = options.evaluation!;
    const policy = await makePolicy();
    const { seed, signal } = options;
    const figures = await evaluate({
      environment,
      policy,
      episodes: settings.evaluationEpisodes,
      seed,
      clock,
      ...(signal === undefined ? {} : { signal }),
    }).finally(() => policy.dispose?.());
    if (figures === undefined) return false;
    const { steps, updates } = trainer;
    const evaluation: Evaluation = { step: steps, updates, ...figures };
    this.#evaluation = evaluation;
    this.#evaluatedAt = steps;
    if (this.#best === null || evaluation.meanReturn > this.#best.meanReturn) {
      this.#best = { step: steps, meanReturn: evaluation.meanReturn };
      await options.agent.save(folder.path('bestPolicy'));
    }
    await observers.tell('onEvaluation', evaluation, recordOf(evaluation));
    return true;
  }

  async #saveCheckpoint(): Promise<void> {
    const { options, folder, trainer, store, observers } = this.#parts;
    // Nothing has happened since one of the same number of steps; at the very start there is none.
    if (trainer.steps === 0 || trainer.steps !== this.#savedAt) {
      const { state, actions } = trainer.save();
      const checkpoint = await store.write(trainer.steps, { state: this.#state(state), actions });
      this.#savedAt = trainer.steps;
      await observers.tell('onCheckpoint', checkpoint.folder);
    }
    await options.agent.save(folder.path('policy'));
  }

  #state(trainer: object): RunState {
    const observers = this.#parts.observers.observers.flatMap(({ checkpoint }) =>
      checkpoint === undefined ? [] : [[checkpoint.key, checkpoint.save()] as const],
    );
    return {
      trainer,
      loggedAt: this.#loggedAt,
      evaluatedAt: this.#evaluatedAt,
      evaluation: this.#evaluation,
      best: this.#best,
      elapsedS: this.progress.elapsedS,
      observers: Object.fromEntries(observers),
    };
  }

  async #resume(): Promise<boolean> {
    const { store, observers } = this.#parts;
    const checkpoints = store.list();
    for (const [index, checkpoint] of checkpoints.entries()) {
      try {
        const { state, actions } = await store.read(checkpoint);
        await this.#restore(state, actions, checkpoint.folder);
        store.prune(checkpoint.steps);
        this.#savedAt = checkpoint.steps;
        return true;
      } catch (error) {
        if (!(error instanceof InvalidFileError) || index === checkpoints.length - 1) throw error;
        await observers.tell('onNotice', `${error.message}; going back to the checkpoint before it`);
      }
    }
    await observers.tell('onNotice', 'no checkpoint was complete: the run is begun anew');
    return false;
  }

  async #restore(json: unknown, actions: Float32Array, folder: string): Promise<void> {
    const state = parseState(runStateSchema, json, `the state of a run in ${folder}`);
    await this.#parts.trainer.restore(state.trainer, actions);
    for (const { checkpoint } of this.#parts.observers.observers) checkpoint?.load(state.observers[checkpoint.key]);
    this.#loggedAt = state.loggedAt;
    this.#evaluatedAt = state.evaluatedAt;
    this.#evaluation = state.evaluation;
    this.#best = state.best;
    this.#elapsedBeforeS = state.elapsedS;
  }
}

/** Stable-Baselines3's keys, and our own for the spread. */
function recordOf(evaluation: Evaluation): LogRecord {
  const { step, meanReturn, stdReturn, minReturn, maxReturn, meanLength, actions } = evaluation;
  const values = {
    'eval/mean_reward': meanReturn,
    'eval/std_reward': stdReturn,
    'eval/min_reward': minReturn,
    'eval/max_reward': maxReturn,
    'eval/mean_ep_length': meanLength,
    ...Object.fromEntries(
      Object.entries(actions).flatMap(([name, { mean, min, max, atBounds }]) => [
        [`eval/action_mean/${name}`, mean],
        [`eval/action_min/${name}`, min],
        [`eval/action_max/${name}`, max],
        [`eval/action_at_bounds/${name}`, atBounds],
      ]),
    ),
    'time/total_timesteps': step,
  };
  return { steps: step, values };
}
