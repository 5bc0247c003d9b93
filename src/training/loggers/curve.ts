import type { Evaluation } from '../evaluation.ts';
import type { ObserverCheckpoint, TrainingObserver } from '../observer.ts';
import type { TrainingStatistics } from '../statistics.ts';
import { LogFile } from './log-file.ts';

const COLUMNS = ['step', 'updates', 'evaluation_mean', 'evaluation_min', 'evaluation_max', 'training_return'] as const;
/** Enough for a curve, and short. */
const DIGITS = 6;

/**
 * A run's learning curve as a small file, one line for each evaluation: returns of the evaluation's episodes, and the mean
 * return of the last 100 training episodes (empty before the first one). Numbers have six significant digits.
 */
export class CurveLogger implements TrainingObserver {
  readonly checkpoint: ObserverCheckpoint;
  readonly #file: LogFile;
  readonly #statistics: TrainingStatistics;

  constructor(path: string, statistics: TrainingStatistics) {
    this.#file = new LogFile(path);
    this.#statistics = statistics;
    this.checkpoint = this.#file.checkpoint('curve');
  }

  onStart(): void {
    this.#file.open(() => `${COLUMNS.join(',')}\n`);
  }

  onEvaluation({ step, updates, meanReturn, minReturn, maxReturn }: Evaluation): void {
    const training = this.#statistics.meanReturn;
    const figures = [meanReturn, minReturn, maxReturn].map(short);
    this.#file.append(`${[step, updates, ...figures, training === undefined ? '' : short(training)].join(',')}\n`);
  }

  close(): void {
    this.#file.close();
  }
}

const short = (value: number): string => String(Number(value.toPrecision(DIGITS)));
