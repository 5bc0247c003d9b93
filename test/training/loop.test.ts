import test from 'ava';
import type { Environment, ResetOptions } from '../../src/core/environment.ts';
import type { EpisodeObserver, EpisodeSummary, Transition } from '../../src/core/observer.ts';
import type { Policy } from '../../src/core/policy.ts';
import { runEpisodes } from '../../src/training/loop.ts';

/** Episodes of `length` steps with reward 1; states count the steps. */
function counting(length: number) {
  let at = 0;
  const resets: ResetOptions[] = [];
  const observation = () => ({ state: Float32Array.of(at) });
  const environment: Environment = {
    observationSpace: { state: { shape: [1], low: 0, high: length, dtype: 'float32' } },
    actionSpace: { shape: [1], low: 0, high: 1, dtype: 'float32' },
    reset: async (options = {}) => {
      resets.push(options);
      at = 0;
      return { observation: observation(), info: { at } };
    },
    step: async () => {
      at++;
      return { observation: observation(), info: { at }, reward: 1, terminated: at === length, truncated: false };
    },
    close: async () => {},
  };
  return { environment, resets };
}

const policy: Policy = { name: 'still', act: () => Float32Array.of(0) };

test('observers see every step of every episode in order', async (t) => {
  const { environment, resets } = counting(3);
  const seen: string[] = [];
  const observer: EpisodeObserver = {
    onReset: ({ episode, observation }) => void seen.push(`reset ${episode} ${observation.state[0]}`),
    onStep: ({ observation, nextObservation, terminated }: Transition) =>
      void seen.push(`${observation.state[0]}>${nextObservation.state[0]} ${terminated}`),
    onEnd: ({ episode, steps, returnSum }: EpisodeSummary) => void seen.push(`end ${episode} ${steps} ${returnSum}`),
  };
  const summaries = await runEpisodes({ environment, policy, observers: [observer], episodes: 2, seed: 9 });
  const steps = ['0>1 false', '1>2 false', '2>3 true'];
  t.deepEqual(seen, ['reset 0 0', ...steps, 'end 0 3 3', 'reset 1 0', ...steps, 'end 1 3 3']);
  t.deepEqual(resets, [{ seed: 9 }, {}]);
  t.like(summaries[1], { episode: 1, steps: 3, returnSum: 3, terminated: true, truncated: false });
});

test('maxSteps counts over episodes and cuts the last', async (t) => {
  const { environment } = counting(3);
  const summaries = await runEpisodes({ environment, policy, episodes: 10, maxSteps: 5 });
  t.deepEqual(
    summaries.map(({ steps, terminated, truncated }) => ({ steps, terminated, truncated })),
    [
      { steps: 3, terminated: true, truncated: false },
      { steps: 2, terminated: false, truncated: true },
    ],
  );
  t.is(summaries[1]!.info['reason'], 'step-limit');
});

test('an aborted signal ends the loop between two steps, and observers are told', async (t) => {
  const { environment } = counting(100);
  const controller = new AbortController();
  const ends: EpisodeSummary[] = [];
  const observer: EpisodeObserver = {
    onStep: ({ info }) => {
      if (info['at'] === 4) controller.abort();
    },
    onEnd: (summary) => void ends.push(summary),
  };
  await runEpisodes({ environment, policy, observers: [observer], episodes: 5, signal: controller.signal });
  t.is(ends.length, 1);
  t.like(ends[0], { steps: 4, truncated: true, terminated: false, info: { reason: 'interrupted' } });
  t.deepEqual(await runEpisodes({ environment, policy, signal: controller.signal }), []);
});

test('an environment that never waits lets timers and signals through', async (t) => {
  const { environment } = counting(Number.POSITIVE_INFINITY);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  // Without turns the steps would run out first.
  const [summary] = await runEpisodes({ environment, policy, maxSteps: 20_000_000, signal: controller.signal });
  t.true((summary?.steps ?? 0) < 20_000_000);
});

test('the policy is reset at each episode and told whether to explore', async (t) => {
  const { environment } = counting(2);
  const calls: unknown[] = [];
  const watched: Policy = {
    name: 'watched',
    reset: () => void calls.push('reset'),
    act: (_, options) => {
      calls.push(options?.explore);
      return Float32Array.of(0);
    },
  };
  await runEpisodes({ environment, policy: watched, episodes: 2, explore: true });
  t.deepEqual(calls, ['reset', true, true, 'reset', true, true]);
});
