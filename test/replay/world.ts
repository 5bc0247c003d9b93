import type { Batch, SequenceBatch, TransitionBatch } from '../../src/core/batch.ts';
import type { Observation } from '../../src/core/environment.ts';
import type { Transition } from '../../src/core/observer.ts';
import type { Random } from '../../src/core/random.ts';
import type { ReplayBuffer } from '../../src/core/replay.ts';
import { FrameStack } from '../../src/frames/index.ts';

export const STATE = 3;
export const ACTION = 2;
export const PIXELS = { height: 3, width: 2, channels: 2, stack: 3 } as const;
export const GAMMA = 0.9;
export const STACK_BYTES = PIXELS.height * PIXELS.width * PIXELS.channels * PIXELS.stack;

/** What a buffer should give back for one observation: pixels channels first, made the slow and obvious way. */
export interface Seen {
  readonly observation: Observation;
  readonly pixels: Uint8Array;
  /** What was seen before it in its episode. */
  readonly previous: Seen | undefined;
}

export interface Kept {
  /** Number of the transition, also its action's first entry. */
  readonly number: number;
  readonly from: Seen;
  readonly action: Float32Array;
  readonly reward: number;
  readonly terminated: boolean;
  readonly to: Seen;
  /** The next transition of the same episode. */
  next: Kept | undefined;
  readonly startsEpisode: boolean;
}

/** Several made-up environments that feed a buffer, and a naive memory of all that they did. */
export class World {
  readonly transitions: Kept[] = [];
  readonly #random: Random;
  readonly #open: ({ seen: Seen; stack: FrameStack; last: Kept | undefined } | undefined)[];
  readonly #withPixels: boolean;

  constructor(random: Random, sources: number, withPixels = true) {
    this.#random = random;
    this.#open = Array.from({ length: sources }, () => undefined);
    this.#withPixels = withPixels;
  }

  /** One random thing happens to one of the sources; the buffers are told. */
  step(buffers: readonly ReplayBuffer[], source = this.#random.below(this.#open.length)): void {
    if (this.#open[source] === undefined || this.#random.uniform() < 0.03) this.start(buffers, source);
    else {
      const end = this.#random.uniform();
      this.add(buffers, source, { terminated: end < 0.08, truncated: end > 0.05 && end < 0.13 });
    }
  }

  start(buffers: readonly ReplayBuffer[], source = 0): void {
    const stack = new FrameStack([PIXELS.height, PIXELS.width, PIXELS.channels], PIXELS.stack);
    stack.reset(this.#picture());
    const seen = this.#seen(stack, undefined);
    this.#open[source] = { seen, stack, last: undefined };
    for (const buffer of buffers) buffer.startEpisode(seen.observation, source);
  }

  add(buffers: readonly ReplayBuffer[], source = 0, ends: Partial<Transition> = {}): Kept {
    const open = this.#open[source]!;
    const { terminated = false, truncated = false, reward = this.#random.below(64) / 8 } = ends;
    open.stack.push(this.#picture());
    const to = this.#seen(open.stack, open.seen);
    const number = this.transitions.length;
    const action = Float32Array.of(number, this.#random.uniform());
    const startsEpisode = open.last === undefined;
    const kept: Kept = { number, from: open.seen, action, reward, terminated, to, next: undefined, startsEpisode };
    if (open.last !== undefined) open.last.next = kept;
    this.transitions.push(kept);
    const { observation } = open.seen;
    const transition = {
      observation,
      action,
      reward,
      terminated,
      truncated,
      nextObservation: to.observation,
      info: {},
    };
    for (const buffer of buffers) buffer.add(transition, source);
    this.#open[source] = terminated || truncated ? undefined : { seen: to, stack: open.stack, last: kept };
    return kept;
  }

  /** Observations whose pictures a buffer of this capacity needs for what it may give now, and for what may come. */
  picturesNeeded(capacity: number): number {
    const needed = new Set<Seen>();
    const needStack = (seen: Seen | undefined) => {
      for (let i = 0; i < PIXELS.stack && seen !== undefined; i++, seen = seen.previous) needed.add(seen);
    };
    for (const { from, to } of this.transitions.slice(-capacity)) {
      needStack(from);
      needStack(to);
    }
    for (const open of this.#open) if (open?.last !== undefined) needStack(open.seen);
    return needed.size;
  }

  #picture(): Uint8Array {
    const { height, width, channels } = PIXELS;
    return Uint8Array.from({ length: height * width * channels }, () => this.#random.below(256));
  }

  #seen(stack: FrameStack, previous: Seen | undefined): Seen {
    const state = Float32Array.from({ length: STATE }, () => this.#random.normal());
    const pixels = new Uint8Array(STACK_BYTES);
    stack.read(pixels);
    const observation = this.#withPixels ? { state, pixels } : { state };
    return { observation, pixels: channelsFirst(pixels), previous };
  }
}

function channelsFirst(pixels: Uint8Array): Uint8Array {
  const area = PIXELS.height * PIXELS.width;
  const depth = PIXELS.channels * PIXELS.stack;
  return pixels.map((_, i) => pixels[(i % area) * depth + Math.floor(i / area)]!);
}

/** Σ γ^i r, γ^k and the last observation, as the definition says. */
export function nStepOf(first: Kept, nSteps: number): { reward: number; discount: number; to: Seen } {
  let reward = 0;
  let discount = 1;
  let last = first;
  for (let k = 0, kept: Kept | undefined = first; k < nSteps && kept !== undefined; k++, kept = kept.next) {
    reward += GAMMA ** k * kept.reward;
    discount = kept.terminated ? 0 : GAMMA ** (k + 1);
    last = kept;
  }
  return { reward, discount, to: last.to };
}

export interface BatchOptions {
  readonly state?: boolean;
  readonly pixels?: boolean;
}

/** Full of leavings, as a learner's batch is. */
export function transitionBatch(size: number, { state = true, pixels = true }: BatchOptions = {}): TransitionBatch {
  const { height, width, channels, stack } = PIXELS;
  const states = () => new Float32Array(size * STATE).fill(Number.NaN);
  const stacks = () => new Uint8Array(size * STACK_BYTES).fill(111);
  return {
    kind: 'transitions',
    shape: {
      size,
      action: ACTION,
      ...(state ? { state: STATE } : {}),
      ...(pixels ? { pixels: [height, width, channels * stack] as const } : {}),
    },
    ...(state ? { state: states(), nextState: states() } : {}),
    ...(pixels ? { pixels: stacks(), nextPixels: stacks() } : {}),
    action: new Float32Array(size * ACTION).fill(Number.NaN),
    reward: new Float32Array(size).fill(Number.NaN),
    discount: new Float32Array(size).fill(Number.NaN),
    weight: new Float32Array(size).fill(Number.NaN),
  };
}

export function sequenceBatch(
  size: number,
  length: number,
  { state = true, pixels = true }: BatchOptions = {},
): SequenceBatch {
  const { height, width, channels, stack } = PIXELS;
  const steps = () => new Float32Array(size * length).fill(Number.NaN);
  return {
    kind: 'sequences',
    shape: {
      size,
      sequenceLength: length,
      action: ACTION,
      ...(state ? { state: STATE } : {}),
      ...(pixels ? { pixels: [height, width, channels * stack] as const } : {}),
    },
    ...(state ? { state: new Float32Array((length + 1) * size * STATE).fill(Number.NaN) } : {}),
    ...(pixels ? { pixels: new Uint8Array((length + 1) * size * STACK_BYTES).fill(111) } : {}),
    action: new Float32Array(length * size * ACTION).fill(Number.NaN),
    reward: steps(),
    discount: steps(),
    mask: steps(),
  };
}

/** Row `row` of an array of rows of `width` entries. */
export function rowOf<Values extends Float32Array | Uint8Array>(
  values: Values | undefined,
  row: number,
  width: number,
) {
  return values?.slice(row * width, (row + 1) * width);
}

/** All arrays of a batch, to compare two. */
export function arraysOf(batch: Batch): unknown {
  return structuredClone({ ...batch });
}
