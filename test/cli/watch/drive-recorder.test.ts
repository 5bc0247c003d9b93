import test from 'ava';
import { DriveRecorder, type OpenRecording } from '../../../src/cli/watch/drive-recorder.ts';
import type { EpisodeStart, EpisodeSummary, Observation, Transition } from '../../../src/core/index.ts';

const observation = (value: number): Observation => ({ state: Float32Array.of(value) });

function transition(step: number): Transition {
  return {
    observation: observation(step),
    action: Float32Array.of(0),
    reward: 1,
    terminated: false,
    truncated: false,
    nextObservation: observation(step + 1),
    info: { tick: step + 1 },
  };
}

/** A recorder over a writer that writes down what it is asked. */
function recorder() {
  const calls: string[] = [];
  const state = { driver: 'scripted', told: [] as (number | null)[], isOpen: false };
  const writer: OpenRecording = {
    onReset: ({ info, observation: { state: first }, episode }: EpisodeStart) =>
      void calls.push(`reset ${episode} ${info['driver']} at ${first[0]} tick ${info['tick']}`),
    onStep: ({ observation: { state: first } }: Transition) => void calls.push(`step ${first[0]}`),
    onEnd: ({ returnSum, steps, truncated, terminated }: EpisodeSummary) =>
      void calls.push(`end ${steps} ${returnSum}${truncated ? ' cut' : ''}${terminated ? ' over' : ''}`),
    close: async () => void calls.push('close'),
  };
  const made = new DriveRecorder({
    open: async () => {
      calls.push('open');
      return { name: 'recordings/1', writer };
    },
    driver: () => state.driver,
    onChange: (recording) => void state.told.push(recording?.frames ?? null),
  });
  made.onReset({ episode: 0, observation: observation(0), info: { tick: 0 } });
  return { made, calls, state };
}

test('nothing is recorded until somebody wants it; then from where the drive is', async (t) => {
  const { made, calls, state } = recorder();
  await made.onStep(transition(0));
  await made.start();
  await made.onStep(transition(1));
  await made.onStep(transition(2));
  await made.stop();
  await made.onStep(transition(3));
  t.deepEqual(calls, ['open', 'reset 0 scripted at 1 tick 1', 'step 1', 'step 2', 'end 2 2 cut', 'close']);
  t.deepEqual(state.told, [0, null]);
});

test('who drives has an episode of their own', async (t) => {
  const { made, calls, state } = recorder();
  await made.start();
  await made.onStep(transition(0));
  state.driver = 'human';
  await made.onStep(transition(1));
  await made.onStep(transition(2));
  state.driver = 'scripted';
  await made.onStep(transition(3));
  await made.onEnd({ episode: 0, steps: 4, returnSum: 4, terminated: true, truncated: false, info: {} });
  await made.stop();
  t.deepEqual(calls, [
    'open',
    'reset 0 scripted at 0 tick 0',
    'step 0',
    'end 1 1 cut',
    'reset 1 human at 1 tick 1',
    'step 1',
    'step 2',
    'end 2 2 cut',
    'reset 2 scripted at 3 tick 3',
    'step 3',
    'end 1 1 over',
    'close',
  ]);
});

test('beginning and ending twice is nothing, and an end waits for the step under way', async (t) => {
  const { made, calls } = recorder();
  await Promise.all([made.start(), made.start()]);
  const step = made.onStep(transition(0));
  await Promise.all([made.stop(), made.stop(), step]);
  t.deepEqual(calls, ['open', 'reset 0 scripted at 0 tick 0', 'step 0', 'end 1 1 cut', 'close']);
});

test('what opening throws is told, and the next recording begins anew', async (t) => {
  let fails = true;
  const writer: OpenRecording = { onReset() {}, onStep() {}, onEnd() {}, close: async () => {} };
  const made = new DriveRecorder({
    open: async () => {
      if (fails) throw new Error('full');
      return { name: 'a', writer };
    },
    driver: () => 'scripted',
    onChange() {},
  });
  await t.throwsAsync(made.start(), { message: 'full' });
  await made.onStep(transition(0));
  fails = false;
  await made.start();
  await made.stop();
});
