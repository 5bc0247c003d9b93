import test from 'ava';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';
import { ACTION, STATE, transitionBatch, World } from './world.ts';

const shape = { capacity: 100, state: STATE, action: ACTION, gamma: 0.5 } as const;

/** Reward, discount and first entry of the next state of each transition that can be drawn, by its number. */
function rowsOf(buffer: ReturnType<typeof createReplayBuffer>) {
  const batch = transitionBatch(200, { pixels: false });
  buffer.sample(batch, new Random(1));
  const rows: [reward: number, discount: number, next: number][] = [];
  for (let row = 0; row < 200; row++) {
    rows[batch.action[row * ACTION]!] = [batch.reward[row]!, batch.discount[row]!, batch.nextState![row * STATE]!];
  }
  return rows;
}

/** An episode with rewards 1, 2, 4, 8 and this end. */
function play(world: World, buffer: ReturnType<typeof createReplayBuffer>, end: object): number[] {
  world.start([buffer]);
  return [1, 2, 4, 8].map((reward) => {
    const kept = world.add([buffer], 0, { reward, ...(reward === 8 ? end : {}) });
    return kept.to.observation.state[0]!;
  });
}

test('three steps of a task that terminates: within them nothing follows', (t) => {
  const buffer = createReplayBuffer({ ...shape, nSteps: 3 });
  const [, , third, fourth] = play(new World(new Random(1), 1, false), buffer, { terminated: true });
  t.deepEqual(rowsOf(buffer), [
    [1 + 0.5 * 2 + 0.25 * 4, 0.125, third!],
    [2 + 0.5 * 4 + 0.25 * 8, 0, fourth!],
    [4 + 0.5 * 8, 0, fourth!],
    [8, 0, fourth!],
  ]);
});

for (const [name, end] of [
  ['a time limit', { truncated: true }],
  ['an episode that was left for the next', {}],
  ['an episode that goes on', undefined],
] as const) {
  test(`three steps before ${name}: the sum is shorter, the true last observation counts`, (t) => {
    const world = new World(new Random(1), 1, false);
    const buffer = createReplayBuffer({ ...shape, nSteps: 3 });
    const [, , third, fourth] = play(world, buffer, end ?? {});
    if (end !== undefined) play(world, buffer, { terminated: true });
    t.deepEqual(rowsOf(buffer).slice(0, 4), [
      [1 + 0.5 * 2 + 0.25 * 4, 0.125, third!],
      [2 + 0.5 * 4 + 0.25 * 8, 0.125, fourth!],
      [4 + 0.5 * 8, 0.25, fourth!],
      [8, 0.5, fourth!],
    ]);
  });
}

test('a task that terminates at its time limit has terminated', (t) => {
  const buffer = createReplayBuffer(shape);
  play(new World(new Random(1), 1, false), buffer, { terminated: true, truncated: true });
  t.deepEqual(
    rowsOf(buffer).map(([, discount]) => discount),
    [0.5, 0.5, 0.5, 0],
  );
});

test('with γ = 0 only the first reward counts, and γ = 1 counts all', (t) => {
  const rewards = (gamma: number) => {
    const buffer = createReplayBuffer({ ...shape, gamma, nSteps: 2 });
    play(new World(new Random(1), 1, false), buffer, { truncated: true });
    return rowsOf(buffer).map(([reward, discount]) => [reward, discount]);
  };
  t.deepEqual(
    rewards(0),
    [1, 2, 4, 8].map((reward) => [reward, 0]),
  );
  t.deepEqual(
    rewards(1),
    [3, 6, 12, 8].map((reward) => [reward, 1]),
  );
});

test('steps of several environments do not mix', (t) => {
  const world = new World(new Random(1), 2, false);
  const buffer = createReplayBuffer({ ...shape, nSteps: 2, sources: 2 });
  for (const source of [0, 1]) world.start([buffer], source);
  for (const [source, reward] of [
    [0, 1],
    [1, 16],
    [0, 2],
    [1, 32],
  ] as const) {
    world.add([buffer], source, { reward });
  }
  t.deepEqual(
    rowsOf(buffer).map(([reward, discount]) => [reward, discount]),
    [
      [2, 0.25],
      [32, 0.25],
      [2, 0.5],
      [32, 0.5],
    ],
  );
});
