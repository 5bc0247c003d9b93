import type { EpisodeStart, EpisodeSummary, Transition } from '../core/observer.ts';
import type { Evaluation } from './evaluation.ts';

/** How far a run has come. */
export interface TrainingProgress {
  /** Over all environments. */
  readonly steps: number;
  readonly totalTimesteps: number;
  readonly updates: number;
  /** Episodes that ended. */
  readonly episodes: number;
  /** Mean return of the last 100 episodes that ended; absent before the first one. */
  readonly meanReturn?: number;
  readonly evaluation?: Evaluation;
  /** Wall-clock time of the run so far, s: without what a kill lost. */
  readonly elapsedS: number;
}

export interface TrainingStart extends TrainingProgress {
  readonly folder: string;
  readonly resumed: boolean;
}

/** Figures by Stable-Baselines3's keys. Keys that begin with `time/` hang on the wall clock, all others on the run alone. */
export interface LogRecord {
  readonly steps: number;
  readonly values: Readonly<Record<string, number>>;
}

export type TrainingOutcome = 'finished' | 'interrupted' | 'not-finite';

export interface TrainingEnd extends TrainingProgress {
  readonly outcome: TrainingOutcome;
  /** Why a run stopped that is not finite. */
  readonly reason?: string;
}

/** What an observer adds to checkpoints, so that it can go on from there. */
export interface ObserverCheckpoint {
  /** Unique among the run's observers. */
  readonly key: string;
  /** Syncs what it has written, and returns as JSON what it needs. */
  save(): unknown;
  /** @throws InvalidFileError when it cannot go on from there */
  load(state: unknown): void;
}

/**
 * Looks on at a run. Each call is awaited before the run goes on. Every `EpisodeObserver` is one: with several
 * environments their episodes are interleaved, and `source` says which one it is. An episode that was under way when a
 * run was killed goes on after a resume without an `onReset`.
 */
export interface TrainingObserver {
  onStart?(start: TrainingStart): void | Promise<void>;
  onReset?(start: EpisodeStart, source: number): void | Promise<void>;
  onStep?(transition: Transition, source: number): void | Promise<void>;
  onEnd?(summary: EpisodeSummary, source: number): void | Promise<void>;
  /** About ten times a second, by the wall clock: for people, not for files. */
  onProgress?(progress: TrainingProgress): void | Promise<void>;
  onLog?(record: LogRecord): void | Promise<void>;
  /** `record` holds the evaluation's figures by their keys. */
  onEvaluation?(evaluation: Evaluation, record: LogRecord): void | Promise<void>;
  onCheckpoint?(folder: string): void | Promise<void>;
  /** Something that a person should know. */
  onNotice?(text: string): void | Promise<void>;
  /** The run's end, also when it was interrupted, or stopped because something was not finite. */
  onFinish?(end: TrainingEnd): void | Promise<void>;
  readonly checkpoint?: ObserverCheckpoint;
}

type EventName = Exclude<keyof TrainingObserver, 'checkpoint'>;

/** Calls several observers in order. */
export class ObserverList {
  readonly observers: readonly TrainingObserver[];
  /** Those that look at each step: mostly none, and a step must cost little then. */
  readonly #stepObservers: readonly TrainingObserver[];

  constructor(observers: readonly TrainingObserver[]) {
    this.observers = observers;
    this.#stepObservers = observers.filter(({ onStep }) => onStep !== undefined);
  }

  async tell<Name extends EventName>(
    name: Name,
    ...values: Parameters<NonNullable<TrainingObserver[Name]>>
  ): Promise<void> {
    for (const observer of this.observers) {
      const listen = observer[name] as ((...values: unknown[]) => void | Promise<void>) | undefined;
      await listen?.call(observer, ...values);
    }
  }

  get watchSteps(): boolean {
    return this.#stepObservers.length > 0;
  }

  async tellStep(transition: Transition, source: number): Promise<void> {
    for (const observer of this.#stepObservers) await observer.onStep?.(transition, source);
  }
}
