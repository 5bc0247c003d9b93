import type { Clock } from '../../core/clock.ts';
import type { Evaluation } from '../evaluation.ts';
import type { TrainingEnd, TrainingObserver, TrainingProgress, TrainingStart } from '../observer.ts';

/** Between two plain lines, and between two looks at the rates. */
const PLAIN_INTERVAL_S = 10;
const RATE_INTERVAL_S = 2;
/** Goes to the line's start and clears it (ECMA-48: EL). */
const REWRITE = '\r\u001b[K';

export interface ConsoleLoggerOptions {
  /** Takes text as it is. */
  readonly write: (text: string) => void;
  /** A person looks at a terminal: the line of progress is rewritten in place. Else plain lines now and then. */
  readonly interactive: boolean;
  readonly clock: Clock;
}

interface Look {
  readonly timeMs: number;
  readonly steps: number;
  readonly updates: number;
}

/** Tells a person how a run gets on: progress, rates, time left, last returns. */
export class ConsoleLogger implements TrainingObserver {
  readonly #options: ConsoleLoggerOptions;
  /** The two last looks at the counters, from which the rates are. */
  #before: Look | undefined;
  #recent: Look | undefined;
  #nextPlainMs = 0;

  constructor(options: ConsoleLoggerOptions) {
    this.#options = options;
  }

  onStart(start: TrainingStart): void {
    this.#before = this.#look(start);
    this.#nextPlainMs = this.#before.timeMs + 1000 * PLAIN_INTERVAL_S;
    const { steps, totalTimesteps, folder, resumed } = start;
    if (resumed) this.#line(`going on after ${grouped(steps)} of ${grouped(totalTimesteps)} steps in ${folder}`);
    else this.#line(`training for ${grouped(totalTimesteps)} steps in ${folder}`);
  }

  onProgress(progress: TrainingProgress): void {
    const { interactive, write, clock } = this.#options;
    if (interactive) {
      write(`${REWRITE}${this.#text(progress)}`);
      return;
    }
    if (clock.now() < this.#nextPlainMs) return;
    this.#nextPlainMs = clock.now() + 1000 * PLAIN_INTERVAL_S;
    this.#line(this.#text(progress));
  }

  onEvaluation({ step, episodes, meanReturn, minReturn, maxReturn }: Evaluation): void {
    const spread = `${decimal(minReturn)} to ${decimal(maxReturn)}`;
    this.#line(`evaluation after ${grouped(step)} steps: ${decimal(meanReturn)} (${spread} in ${episodes} episodes)`);
  }

  onNotice(text: string): void {
    this.#line(text);
  }

  onFinish({ outcome, steps, updates, elapsedS, reason }: TrainingEnd): void {
    const how = outcome === 'not-finite' ? `stopped (${reason})` : outcome;
    this.#line(`${how} after ${grouped(steps)} steps and ${grouped(updates)} updates in ${duration(elapsedS)}`);
  }

  #text(progress: TrainingProgress): string {
    const { steps, totalTimesteps, meanReturn, evaluation } = progress;
    const rates = this.#rates(progress);
    const left = totalTimesteps - steps;
    return [
      `${grouped(steps)}/${grouped(totalTimesteps)} steps ${Math.floor((100 * steps) / totalTimesteps)}%`,
      `${rate(rates.steps)} steps/s`,
      `${rate(rates.updates)} updates/s`,
      `eta ${rates.steps > 0 ? duration(left / rates.steps) : '?'}`,
      ...(meanReturn === undefined ? [] : [`return ${decimal(meanReturn)}`]),
      ...(evaluation === undefined ? [] : [`evaluation ${decimal(evaluation.meanReturn)}`]),
    ].join(' · ');
  }

  /** Per second, over the last few seconds. */
  #rates(progress: TrainingProgress): { steps: number; updates: number } {
    const now = this.#look(progress);
    this.#before ??= now;
    this.#recent ??= now;
    if (now.timeMs - this.#recent.timeMs >= 1000 * RATE_INTERVAL_S) {
      this.#before = this.#recent;
      this.#recent = now;
    }
    const seconds = (now.timeMs - this.#before.timeMs) / 1000;
    if (seconds <= 0) return { steps: 0, updates: 0 };
    return {
      steps: (now.steps - this.#before.steps) / seconds,
      updates: (now.updates - this.#before.updates) / seconds,
    };
  }

  #look({ steps, updates }: TrainingProgress): Look {
    return { timeMs: this.#options.clock.now(), steps, updates };
  }

  #line(text: string): void {
    this.#options.write(`${this.#options.interactive ? REWRITE : ''}${text}\n`);
  }
}

const grouped = (value: number): string => value.toLocaleString('en-GB');
const decimal = (value: number): string => value.toFixed(Math.abs(value) < 10 ? 2 : 1);
const rate = (value: number): string => (value < 10 ? value.toFixed(1) : grouped(Math.round(value)));

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
