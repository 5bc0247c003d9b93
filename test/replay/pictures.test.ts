import test from 'ava';
import type { TransitionBatch } from '../../src/core/batch.ts';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';

/** Two pictures of 1 × 2 pixels of 2 channels: [pixel 0: old, new; pixel 1: old, new]. */
const pixels = { height: 1, width: 2, channels: 2, stack: 2 } as const;
const stackOf = (older: number, newer: number) =>
  Uint8Array.from(
    [0, 2].flatMap((pixel) => [older, newer].flatMap((picture) => [picture + pixel, picture + pixel + 1])),
  );

function emptyBatch(size: number): TransitionBatch {
  return {
    kind: 'transitions',
    shape: { size, action: 1, pixels: [1, 2, 4] },
    pixels: new Uint8Array(size * 8),
    nextPixels: new Uint8Array(size * 8),
    action: new Float32Array(size),
    reward: new Float32Array(size),
    discount: new Float32Array(size),
    weight: new Float32Array(size),
  };
}

test('stacks come back channels first, padded with the first picture at the start, with the last one at the end', (t) => {
  const buffer = createReplayBuffer({ capacity: 10, state: 0, action: 1, gamma: 1, pixels });
  const state = new Float32Array(0);
  const observations = [stackOf(10, 10), stackOf(10, 20), stackOf(20, 30)].map((stack) => ({ state, pixels: stack }));
  buffer.startEpisode(observations[0]!);
  for (const step of [0, 1]) {
    buffer.add({
      observation: observations[step]!,
      action: Float32Array.of(step),
      reward: 0,
      terminated: false,
      truncated: step === 1,
      nextObservation: observations[step + 1]!,
      info: {},
    });
  }
  const batch = emptyBatch(16);
  buffer.sample(batch, new Random(1));
  const rows = new Map([...batch.action].map((action, row) => [action, row]));
  const rowOf = (array: Uint8Array | undefined, action: number) => {
    const row = rows.get(action)!;
    return [...array!.subarray(row * 8, (row + 1) * 8)];
  };
  t.deepEqual(rowOf(batch.pixels, 0), [10, 12, 11, 13, 10, 12, 11, 13]);
  t.deepEqual(rowOf(batch.nextPixels, 0), [10, 12, 11, 13, 20, 22, 21, 23]);
  t.deepEqual(rowOf(batch.pixels, 1), [10, 12, 11, 13, 20, 22, 21, 23]);
  t.deepEqual(rowOf(batch.nextPixels, 1), [20, 22, 21, 23, 30, 32, 31, 33]);
});

test('a first stack of pictures that differ is refused', (t) => {
  const buffer = createReplayBuffer({ capacity: 10, state: 0, action: 1, gamma: 1, pixels });
  t.throws(() => buffer.startEpisode({ state: new Float32Array(0), pixels: stackOf(10, 20) }), {
    code: 'ERR_INVALID_ARGUMENT',
    message: /first picture/,
  });
});

test('a batch without an array is filled without it', (t) => {
  const buffer = createReplayBuffer({ capacity: 10, state: 0, action: 1, gamma: 1, pixels });
  const observation = { state: new Float32Array(0), pixels: stackOf(1, 1) };
  buffer.startEpisode(observation);
  const step = { action: Float32Array.of(7), reward: 3, terminated: true, truncated: false, info: {} };
  buffer.add({ observation, ...step, nextObservation: { ...observation, pixels: stackOf(1, 5) } });
  const { pixels: _, nextPixels: __, ...rest } = emptyBatch(2);
  buffer.sample(rest, new Random(1));
  t.deepEqual([...rest.action, ...rest.reward, ...rest.discount], [7, 7, 3, 3, 0, 0]);
});
