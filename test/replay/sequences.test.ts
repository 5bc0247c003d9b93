import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';
import { ACTION, STATE, sequenceBatch, World } from './world.ts';

const shape = { capacity: 100, state: STATE, action: ACTION, gamma: 0.5 } as const;

/** Mask and discount along time of each sequence, by the number of its first transition. */
function sequencesOf(buffer: ReturnType<typeof createReplayBuffer>, length: number) {
  const size = 300;
  const batch = sequenceBatch(size, length, { pixels: false });
  buffer.sample(batch, new Random(1));
  const along = (values: Float32Array, row: number) =>
    Array.from({ length }, (_, step) => values[step * size + row]!).join(' ');
  const sequences: Record<number, { mask: string; discount: string; reward: string }> = {};
  for (let row = 0; row < size; row++) {
    sequences[batch.action[row * ACTION]!] = {
      mask: along(batch.mask, row),
      discount: along(batch.discount, row),
      reward: along(batch.reward, row),
    };
  }
  return sequences;
}

function play(buffer: ReturnType<typeof createReplayBuffer>, end: object): void {
  const world = new World(new Random(1), 1, false);
  world.start([buffer]);
  for (const reward of [1, 2, 3, 4]) world.add([buffer], 0, { reward, ...(reward === 4 ? end : {}) });
}

test('a sequence ends with its episode; what is burnt in is masked, but not at an episode’s start', (t) => {
  const buffer = createReplayBuffer({ ...shape, burnIn: 1 });
  play(buffer, { terminated: true });
  t.deepEqual(sequencesOf(buffer, 3), {
    0: { mask: '1 1 1', discount: '0.5 0.5 0.5', reward: '1 2 3' },
    1: { mask: '0 1 1', discount: '0.5 0.5 0', reward: '2 3 4' },
    2: { mask: '0 1 0', discount: '0.5 0 0', reward: '3 4 0' },
  });
});

test('a time limit keeps the discount of the last step', (t) => {
  const buffer = createReplayBuffer(shape);
  play(buffer, { truncated: true });
  t.deepEqual(sequencesOf(buffer, 2), {
    0: { mask: '1 1', discount: '0.5 0.5', reward: '1 2' },
    1: { mask: '1 1', discount: '0.5 0.5', reward: '2 3' },
    2: { mask: '1 1', discount: '0.5 0.5', reward: '3 4' },
    3: { mask: '1 0', discount: '0.5 0', reward: '4 0' },
  });
});

test('all starts are as likely', (t) => {
  const buffer = createReplayBuffer({ ...shape, burnIn: 2 });
  play(buffer, {});
  const batch = sequenceBatch(3000, 3, { pixels: false });
  buffer.sample(batch, new Random(3));
  const counts = [0, 0, 0, 0];
  for (let row = 0; row < 3000; row++) counts[batch.action[row * ACTION]!]!++;
  t.deepEqual(counts.slice(2), [0, 0], 'from there no step would be learnt');
  for (const count of counts.slice(0, 2)) t.true(Math.abs(count - 1500) < 4 * Math.sqrt(750));
});

test('when next to no transition can start a sequence, those are found', (t) => {
  const buffer = createReplayBuffer({ ...shape, capacity: 1000, burnIn: 998 });
  const world = new World(new Random(1), 1, false);
  world.start([buffer]);
  for (let i = 0; i < 1500; i++) world.add([buffer]);
  const batch = sequenceBatch(4, 999, { pixels: false });
  buffer.sample(batch, new Random(1));
  for (let row = 0; row < 4; row++) t.true([500, 501].includes(batch.action[row * ACTION]!));
});

test('nothing to learn from, and options that do not go with sequences, are refused', (t) => {
  const refused = (options: object, length: number, message: RegExp) => {
    const buffer = createReplayBuffer({ ...shape, ...options });
    play(buffer, {});
    const batch = sequenceBatch(2, length, { pixels: false });
    t.throws(() => buffer.sample(batch, new Random(1)), { code: 'ERR_INVALID_ARGUMENT', message });
  };
  refused({ nSteps: 2 }, 4, /nSteps/);
  refused({ prioritized: {} }, 4, /prioritised/);
  refused({ burnIn: 4 }, 4, /sequenceLength/);
  refused({ burnIn: 2, capacity: 2 }, 4, /burnIn/);
});
