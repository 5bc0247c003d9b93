import test from 'ava';
import fc from 'fast-check';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';
import {
  ACTION,
  GAMMA,
  type Kept,
  nStepOf,
  PIXELS,
  rowOf,
  STACK_BYTES,
  STATE,
  sequenceBatch,
  transitionBatch,
  World,
} from './world.ts';

const ROWS = 8;
const shape = { state: STATE, action: ACTION, gamma: GAMMA, pixels: PIXELS } as const;

test('whatever happened, a batch of transitions is what a naive memory says', (t) => {
  const seeds = fc.integer({ min: 0, max: 1e9 });
  const check = (seed: number, capacity: number, nSteps: number, sources: number) => {
    const random = new Random(seed);
    const world = new World(random.stream('world'), sources);
    const buffer = createReplayBuffer({ ...shape, capacity, nSteps, sources });
    const draws = random.stream('draws');
    const batch = transitionBatch(ROWS);
    for (let operation = 0; operation < 400; operation++) {
      world.step([buffer]);
      const { transitions } = world;
      t.is(buffer.size, Math.min(capacity, transitions.length));
      t.is(buffer.memory.pictures, world.picturesNeeded(capacity));
      if (operation % 7 !== 0 || buffer.size === 0) continue;
      buffer.sample(batch, draws);
      for (let row = 0; row < ROWS; row++) {
        const kept = transitions[batch.action[row * ACTION]!]!;
        t.true(kept.number >= transitions.length - capacity, 'one of the last');
        const { reward, discount, to } = nStepOf(kept, nSteps);
        t.deepEqual(rowOf(batch.action, row, ACTION), kept.action);
        t.deepEqual(rowOf(batch.state, row, STATE), kept.from.observation.state);
        t.deepEqual(rowOf(batch.nextState, row, STATE), to.observation.state);
        t.deepEqual(rowOf(batch.pixels, row, STACK_BYTES), kept.from.pixels);
        t.deepEqual(rowOf(batch.nextPixels, row, STACK_BYTES), to.pixels);
        t.true(Math.abs(batch.reward[row]! - reward) < 1e-5);
        t.true(Math.abs(batch.discount[row]! - discount) < 1e-6);
        t.is(batch.weight[row], 1);
      }
    }
  };
  const property = fc.property(
    seeds,
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 4 }),
    check,
  );
  fc.assert(property, { numRuns: 25, seed: 1 });
});

test('whatever happened, a batch of sequences is what a naive memory says', (t) => {
  const check = (seed: number, capacity: number, length: number, burnIn: number, sources: number) => {
    const random = new Random(seed);
    const world = new World(random.stream('world'), sources);
    const buffer = createReplayBuffer({ ...shape, capacity, sources, burnIn });
    const draws = random.stream('draws');
    const steps = length + burnIn;
    const batch = sequenceBatch(ROWS, steps);
    for (let operation = 0; operation < 300; operation++) {
      world.step([buffer]);
      const drawable = world.transitions.slice(-capacity).filter((kept) => teaches(kept, burnIn));
      if (operation % 7 !== 0) continue;
      if (drawable.length === 0) {
        t.throws(() => buffer.sample(batch, draws), { code: 'ERR_INVALID_ARGUMENT' });
        continue;
      }
      buffer.sample(batch, draws);
      for (let row = 0; row < ROWS; row++) {
        const first = world.transitions[batch.action[row * ACTION]!]!;
        t.true(drawable.includes(first));
        let kept: Kept | undefined = first;
        let seen: Kept['from'] | undefined = first.from;
        for (let step = 0; step <= steps; step++) {
          const at = step * ROWS + row;
          t.deepEqual(rowOf(batch.state, at, STATE), seen?.observation.state ?? new Float32Array(STATE));
          t.deepEqual(rowOf(batch.pixels, at, STACK_BYTES), seen?.pixels ?? new Uint8Array(STACK_BYTES));
          seen = kept?.to;
          if (step === steps) break;
          t.deepEqual(rowOf(batch.action, at, ACTION), kept?.action ?? new Float32Array(ACTION));
          t.is(batch.reward[at], kept?.reward ?? 0);
          t.is(batch.discount[at], kept === undefined || kept.terminated ? 0 : Math.fround(GAMMA));
          t.is(batch.mask[at], kept === undefined || (step < burnIn && !first.startsEpisode) ? 0 : 1);
          kept = kept?.next;
        }
      }
    }
  };
  const property = fc.property(
    fc.integer({ min: 0, max: 1e9 }),
    fc.integer({ min: 1, max: 90 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    check,
  );
  fc.assert(property, { numRuns: 25, seed: 2 });
});

/** A sequence from here has a step that is not burnt in. */
function teaches(kept: Kept, burnIn: number): boolean {
  if (kept.startsEpisode) return true;
  let last: Kept | undefined = kept;
  for (let i = 0; i < burnIn; i++) last = last?.next;
  return last !== undefined;
}
