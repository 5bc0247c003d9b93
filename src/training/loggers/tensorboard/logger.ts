import type { Clock } from '../../../core/clock.ts';
import type { Evaluation } from '../../evaluation.ts';
import type { LogRecord, ObserverCheckpoint, TrainingObserver } from '../../observer.ts';
import { LogFile } from '../log-file.ts';
import { scalarsEvent, versionEvent } from './event.ts';
import { frameRecord } from './record.ts';

/** Writes the figures as scalars that TensorBoard shows, under the same keys. */
export class TensorBoardLogger implements TrainingObserver {
  readonly checkpoint: ObserverCheckpoint;
  readonly #file: LogFile;
  readonly #clock: Clock;

  /** @param path its name must hold `tfevents`: that is what TensorBoard looks for */
  constructor(path: string, clock: Clock) {
    this.#file = new LogFile(path);
    this.#clock = clock;
    this.checkpoint = this.#file.checkpoint('tensorboard');
  }

  onStart(): void {
    this.#file.open(() => frameRecord(versionEvent(this.#wallTimeS())));
  }

  onLog({ steps, values }: LogRecord): void {
    this.#file.append(frameRecord(scalarsEvent(this.#wallTimeS(), steps, values)));
  }

  onEvaluation(_evaluation: Evaluation, record: LogRecord): void {
    this.onLog(record);
  }

  close(): void {
    this.#file.close();
  }

  #wallTimeS(): number {
    return this.#clock.date().getTime() / 1000;
  }
}
