import type { Observation, ObservationSpace, Transition } from '../../core/index.ts';
import { FrameStack } from '../../frames/index.ts';
import type { Chunk, ChunkContent } from './chunk.ts';

/** Where a chunk comes from. */
export interface ChunkPlace {
  /** Number of the chunk in its stream, from 0. */
  readonly index: number;
  readonly folder: string;
  readonly track: string;
  readonly driver: string;
}

/**
 * Consecutive transitions of a recorded episode, in the learner's spaces: what a replay buffer takes as an episode. Its
 * last transition is terminated where the task ended there, else truncated.
 *
 * A chunk from within an episode begins with its first picture in all places of the stack, as an episode does: what was
 * seen before is not in it.
 */
export class LoadedChunk {
  readonly place: ChunkPlace;
  readonly chunk: Chunk;
  readonly #content: ChunkContent;
  readonly #space: ObservationSpace;
  readonly #stack: number;

  /** @param stack pictures in an observation's stack */
  constructor(place: ChunkPlace, chunk: Chunk, content: ChunkContent, space: ObservationSpace, stack: number) {
    this.place = place;
    this.chunk = chunk;
    this.#content = content;
    this.#space = space;
    this.#stack = stack;
  }

  /** Transitions in it. */
  get length(): number {
    return this.chunk.transitions;
  }

  /** What the chunk begins with; fresh arrays. */
  get start(): Observation {
    return this.#observer()(0);
  }

  /** The transitions in order. Each observation is the one that the transition before led to; arrays are fresh. */
  *transitions(): Generator<Transition> {
    const { actions, rewards } = this.#content;
    const { transitions: count, terminated, episode, phase, from } = this.chunk;
    const size = actions.length / count;
    const observe = this.#observer();
    const { folder, track, driver } = this.place;
    let observation = observe(0);
    for (let step = 0; step < count; step++) {
      const nextObservation = observe(step + 1);
      const isLast = step === count - 1;
      yield {
        observation,
        action: actions.slice(step * size, (step + 1) * size),
        reward: rewards[step]!,
        terminated: isLast && terminated,
        truncated: isLast && !terminated,
        nextObservation,
        info: { folder, track, driver, episode, phase, step: from + step },
      };
      observation = nextObservation;
    }
  }

  /** Makes observations, to be asked for in order from 0. */
  #observer(): (index: number) => Observation {
    const { states, pictures } = this.#content;
    const stateSize = this.#space.state.shape[0]!;
    const stateAt = (index: number): Float32Array => states.slice(index * stateSize, (index + 1) * stateSize);
    const shape = this.#space.pixels?.shape;
    if (pictures === undefined || shape === undefined) return (index) => ({ state: stateAt(index) });
    const [height = 0, width = 0, depth = 0] = shape;
    const stack = new FrameStack([height, width, depth / this.#stack], this.#stack);
    const size = (height * width * depth) / this.#stack;
    return (index) => {
      const picture = pictures.subarray(index * size, (index + 1) * size);
      if (index === 0) {
        stack.next.set(picture);
        stack.reset(stack.next);
      } else stack.push(picture);
      const pixels = new Uint8Array(size * this.#stack);
      stack.read(pixels);
      return { state: stateAt(index), pixels };
    };
  }
}
