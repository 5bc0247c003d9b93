import fs from 'node:fs';
import type { Curve } from '../../dashboard/index.ts';

/** Points of a curve at most; of a longer run every second, fourth, … one is kept. */
const MOST_POINTS = 400;
/** Read at once, bytes; a longer file is read at the next look. */
const LARGEST_READ = 4 * 1024 * 1024;

interface Point {
  readonly step: number;
  readonly training: number | null;
  readonly evaluation: number | null;
}

/** Follows a run's `progress.jsonl` while it grows. */
export class CurveFile {
  readonly #run: string;
  readonly #path: string;
  #offset = 0;
  #rest = '';
  #points: Point[] = [];
  /** Of so many points one is kept. */
  #stride = 1;
  #skipped = 0;

  constructor(run: string, path: string) {
    this.#run = run;
    this.#path = path;
  }

  get curve(): Curve {
    return {
      run: this.#run,
      steps: this.#points.map(({ step }) => step),
      training: this.#points.map(({ training }) => training),
      evaluation: this.#points.map(({ evaluation }) => evaluation),
    };
  }

  /** Reads on. @returns whether there was something new */
  read(): boolean {
    let size: number;
    let descriptor: number;
    try {
      size = fs.statSync(this.#path).size;
      if (size === this.#offset) return false;
      descriptor = fs.openSync(this.#path, 'r');
    } catch {
      return false; // Not written yet, or gone with its run: there is no curve then.
    }
    try {
      // A run that was resumed has cut its file.
      if (size < this.#offset) this.#begin();
      const bytes = Buffer.alloc(Math.min(size - this.#offset, LARGEST_READ));
      const length = fs.readSync(descriptor, bytes, 0, bytes.length, this.#offset);
      this.#offset += length;
      const lines = (this.#rest + bytes.toString('utf8', 0, length)).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#add(line);
    } finally {
      fs.closeSync(descriptor);
    }
    return true;
  }

  #begin(): void {
    this.#offset = 0;
    this.#rest = '';
    this.#points = [];
    this.#stride = 1;
    this.#skipped = 0;
  }

  #add(line: string): void {
    const point = pointOf(line);
    if (point === undefined) return;
    // Evaluations are few, and are all kept as long as they fit.
    if (point.evaluation === null && ++this.#skipped % this.#stride !== 0) return;
    this.#points.push(point);
    if (this.#points.length <= MOST_POINTS) return;
    this.#stride *= 2;
    this.#points = this.#points.filter((_, index) => index % 2 === 1);
  }
}

function pointOf(line: string): Point | undefined {
  let record: Record<string, unknown>;
  try {
    record = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined; // A foreign line; the others still make a curve.
  }
  const number = (key: string) => (typeof record?.[key] === 'number' ? (record[key] as number) : null);
  const step = number('step');
  const [training, evaluation] = [number('rollout/ep_rew_mean'), number('eval/mean_reward')];
  if (step === null || (training === null && evaluation === null)) return undefined;
  return { step, training, evaluation };
}
