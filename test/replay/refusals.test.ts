import test from 'ava';
import type { Observation } from '../../src/core/environment.ts';
import type { Transition } from '../../src/core/observer.ts';
import { Random } from '../../src/core/random.ts';
import { createReplayBuffer } from '../../src/replay/index.ts';
import { ACTION, arraysOf, PIXELS, STACK_BYTES, STATE, sequenceBatch, transitionBatch } from './world.ts';

const shape = { capacity: 10, state: STATE, action: ACTION, gamma: 0.9, pixels: PIXELS, sources: 2 } as const;
const code = 'ERR_INVALID_ARGUMENT';

const observationOf = (value: number): Observation => ({
  state: new Float32Array(STATE).fill(value),
  pixels: new Uint8Array(STACK_BYTES).fill(value),
});

const step = (changes: Partial<Transition> = {}, from = 0): Transition => ({
  observation: observationOf(from),
  action: new Float32Array(ACTION),
  reward: 1,
  terminated: false,
  truncated: false,
  nextObservation: observationOf(from + 1),
  info: {},
  ...changes,
});

/** After one step of source 1. */
function started() {
  const buffer = createReplayBuffer(shape);
  buffer.startEpisode(observationOf(0), 1);
  buffer.add(step(), 1);
  return buffer;
}

test('what is not finite is refused with its name, step and source, and nothing was added', (t) => {
  const buffer = started();
  const nan = (length: number) => new Float32Array(length).fill(Number.NaN);
  for (const [changes, name] of [
    [{ reward: Number.NaN }, '`reward`'],
    [{ reward: Number.POSITIVE_INFINITY }, '`reward`'],
    [{ reward: 1e39 }, '`reward`'],
    [{ action: nan(ACTION) }, '`action\\[0\\]`'],
    [
      { nextObservation: { ...observationOf(2), state: Float32Array.of(1, Number.NaN, 1) } },
      'nextObservation.state\\[1\\]`',
    ],
  ] as const) {
    const at = name.startsWith('next') ? 2 : 1;
    const message = new RegExp(`${name} to be finite at step ${at} of the episode \\(source 1\\)`);
    t.throws(() => buffer.add(step(changes, 1), 1), { code: 'ERR_NOT_FINITE', message });
  }
  t.throws(() => buffer.startEpisode({ ...observationOf(0), state: nan(STATE) }), { code: 'ERR_NOT_FINITE' });
  t.is(buffer.size, 1);
  t.is(buffer.memory.pictures, 2);
  t.notThrows(() => buffer.add(step({}, 1), 1), 'the episode goes on');
});

test('wrong sizes are refused, and nothing was added', (t) => {
  const buffer = started();
  const { state } = observationOf(2);
  for (const [changes, message] of [
    [{ action: new Float32Array(ACTION + 1) }, /`action` to have 2 entries.*got 3/],
    [
      { nextObservation: { ...observationOf(2), state: state.subarray(1) } },
      /`nextObservation.state`.*3 entries.*got 2/,
    ],
    [{ nextObservation: { state } }, /`nextObservation.pixels`.*got none/],
    [{ nextObservation: { state, pixels: new Uint8Array(4) } }, /`nextObservation.pixels`.*36 entries.*got 4/],
  ] as const) {
    t.throws(() => buffer.add(step(changes, 1), 1), { code, message });
  }
  t.throws(() => buffer.startEpisode({ state }), { code, message: /`observation.pixels`/ });
  t.is(buffer.size, 1);
});

test('a step that does not go on where the last one ended is refused', (t) => {
  const buffer = started();
  t.throws(() => buffer.add(step({}, 5), 1), { code, message: /last step led to/ });
  t.throws(() => buffer.add(step({}, 1), 0), { code, message: /startEpisode/ });
  for (const end of [{ terminated: true }, { truncated: true }]) {
    buffer.startEpisode(observationOf(0), 1);
    buffer.add(step(end), 1);
    t.throws(() => buffer.add(step({}, 1), 1), { code, message: /startEpisode/ });
  }
  for (const source of [-1, 2, 0.5]) {
    t.throws(() => buffer.startEpisode(observationOf(0), source), { code, message: /`source`/ });
    t.throws(() => buffer.add(step(), source), { code, message: /`source`/ });
  }
  t.is(buffer.size, 3);
});

test('batches of another shape are refused before anything is drawn', (t) => {
  const buffer = started();
  const good = transitionBatch(2);
  const sequence = sequenceBatch(2, 3);
  const random = new Random(1);
  const before = random.state;
  for (const [batch, message] of [
    [{ ...good, action: new Float32Array(3) }, /`batch.action`/],
    [{ ...good, reward: new Float32Array(3) }, /`batch.reward`/],
    [{ ...good, discount: new Float32Array(1) }, /`batch.discount`/],
    [{ ...good, weight: new Float32Array(1) }, /`batch.weight`/],
    [{ ...good, state: new Float32Array(1) }, /`batch.state`/],
    [{ ...good, nextState: new Float32Array(1) }, /`batch.nextState`/],
    [{ ...good, pixels: new Uint8Array(1) }, /`batch.pixels`/],
    [{ ...good, nextPixels: new Uint8Array(1) }, /`batch.nextPixels`/],
    [{ ...good, shape: { ...good.shape, state: 4 } }, /`batch.shape.state`/],
    [{ ...good, shape: { ...good.shape, pixels: [2, 3, 6] as const } }, /`shape.pixels` to be 3x2x6, got 2x3x6/],
    [{ ...good, shape: { ...good.shape, size: 0 } }, /`shape.size`/],
    [{ ...sequence, mask: new Float32Array(5) }, /`batch.mask`/],
    [{ ...sequence, shape: { ...sequence.shape, sequenceLength: 0 } }, /`shape.sequenceLength`/],
    [{ ...sequence, state: new Float32Array(18) }, /`batch.state`/],
  ] as const) {
    t.throws(() => buffer.sample(batch, random), { code, message });
  }
  t.deepEqual(random.state, before);
  t.deepEqual(arraysOf(good), arraysOf(transitionBatch(2)), 'no row was written');
  const { pixels, ...withoutPixels } = shape;
  const blind = createReplayBuffer(withoutPixels);
  blind.startEpisode(observationOf(0));
  blind.add(step());
  t.throws(() => blind.sample(good, random), { code, message: /without pixels/ });
});

test('an empty buffer has nothing to draw', (t) => {
  const buffer = createReplayBuffer(shape);
  const message = /to draw/;
  t.throws(() => buffer.sample(transitionBatch(2), new Random(1)), { code, message });
  buffer.startEpisode(observationOf(0));
  t.throws(() => buffer.sample(transitionBatch(2), new Random(1)), { code, message });
});

test('bad options are refused by name', (t) => {
  for (const [options, message] of [
    [{ capacity: 0 }, /capacity/],
    [{ gamma: 1.1 }, /gamma/],
    [{ nSteps: 0 }, /nSteps/],
    [{ sources: 0 }, /sources/],
    [{ burnIn: -1 }, /burnIn/],
    [{ action: 0 }, /action/],
    [{ pixels: { ...PIXELS, stack: 65 } }, /pixels.stack/],
    [{ prioritized: { alpha: 2 } }, /prioritized.alpha/],
    [{ prioritized: { beta: -1 } }, /prioritized.beta/],
    [{ prioritized: { epsilon: 0 } }, /prioritized.epsilon/],
    [{ demonstrations: { buffer: createReplayBuffer(shape), share: 2 } }, /demonstrations.share/],
    [{ bufferSize: 1 }, /bufferSize/],
    [{ state: 0, pixels: undefined }, /`state`/],
  ] as const) {
    const all = { ...shape, ...options } as Parameters<typeof createReplayBuffer>[0];
    t.throws(() => createReplayBuffer(all), { code, message });
  }
});
