import test from 'ava';
import type { Observation } from '../../src/core/environment.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';

const pixels = { height: 12, width: 10, channels: 3, stack: 3 } as const;
const PICTURE = 12 * 10 * 3;

test('a full buffer takes at most 1.05 times the bytes of its pictures, outside the heap, however it goes on', (t) => {
  const capacity = 20_000;
  // None is collected before the end: all of them are counted.
  const buffers: ReturnType<typeof createReplayBuffer>[] = [];
  for (const sources of [4, 1]) {
    const buffer = createReplayBuffer({ capacity, state: 4, action: 2, gamma: 0.99, pixels, sources });
    buffers.push(buffer);
    t.is(buffer.memory.bytes, 0, 'memory is taken as pictures come');
    const stack = new Uint8Array(PICTURE * 3);
    const observation: Observation = { state: new Float32Array(4), pixels: stack };
    const step = { action: new Float32Array(2), reward: 1, truncated: false, info: {} };
    for (let i = 0; i < 3 * capacity; i++) {
      const source = i % sources;
      const round = Math.floor(i / sources);
      if (round % 100 === 0) buffer.startEpisode(observation, source);
      const terminated = round % 100 === 99;
      buffer.add({ observation, ...step, terminated, nextObservation: observation }, source);
      if (i === Math.floor(capacity / 10)) {
        t.true(buffer.memory.bytes < 0.15 * capacity * PICTURE, 'a tenth full takes about a tenth');
      }
      if (i < capacity || i % 997 !== 0) continue;
      const { bytes, pictureBytes, pictures } = buffer.memory;
      t.true(pictures >= capacity && pictures < 1.02 * capacity, `one of each observation: ${pictures}`);
      t.true(pictureBytes <= 1.05 * pictures * PICTURE, `${pictureBytes / (pictures * PICTURE)} of the raw bytes`);
      const rowBytes = 4 * 4 + 4 * 2 + 16;
      t.true(bytes <= 1.05 * pictures * (PICTURE + rowBytes), 'and a few bytes for each transition');
    }
    const all = buffers.reduce((sum, { memory }) => sum + memory.bytes, 0);
    t.true(process.memoryUsage().arrayBuffers >= all, 'none of it in the heap');
  }
});

test('a source that stays behind keeps what it needs, and little more', (t) => {
  const capacity = 2000;
  const buffer = createReplayBuffer({ capacity, state: 1, action: 1, gamma: 0.99, pixels, sources: 2 });
  const observation = { state: new Float32Array(1), pixels: new Uint8Array(PICTURE * 3) };
  const step = { observation, action: new Float32Array(1), reward: 1, terminated: false, truncated: false, info: {} };
  for (const source of [0, 1]) buffer.startEpisode(observation, source);
  buffer.add({ ...step, nextObservation: observation }, 1);
  for (let i = 0; i < 5 * capacity; i++) buffer.add({ ...step, nextObservation: observation }, 0);
  const { pictureBytes } = buffer.memory;
  t.true(pictureBytes < 1.05 * capacity * PICTURE, `${pictureBytes / (capacity * PICTURE)}`);
  buffer.add({ ...step, nextObservation: observation }, 1);
  t.is(buffer.size, capacity);
});

test('episodes that start and never go on take no memory', (t) => {
  const buffer = createReplayBuffer({ capacity: 100, state: 1, action: 1, gamma: 0.99 });
  const observation = { state: new Float32Array(1) };
  for (let i = 0; i < 1000; i++) buffer.startEpisode(observation);
  t.is(buffer.memory.bytes, 0);
});
