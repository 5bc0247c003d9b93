import test from 'ava';
import type { Batch } from '../../src/core/batch.ts';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';
import { ACTION, arraysOf, STATE, sequenceBatch, transitionBatch, World } from './world.ts';

const shape = { capacity: 50, state: STATE, action: ACTION, gamma: 0.5 } as const;

function filled(options: object, action: number) {
  const buffer = createReplayBuffer({ ...shape, ...options });
  const world = new World(new Random(action), 1, false);
  world.start([buffer]);
  for (let i = 0; i < 30; i++) {
    world.transitions.length = action * 1000;
    world.add([buffer]);
  }
  return buffer;
}

/** Rows of the first instant whose action says that they are demonstrations. */
function demonstrated({ shape: { size }, action }: Batch): boolean[] {
  return Array.from({ length: size }, (_, row) => action[row * ACTION] === 1000);
}

test('just the share of each batch is demonstrations, its last rows', (t) => {
  for (const [share, size, expected] of [
    [0.5, 64, 32],
    [0.25, 10, 3],
    [0, 8, 0],
    [1, 8, 8],
    [0.1, 4, 0],
  ] as const) {
    const buffer = filled({ demonstrations: { buffer: filled({}, 1), share } }, 2);
    const random = new Random(7);
    for (const batch of [transitionBatch(size, { pixels: false }), sequenceBatch(size, 4, { pixels: false })]) {
      for (let i = 0; i < 20; i++) {
        buffer.sample(batch, random);
        t.deepEqual(
          demonstrated(batch),
          Array.from({ length: size }, (_, row) => row >= size - expected),
        );
      }
    }
  }
});

test('with priorities, demonstrations are drawn uniformly with weight 1 and their new priorities go nowhere', (t) => {
  const make = () => filled({ prioritized: {}, demonstrations: { buffer: filled({}, 1), share: 0.5 } }, 2);
  const buffer = make();
  const other = make();
  const batches = [transitionBatch(16, { pixels: false }), transitionBatch(16, { pixels: false })] as const;
  buffer.sample(batches[0], new Random(1));
  other.sample(batches[1], new Random(1));
  const priorities = Float32Array.from({ length: 16 }, (_, i) => i + 1);
  buffer.updatePriorities!(batches[0], priorities);
  other.updatePriorities!(batches[1], priorities.fill(99, 8));
  for (const [i, one] of [buffer, other].entries()) one.sample(batches[i]!, new Random(2));
  t.deepEqual(arraysOf(batches[0]), arraysOf(batches[1]));
  t.deepEqual(demonstrated(batches[0]).slice(8), new Array(8).fill(true));
  t.true(batches[0].weight.subarray(8).every((weight) => weight === 1));
});

test('all are demonstrations while nothing was lived through yet', (t) => {
  const buffer = createReplayBuffer({ ...shape, prioritized: {}, demonstrations: { buffer: filled({}, 1), share: 1 } });
  const batch = transitionBatch(4, { pixels: false });
  buffer.sample(batch, new Random(1));
  t.deepEqual(demonstrated(batch), [true, true, true, true]);
  t.notThrows(() => buffer.updatePriorities!(batch, new Float32Array(4)));
});

test('demonstrations of other sizes or returns, of another make, or none at all, are refused', (t) => {
  const code = 'ERR_INVALID_ARGUMENT';
  for (const options of [{ gamma: 0.6 }, { nSteps: 2 }, { burnIn: 1 }, { state: 4 }, { action: 3 }]) {
    const buffer = createReplayBuffer({ ...shape, ...options });
    const name = new RegExp(Object.keys(options)[0]!);
    t.throws(() => createReplayBuffer({ ...shape, demonstrations: { buffer, share: 0.5 } }), { code, message: name });
  }
  const { sample } = createReplayBuffer(shape);
  const foreign = { sample } as unknown as ReturnType<typeof createReplayBuffer>;
  t.throws(() => createReplayBuffer({ ...shape, demonstrations: { buffer: foreign, share: 0.5 } }), { code });
  const empty = filled({ demonstrations: { buffer: createReplayBuffer(shape), share: 0.5 } }, 2);
  const message = /demonstrations/;
  t.throws(() => empty.sample(transitionBatch(4, { pixels: false }), new Random(1)), { code, message });
});
