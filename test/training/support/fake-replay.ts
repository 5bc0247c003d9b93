import fs from 'node:fs';
import path from 'node:path';
import type { Batch, TransitionBatch } from '../../../src/core/batch.ts';
import type { CheckpointFolders } from '../../../src/core/checkpoint.ts';
import type { Observation } from '../../../src/core/environment.ts';
import { InvalidArgumentError } from '../../../src/core/errors.ts';
import { readJson, writeJsonAtomic } from '../../../src/core/files.ts';
import type { Transition } from '../../../src/core/observer.ts';
import type { Random } from '../../../src/core/random.ts';
import type { ReplayBuffer } from '../../../src/core/replay.ts';

const SEGMENT = 32;

interface Row {
  readonly state: readonly number[];
  readonly action: number;
  readonly reward: number;
  readonly next: readonly number[];
  readonly discount: number;
}

/** Keeps the last transitions; whole segments of them go to the shared folder, the rest to the checkpoint's own. */
export class FakeReplay implements ReplayBuffer {
  readonly capacity: number = 100;
  /** Which transitions were drawn for each batch, by their numbers in the run; `before` it, so many had been added. */
  readonly draws: { readonly rows: readonly number[]; readonly before: number }[] = [];
  readonly events: string[] | undefined;
  /** Transitions that cannot be drawn yet, as with sequences. */
  readonly delay: number;
  protected rows: Row[] = [];
  protected first = 0;

  constructor(options: { readonly events?: string[]; readonly delay?: number } = {}) {
    this.events = options.events;
    this.delay = options.delay ?? 0;
  }

  get size(): number {
    return Math.max(0, this.rows.length - this.delay);
  }

  startEpisode(_observation: Observation, source = 0): void {
    this.events?.push(`start ${source}`);
  }

  add({ observation, action, reward, nextObservation, terminated }: Transition, source = 0): void {
    this.events?.push(`add ${source}`);
    this.rows.push({
      state: [...observation.state],
      action: action[0]!,
      reward,
      next: [...nextObservation.state],
      discount: terminated ? 0 : 0.9,
    });
    if (this.rows.length <= this.capacity) return;
    this.rows.shift();
    this.first++;
  }

  sample(batch: Batch, random: Random): void {
    if (this.size === 0) throw new InvalidArgumentError('Expected something to draw, got nothing');
    const { shape, state, nextState, action, reward, discount, weight } = batch as TransitionBatch;
    const drawn = Array.from({ length: shape.size }, () => this.pick(random));
    this.events?.push('sample');
    this.draws.push({ rows: drawn.map((at) => at + this.first), before: this.first + this.rows.length });
    for (const [row, at] of drawn.entries()) {
      const found = this.rows[at]!;
      state!.set(found.state, 2 * row);
      nextState!.set(found.next, 2 * row);
      action[row] = found.action;
      reward[row] = found.reward;
      discount[row] = found.discount;
      weight[row] = 1;
    }
  }

  protected pick(random: Random): number {
    return random.below(this.size);
  }

  async saveCheckpoint({ own, shared }: CheckpointFolders): Promise<readonly string[]> {
    const names: string[] = [];
    const end = this.first + this.rows.length;
    let at = Math.ceil(this.first / SEGMENT) * SEGMENT;
    const head = this.rows.slice(0, at - this.first);
    for (; at + SEGMENT <= end; at += SEGMENT) {
      const name = `segment-${at}.json`;
      names.push(name);
      const file = path.join(shared, name);
      if (!fs.existsSync(file)) writeJsonAtomic(file, this.rows.slice(at - this.first, at - this.first + SEGMENT));
    }
    const tail = this.rows.slice(Math.max(0, at - this.first));
    writeJsonAtomic(path.join(own, 'replay.json'), { first: this.first, head, tail, names });
    return names;
  }

  async loadCheckpoint({ own, shared }: CheckpointFolders): Promise<void> {
    const saved = readJson(path.join(own, 'replay.json')) as {
      first: number;
      head: Row[];
      tail: Row[];
      names: string[];
    };
    const segments = saved.names.map((name) => readJson(path.join(shared, name)) as Row[]);
    this.rows = [...saved.head, ...segments.flat(), ...saved.tail];
    this.first = saved.first;
  }
}

/** Draws where the last error was larger. */
export class PrioritisedFakeReplay extends FakeReplay {
  #priorities: number[] = [];

  override add(transition: Transition, source = 0): void {
    super.add(transition, source);
    this.#priorities.push(1);
    if (this.#priorities.length > this.rows.length) this.#priorities.shift();
  }

  protected override pick(random: Random): number {
    let left = random.uniform() * this.#priorities.slice(0, this.size).reduce((sum, priority) => sum + priority, 0);
    const at = this.#priorities.findIndex((priority) => {
      left -= priority;
      return left < 0;
    });
    return at === -1 ? this.size - 1 : Math.min(at, this.size - 1);
  }

  updatePriorities(_batch: Batch, priorities: Float32Array): void {
    this.events?.push('priorities');
    const { rows } = this.draws.at(-1)!;
    for (const [i, row] of rows.entries()) {
      if (row >= this.first) this.#priorities[row - this.first] = priorities[i]! + 0.01;
    }
  }

  override async saveCheckpoint(folders: CheckpointFolders): Promise<readonly string[]> {
    writeJsonAtomic(path.join(folders.own, 'priorities.json'), this.#priorities);
    return super.saveCheckpoint(folders);
  }

  override async loadCheckpoint(folders: CheckpointFolders): Promise<void> {
    await super.loadCheckpoint(folders);
    this.#priorities = readJson(path.join(folders.own, 'priorities.json')) as number[];
  }
}
