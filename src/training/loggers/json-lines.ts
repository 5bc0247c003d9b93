import type { Evaluation } from '../evaluation.ts';
import type { LogRecord, ObserverCheckpoint, TrainingObserver } from '../observer.ts';
import { LogFile } from './log-file.ts';

/** Writes each log record and each evaluation as one line of JSON: `step`, and the figures by their keys. */
export class JsonLinesLogger implements TrainingObserver {
  readonly checkpoint: ObserverCheckpoint;
  readonly #file: LogFile;

  constructor(path: string) {
    this.#file = new LogFile(path);
    this.checkpoint = this.#file.checkpoint('json-lines');
  }

  onStart(): void {
    this.#file.open();
  }

  onLog({ steps, values }: LogRecord): void {
    this.#file.append(`${JSON.stringify({ step: steps, ...values })}\n`);
  }

  onEvaluation(_evaluation: Evaluation, record: LogRecord): void {
    this.onLog(record);
  }

  close(): void {
    this.#file.close();
  }
}
