import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Batch, SequenceBatch, TransitionBatch } from '../../core/batch.ts';
import type { Observation } from '../../core/environment.ts';
import { Random } from '../../core/random.ts';
import { createReplayBuffer, type ReplayBufferOptions, type RingReplayBuffer } from '../../replay/index.ts';

export interface BenchReplayOptions {
  /** Takes one line of text at a time. */
  readonly log: (line: string) => void;
  /** Transitions in the buffers. Default 100,000: with pictures 1.2 GB of memory and, for a while, of disk. */
  readonly capacity?: number;
  /** Where the checkpoints are written for a while. Default: the system's folder for temporary files. */
  readonly folder?: string;
}

export interface BenchReplayResult {
  /** Median time to fill one batch, ms, by what it holds. */
  readonly sampleMs: Readonly<Record<string, number>>;
  readonly addsPerS: { readonly pixels: number; readonly state: number };
  /** Bytes of all memory outside the JavaScript heap, over those of the pictures of the full buffer alone. */
  readonly bytesRatio: number;
  readonly pictures: number;
  readonly checkpoint: {
    /** All of the full buffer. */
    readonly fullS: number;
    /** After a hundredth of it was replaced. */
    readonly incrementalS: number;
    readonly loadS: number;
  };
}

const PIXELS = { height: 64, width: 64, channels: 3, stack: 3 } as const;
const PICTURE_BYTES = PIXELS.height * PIXELS.width * PIXELS.channels;
const STATE = 29;
const ACTION = 2;
const BATCH = 64;
const SEQUENCES = 16;
const SEQUENCE_LENGTH = 32;
const EPISODE_STEPS = 500;
const DRAWS = 400;

/** Measures replay buffers, with pictures of 64×64×3 in stacks of 3 and with 29 numbers, on one core. */
export async function benchReplay(options: BenchReplayOptions): Promise<BenchReplayResult> {
  const { log, capacity = 100_000, folder = os.tmpdir() } = options;
  const sampleMs: Record<string, number> = {};
  const shape = { capacity, state: STATE, action: ACTION, gamma: 0.99 };
  const measure = (label: string, buffer: RingReplayBuffer, batch: Batch, after: () => void = () => {}) => {
    sampleMs[label] = medianSampleMs(buffer, batch, after);
    log(`batch of ${label.padEnd(50)}${sampleMs[label].toFixed(4)} ms`);
  };

  const outside = process.memoryUsage().arrayBuffers;
  const buffer = createReplayBuffer({ ...shape, pixels: PIXELS });
  const pixelAddsPerS = fill(buffer, capacity + capacity / 10, PIXELS);
  const { pictures, bytes } = buffer.memory;
  const bytesRatio = bytes / (pictures * PICTURE_BYTES);
  const measuredRatio = (process.memoryUsage().arrayBuffers - outside) / (pictures * PICTURE_BYTES);
  measure('64 transitions, 2 x 64x64x9', buffer, transitionBatch({ pixels: true, state: false }));
  measure('64 transitions, 2 x 64x64x9 and state', buffer, transitionBatch({ pixels: true, state: true }));
  measure('16 sequences of 32, 33 x 64x64x9', buffer, sequenceBatch(true));

  const low = createReplayBuffer(shape);
  const stateAddsPerS = fill(low, 3 * capacity);
  const lowBatch = transitionBatch({ pixels: false, state: true });
  measure('64 transitions, state', low, lowBatch);
  measure('16 sequences of 32, state', low, sequenceBatch(false));
  const threeSteps = createReplayBuffer({ ...shape, nSteps: 3 });
  fill(threeSteps, 2 * capacity);
  measure('64 transitions of 3 steps, state', threeSteps, lowBatch);
  const ranked = createReplayBuffer({ ...shape, prioritized: {} });
  fill(ranked, capacity);
  const priorities = new Float32Array(BATCH).fill(0.5);
  measure('64 by priority, new priorities set, state', ranked, lowBatch, () =>
    ranked.updatePriorities?.(lowBatch, priorities),
  );
  log(
    `transitions added            ${pixelAddsPerS.toFixed(0)}/s with pixels, ${stateAddsPerS.toFixed(0)}/s with state`,
  );
  log(
    `${pictures} pictures               ${bytesRatio.toFixed(4)} x their raw bytes in all (${measuredRatio.toFixed(4)} by the process)`,
  );
  const checkpoint = await measureCheckpoints(buffer, { ...shape, pixels: PIXELS }, folder);
  log(
    `checkpoint                   ${checkpoint.fullS.toFixed(2)} s the first, ${checkpoint.incrementalS.toFixed(2)} s after ` +
      `${Math.round(capacity / 100)} more steps, loaded in ${checkpoint.loadS.toFixed(2)} s`,
  );
  const addsPerS = { pixels: pixelAddsPerS, state: stateAddsPerS };
  return { sampleMs, addsPerS, bytesRatio, pictures, checkpoint };
}

/** Adds transitions, in episodes; returns how many a second. */
function fill(buffer: RingReplayBuffer, count: number, pixels?: typeof PIXELS): number {
  const observation: Observation = {
    state: Float32Array.from({ length: STATE }, (_, i) => i / STATE),
    ...(pixels === undefined ? {} : { pixels: new Uint8Array(PICTURE_BYTES * pixels.stack).fill(7) }),
  };
  const action = new Float32Array(ACTION);
  const step = { observation, action, reward: 1, terminated: false, nextObservation: observation, info: {} };
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    if (i % EPISODE_STEPS === 0) buffer.startEpisode(observation);
    // Pictures of a real run differ, and so must their bytes on the disk.
    if (observation.pixels !== undefined) observation.pixels[8] = i & 255;
    buffer.add({ ...step, truncated: i % EPISODE_STEPS === EPISODE_STEPS - 1 });
    if (observation.pixels !== undefined) observation.pixels[8] = 7;
  }
  return (1000 * count) / (performance.now() - start);
}

function medianSampleMs(buffer: RingReplayBuffer, batch: Batch, after: () => void): number {
  const random = new Random(1);
  const times = Array.from({ length: 2 * DRAWS }, () => {
    const start = performance.now();
    buffer.sample(batch, random);
    after();
    return performance.now() - start;
  }).slice(DRAWS);
  return times.sort((a, b) => a - b)[DRAWS >> 1]!;
}

async function measureCheckpoints(buffer: RingReplayBuffer, options: ReplayBufferOptions, parent: string) {
  const folder = fs.mkdtempSync(path.join(parent, 'torcs-pilot-bench-'));
  try {
    const foldersOf = (name: string) => ({ own: path.join(folder, name), shared: path.join(folder, 'shared') });
    const fullS = await seconds(() => buffer.saveCheckpoint(foldersOf('first')));
    fill(buffer, Math.round(options.capacity / 100), PIXELS);
    const incrementalS = await seconds(() => buffer.saveCheckpoint(foldersOf('second')));
    const loaded = createReplayBuffer(options);
    const loadS = await seconds(() => loaded.loadCheckpoint(foldersOf('second')));
    return { fullS, incrementalS, loadS };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function seconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
}

function transitionBatch(holds: { pixels: boolean; state: boolean }): TransitionBatch {
  const { height, width, channels, stack } = PIXELS;
  const states = () => new Float32Array(BATCH * STATE);
  const stacks = () => new Uint8Array(BATCH * PICTURE_BYTES * stack);
  return {
    kind: 'transitions',
    shape: {
      size: BATCH,
      action: ACTION,
      ...(holds.state ? { state: STATE } : {}),
      ...(holds.pixels ? { pixels: [height, width, channels * stack] as const } : {}),
    },
    ...(holds.state ? { state: states(), nextState: states() } : {}),
    ...(holds.pixels ? { pixels: stacks(), nextPixels: stacks() } : {}),
    action: new Float32Array(BATCH * ACTION),
    reward: new Float32Array(BATCH),
    discount: new Float32Array(BATCH),
    weight: new Float32Array(BATCH),
  };
}

function sequenceBatch(withPixels: boolean): SequenceBatch {
  const { height, width, channels, stack } = PIXELS;
  const observations = (SEQUENCE_LENGTH + 1) * SEQUENCES;
  const steps = SEQUENCE_LENGTH * SEQUENCES;
  return {
    kind: 'sequences',
    shape: {
      size: SEQUENCES,
      sequenceLength: SEQUENCE_LENGTH,
      action: ACTION,
      ...(withPixels ? { pixels: [height, width, channels * stack] as const } : { state: STATE }),
    },
    ...(withPixels
      ? { pixels: new Uint8Array(observations * PICTURE_BYTES * stack) }
      : { state: new Float32Array(observations * STATE) }),
    action: new Float32Array(steps * ACTION),
    reward: new Float32Array(steps),
    discount: new Float32Array(steps),
    mask: new Float32Array(steps),
  };
}
