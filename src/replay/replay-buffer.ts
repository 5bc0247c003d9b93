import type { Batch, SequenceBatch, TransitionBatch } from '../core/batch.ts';
import type { CheckpointFolders } from '../core/checkpoint.ts';
import type { Observation } from '../core/environment.ts';
import { InvalidArgumentError } from '../core/errors.ts';
import type { Transition } from '../core/observer.ts';
import type { Random } from '../core/random.ts';
import type { ReplayBuffer } from '../core/replay.ts';
import { checkBatch, requireLength } from './checks.ts';
import { layoutOf } from './layout.ts';
import { loadBuffer } from './load.ts';
import type { CheckedOptions } from './options.ts';
import { Priorities } from './priorities.ts';
import { RowReader } from './row-reader.ts';
import { saveBuffer } from './save.ts';
import { drawSequenceStart, writeSequence } from './sequences.ts';
import { TransitionStore } from './transition-store.ts';
import { writeTransition } from './transitions.ts';

export interface ReplayMemory {
  /** All memory outside the JavaScript heap. */
  readonly bytes: number;
  /** The part of it that pictures take, used or not yet. */
  readonly pictureBytes: number;
  /** Pictures that are kept: one for each observation that some transition needs. */
  readonly pictures: number;
}

/** Made by {@link createReplayBuffer}, which says what it does. */
export class RingReplayBuffer implements ReplayBuffer {
  /**
   * Prioritised buffers only: new priorities |δ| of the rows of a batch that `sample` filled last; rows of demonstrations,
   * and of transitions that have made room meanwhile, are skipped.
   *
   * @throws InvalidArgumentError for another length, or a batch that was not filled since this buffer was made or loaded
   * @throws NotFiniteError when one is not finite; nothing was changed
   */
  readonly updatePriorities?: (batch: Batch, priorities: Float32Array) => void;
  readonly #options: CheckedOptions;
  readonly #demonstrations: { readonly buffer: RingReplayBuffer; readonly share: number } | undefined;
  #store: TransitionStore;
  #reader: RowReader;
  #priorities: Priorities | undefined;
  /** Numbers of the transitions that fill a batch's first rows, for their new priorities. */
  #drawn = new WeakMap<Batch, Float64Array>();
  #saving = false;

  constructor(options: CheckedOptions, demonstrations?: { buffer: RingReplayBuffer; share: number }) {
    this.#options = options;
    this.#demonstrations = demonstrations;
    this.#store = new TransitionStore(layoutOf(options));
    this.#reader = new RowReader(this.#store.log);
    this.#priorities = this.#newPriorities();
    if (this.#priorities !== undefined) this.updatePriorities = (batch, priorities) => this.#rank(batch, priorities);
    if (demonstrations !== undefined) requireEqual(options, demonstrations.buffer.#options);
  }

  get size(): number {
    return this.#store.size;
  }

  get capacity(): number {
    return this.#options.capacity;
  }

  get memory(): ReplayMemory {
    const { bytes, pictureBytes, liveRows } = this.#store.log;
    return { bytes, pictureBytes, pictures: this.#options.pixels === undefined ? 0 : liveRows };
  }

  /**
   * An episode starts. One of that source that did not end is taken as truncated at its last observation.
   *
   * @throws InvalidArgumentError when an array has another size, or the stack is not the first picture throughout
   * @throws NotFiniteError when the state is not finite
   */
  startEpisode(observation: Observation, source = 0): void {
    this.#refuseWhileSaving();
    this.#store.start(source, observation);
  }

  /**
   * The next step of that source's episode. Its last observation must be this one's `observation`: each is kept once.
   *
   * @throws InvalidArgumentError for a wrong size, an episode that did not start, a step that does not go on where the
   *   last one ended
   * @throws NotFiniteError when reward, action or state is not finite. Whatever is thrown, nothing was added
   */
  add(transition: Transition, source = 0): void {
    this.#refuseWhileSaving();
    const number = this.#store.add(source, transition);
    this.#priorities?.add(number);
  }

  sample(batch: Batch, random: Random): void {
    this.#refuseWhileSaving();
    const size = checkBatch(batch, this.#store.layout);
    const demonstrations = this.#demonstrations?.buffer;
    const demonstrated = Math.round(size * (this.#demonstrations?.share ?? 0));
    const own = size - demonstrated;
    if (batch.kind === 'sequences') this.#checkSequences(batch);
    if (own > 0) requireContent(this, 'the replay buffer');
    if (demonstrations !== undefined && demonstrated > 0)
      requireContent(demonstrations, 'the buffer of demonstrations');
    if (this.#priorities !== undefined && batch.kind === 'transitions') {
      this.#samplePrioritized(batch, own, this.#priorities, random);
    } else this.#sampleUniformly(batch, 0, own, random);
    if (demonstrations !== undefined) demonstrations.#sampleUniformly(batch, own, size, random);
  }

  #rank(batch: Batch, priorities: Float32Array): void {
    this.#refuseWhileSaving();
    requireLength('priorities', priorities.length, batch.shape.size);
    const drawn = this.#drawn.get(batch);
    if (drawn === undefined) {
      throw new InvalidArgumentError(
        'Expected a batch that `sample` filled since the buffer was loaded, got another one',
      );
    }
    this.#priorities!.update(drawn, priorities, this.#store.oldest);
  }

  /**
   * Only what came since the last checkpoint is written, and the segment that is being filled; the event loop turns after
   * each file. Until it is done only `size` and the like may be used. The demonstrations are not saved; their number is.
   */
  async saveCheckpoint(folders: CheckpointFolders): Promise<readonly string[]> {
    this.#refuseWhileSaving();
    this.#saving = true;
    try {
      const state = this.#priorities?.state;
      const alpha = this.#options.prioritized?.alpha ?? 0;
      return await saveBuffer(
        {
          store: this.#store,
          priorities: state === undefined ? undefined : { ...state, alpha },
          demonstrations: this.#demonstrations?.buffer.size,
        },
        folders,
      );
    } finally {
      this.#saving = false;
    }
  }

  /**
   * Takes up a checkpoint of a buffer of equal sizes, sources and α; `gamma`, `nSteps`, `burnIn` and β may be others. The
   * demonstrations must be there already, as many as there were. Batches drawn before have no priorities to be set any more.
   *
   * @throws InvalidFileError when a file is missing, damaged, or of other sizes; nothing is changed then
   */
  async loadCheckpoint(folders: CheckpointFolders): Promise<void> {
    this.#refuseWhileSaving();
    const { store, priorities } = await loadBuffer(folders, {
      layout: this.#store.layout,
      alpha: this.#options.prioritized?.alpha,
      demonstrations: this.#demonstrations?.buffer.size,
    });
    this.#store = store;
    this.#reader = new RowReader(store.log);
    this.#priorities = this.#newPriorities();
    if (this.#priorities !== undefined && priorities !== undefined) this.#priorities.state = priorities;
    this.#drawn = new WeakMap();
  }

  #newPriorities(): Priorities | undefined {
    const { prioritized, capacity } = this.#options;
    return prioritized === undefined ? undefined : new Priorities(prioritized, capacity);
  }

  #samplePrioritized(batch: TransitionBatch, count: number, priorities: Priorities, random: Random): void {
    let drawn = this.#drawn.get(batch);
    if (drawn === undefined) {
      drawn = new Float64Array(count);
      this.#drawn.set(batch, drawn);
    }
    priorities.draw(batch, this.#store.oldest, this.#store.size, random, drawn);
    for (let row = 0; row < count; row++) {
      writeTransition(batch, row, this.#store, this.#reader, drawn[row]!, this.#options);
    }
  }

  #sampleUniformly(batch: Batch, from: number, to: number, random: Random): void {
    for (let row = from; row < to; row++) {
      if (batch.kind === 'sequences') {
        const start = drawSequenceStart(this.#store, this.#options.burnIn, random);
        writeSequence(batch, row, this.#store, this.#reader, start, this.#options);
      } else {
        const transition = this.#store.oldest + random.below(this.#store.size);
        writeTransition(batch, row, this.#store, this.#reader, transition, this.#options);
        batch.weight[row] = 1;
      }
    }
  }

  #checkSequences(batch: SequenceBatch): void {
    const { burnIn, nSteps } = this.#options;
    if (this.#priorities !== undefined || nSteps !== 1) {
      throw new InvalidArgumentError(
        'Expected a batch of transitions, as prioritised replay and `nSteps` above 1 know no others, got one of sequences; ' +
          'leave the option out',
      );
    }
    const { sequenceLength } = batch.shape;
    if (sequenceLength > burnIn) return;
    throw new InvalidArgumentError(
      `Expected \`shape.sequenceLength\` to be more than \`burnIn\` (${burnIn}), got ${sequenceLength}`,
    );
  }

  #refuseWhileSaving(): void {
    if (!this.#saving) return;
    throw new InvalidArgumentError('Expected nothing to be done with a replay buffer while its checkpoint is saved');
  }
}

function requireContent(buffer: ReplayBuffer, name: string): void {
  if (buffer.size > 0) return;
  throw new InvalidArgumentError(`Expected a transition in ${name} to draw, got none; add some first`);
}

function requireEqual(own: CheckedOptions, other: CheckedOptions): void {
  for (const name of ['state', 'action', 'pixels', 'gamma', 'nSteps', 'burnIn'] as const) {
    const [expected, actual] = [JSON.stringify(own[name]), JSON.stringify(other[name])];
    if (expected === actual) continue;
    throw new InvalidArgumentError(
      `Expected the buffer of demonstrations to have \`${name}\` ${expected ?? 'left out'}, got ${actual ?? 'none'}`,
    );
  }
}
