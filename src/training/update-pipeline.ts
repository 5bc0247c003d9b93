import type { Agent, LearnMetrics } from '../core/agent.ts';
import type { Batch } from '../core/batch.ts';
import type { Random, RandomState } from '../core/random.ts';
import type { ReplayBuffer } from '../core/replay.ts';

export interface UpdatePipelineParts {
  readonly agent: Agent;
  readonly replay: ReplayBuffer;
  /** The stream that batches are drawn with. */
  readonly random: Random;
  /** Told after each update. */
  readonly onUpdate: (metrics: LearnMetrics) => void;
}

/** Updates under way. */
export interface RunningUpdates {
  /** The last one has started: nothing is drawn for them any more, and the replay buffer may be added to. */
  readonly lastStarted: Promise<void>;
  /** All are done. Rejects with the first error, when none is running any more. */
  readonly done: Promise<void>;
}

/**
 * Learns from one batch while the next one is drawn into the other. What a batch may hold is fixed, not a race: the batch
 * of an update is drawn while the update before it runs, from everything that is in the buffer then.
 *
 * A prioritised buffer (one with `updatePriorities`) is drawn from only after the update before it has given its
 * priorities: a drawn batch that waits could not be drawn again as it was when a run is resumed.
 */
export class UpdatePipeline {
  readonly #parts: UpdatePipelineParts;
  readonly #drawsAhead: boolean;
  #next: Batch;
  #other: Batch;
  /** The stream's state before the waiting batch was drawn; undefined: none waits. */
  #drawnFrom: RandomState | undefined;

  constructor(parts: UpdatePipelineParts) {
    this.#parts = parts;
    this.#drawsAhead = parts.replay.updatePriorities === undefined;
    this.#next = parts.agent.createBatch();
    this.#other = parts.agent.createBatch();
  }

  /** Draws the batch of the next update now, if it may be drawn ahead. */
  prepare(): void {
    if (this.#drawsAhead) this.#draw();
  }

  /** Starts updates one after the other. The first one has begun when this returns. */
  start(count: number): RunningUpdates {
    let markStarted: () => void = () => {};
    const lastStarted = new Promise<void>((resolve) => {
      markStarted = resolve;
    });
    const done = this.#run(count, markStarted);
    done.catch(markStarted);
    return { lastStarted, done };
  }

  /** Between rounds: the stream as it was before the waiting batch was drawn, since that one is drawn again. */
  get samplingState(): RandomState {
    return this.#drawnFrom ?? this.#parts.random.state;
  }

  /** The buffer must be as it was when the state was taken. */
  set samplingState(state: RandomState) {
    this.#parts.random.state = state;
    this.#drawnFrom = undefined;
  }

  #draw(): void {
    if (this.#drawnFrom !== undefined) return;
    const { replay, random } = this.#parts;
    const before = random.state;
    replay.sample(this.#next, random);
    this.#drawnFrom = before;
  }

  async #run(count: number, markStarted: () => void): Promise<void> {
    const { agent, replay, onUpdate } = this.#parts;
    for (let left = count; left > 0; left--) {
      this.#draw();
      const batch = this.#next;
      this.#next = this.#other;
      this.#other = batch;
      this.#drawnFrom = undefined;
      const learning = agent.learn(batch);
      if (left === 1) markStarted();
      else await this.#prepareBeside(learning);
      const { metrics, priorities } = await learning;
      if (priorities !== undefined) replay.updatePriorities?.(batch, priorities);
      onUpdate(metrics);
    }
  }

  /** An update that runs is never left alone: when drawing fails, it is waited for first. */
  async #prepareBeside(learning: Promise<unknown>): Promise<void> {
    try {
      this.prepare();
    } catch (error) {
      await Promise.allSettled([learning]);
      throw error;
    }
  }
}
