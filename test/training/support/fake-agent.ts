import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Agent, LearnResult } from '../../../src/core/agent.ts';
import type { Batch, TransitionBatch } from '../../../src/core/batch.ts';
import type { CheckpointFolders } from '../../../src/core/checkpoint.ts';
import type { Observation } from '../../../src/core/environment.ts';
import { InvalidFileError, NotFiniteError } from '../../../src/core/errors.ts';
import { readJson, writeJsonAtomic } from '../../../src/core/files.ts';
import type { Policy } from '../../../src/core/policy.ts';
import { Random, type RandomState } from '../../../src/core/random.ts';

const BATCH = 4;

interface Saved {
  readonly weights: readonly number[];
  readonly hidden: readonly number[];
  readonly noise: RandomState;
  readonly updates: number;
}

/** Two weights, a memory of past states for each source, noise: everything that a real agent has to keep. */
export class FakeAgent implements Agent {
  readonly name = 'fake';
  updates = 0;
  /** What happened, in order, for those who want to know. */
  readonly events: string[] = [];
  /** The update that fails, counted from 1; -1: none. */
  failAt = -1;
  /** Turns of the event loop that an update takes. */
  turns = 1;
  readonly #weights = Float32Array.of(0.1, -0.2);
  readonly #hidden: number[] = [];
  readonly #noise: Random;
  #isLearning = false;

  constructor(seed = 0) {
    this.#noise = new Random(seed).stream('noise');
  }

  get weights(): readonly number[] {
    return [...this.#weights];
  }

  createBatch(): Batch {
    return {
      kind: 'transitions',
      shape: { size: BATCH, state: 2, action: 1 },
      state: new Float32Array(BATCH * 2),
      nextState: new Float32Array(BATCH * 2),
      action: new Float32Array(BATCH),
      reward: new Float32Array(BATCH),
      discount: new Float32Array(BATCH),
      weight: new Float32Array(BATCH),
    };
  }

  reset(source = 0): void {
    if (this.#isLearning) throw new Error('Expected no reset during an update');
    this.events.push(`reset ${source}`);
    this.#hidden[source] = 0;
  }

  act({ state }: Observation, { explore = false, source = 0 } = {}): Float32Array {
    if (this.#isLearning) throw new Error('Expected no action during an update');
    this.events.push(`act ${source}`);
    this.#hidden[source] = 0.9 * (this.#hidden[source] ?? 0) + state[0]! - 0.5;
    const noise = explore ? 0.1 * this.#noise.normal() : 0;
    return Float32Array.of(Math.tanh(this.#value(state) + 0.1 * this.#hidden[source]! + noise));
  }

  /** An acting half of its own over the live weights. */
  policy(): Policy {
    let hidden = 0;
    return {
      name: 'fake',
      reset: () => {
        hidden = 0;
      },
      act: ({ state }) => {
        if (this.#isLearning) throw new Error('Expected no action during an update');
        hidden = 0.9 * hidden + state[0]! - 0.5;
        return Float32Array.of(Math.tanh(this.#value(state) + 0.1 * hidden));
      },
    };
  }

  async learn(batch: Batch): Promise<LearnResult> {
    if (this.#isLearning) throw new Error('Expected no update during another one');
    this.#isLearning = true;
    this.events.push(`learn ${this.updates + 1}`);
    try {
      for (let turn = 0; turn < this.turns; turn++) await nextTurn();
      if (this.updates + 1 === this.failAt) throw new NotFiniteError('Expected a finite critic_loss, got NaN');
      return this.#learn(batch as TransitionBatch);
    } finally {
      this.#isLearning = false;
    }
  }

  #learn({ state, nextState, action, reward, discount, weight }: TransitionBatch): LearnResult {
    const errors = new Float32Array(BATCH);
    for (let row = 0; row < BATCH; row++) {
      const here = state!.subarray(2 * row, 2 * row + 2);
      const target = reward[row]! + discount[row]! * this.#value(nextState!.subarray(2 * row, 2 * row + 2));
      errors[row] = target - this.#value(here) - 0.1 * action[row]!;
      for (let i = 0; i < 2; i++) this.#weights[i]! += 0.01 * weight[row]! * errors[row]! * here[i]!;
    }
    this.updates++;
    this.events.push(`learnt ${this.updates}`);
    const loss = errors.reduce((sum, error) => sum + error ** 2, 0);
    const actor = this.updates % 2 === 0 ? { actor_loss: this.#weights[0]! } : {};
    return { metrics: { critic_loss: loss, ...actor }, priorities: errors.map(Math.abs) };
  }

  #value(state: Float32Array): number {
    return this.#weights[0]! * state[0]! + this.#weights[1]! * state[1]!;
  }

  async save(folder: string): Promise<void> {
    fs.mkdirSync(folder, { recursive: true });
    writeJsonAtomic(path.join(folder, 'weights.json'), { weights: this.weights, updates: this.updates });
  }

  async saveCheckpoint({ own }: CheckpointFolders): Promise<readonly string[]> {
    const saved: Saved = {
      weights: this.weights,
      hidden: [...this.#hidden],
      noise: this.#noise.state,
      updates: this.updates,
    };
    writeJsonAtomic(path.join(own, 'agent.json'), saved);
    return [];
  }

  async loadCheckpoint({ own }: CheckpointFolders): Promise<void> {
    const saved = readJson(path.join(own, 'agent.json')) as Saved;
    if (saved.weights?.length !== 2) throw new InvalidFileError(`Expected two weights in ${own}`);
    this.#weights.set(saved.weights);
    this.#hidden.splice(0, this.#hidden.length, ...saved.hidden);
    this.#noise.state = saved.noise;
    this.updates = saved.updates;
  }

  async dispose(): Promise<void> {}
}
