import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, systemClock } from '../core/clock.ts';
import type { Environment, ResetOptions } from '../core/environment.ts';
import type { EpisodeObserver, EpisodeSummary } from '../core/observer.ts';
import type { Policy } from '../core/policy.ts';

/**
 * An environment in memory never waits for anything, and its promises alone would keep the event loop from turning:
 * Ctrl-C and timers would be heard at the end only. So it is given a turn this often.
 */
const TURN_INTERVAL_MS = 20;

export interface EpisodeLoopOptions {
  readonly environment: Environment;
  readonly policy: Policy;
  /** Called in this order, each awaited before the next step. */
  readonly observers?: readonly EpisodeObserver[];
  /** Stop after this many episodes. Default 1. */
  readonly episodes?: number;
  /** Stop after this many steps over all episodes; the episode under way is cut. Default: no limit. */
  readonly maxSteps?: number;
  /** Let the policy explore. Default false. */
  readonly explore?: boolean;
  /** What to pass to `reset`. Default: a seed at the first episode only, if `seed` is given. */
  readonly resetOptions?: (episode: number) => ResetOptions;
  /** Seed of the first reset. */
  readonly seed?: number;
  /** Ends the loop between two steps; the episode under way is cut and its observers are told. */
  readonly signal?: AbortSignal;
  /** Says when signals and timers are due a turn. Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Runs episodes: the one place that knows both an environment and a policy. Observers look on.
 *
 * An episode that is cut from here (`maxSteps`, `signal`) ends with `truncated` true in its summary, and with the
 * `reason` `step-limit` or `interrupted` in its info.
 * Errors of environment, policy or observers end the loop and are passed on.
 *
 * @returns one summary per episode that was begun
 */
export async function runEpisodes(options: EpisodeLoopOptions): Promise<readonly EpisodeSummary[]> {
  const { observers = [], episodes = 1, maxSteps = Number.POSITIVE_INFINITY, signal } = options;
  const summaries: EpisodeSummary[] = [];
  let stepsLeft = maxSteps;
  for (let episode = 0; episode < episodes && stepsLeft > 0 && !isAborted(signal); episode++) {
    const summary = await runEpisode(options, episode, stepsLeft);
    stepsLeft -= summary.steps;
    summaries.push(summary);
    for (const observer of observers) await observer.onEnd?.(summary);
  }
  return summaries;
}

async function runEpisode(options: EpisodeLoopOptions, episode: number, maxSteps: number): Promise<EpisodeSummary> {
  const { environment, policy, observers = [], explore = false, signal, clock = systemClock } = options;
  policy.reset?.();
  let { observation, info } = await environment.reset(resetOptionsOf(options, episode));
  for (const observer of observers) await observer.onReset?.({ episode, observation, info });
  let steps = 0;
  let returnSum = 0;
  let terminated = false;
  let truncated = false;
  let nextTurnMs = clock.now() + TURN_INTERVAL_MS;
  while (!terminated && !truncated) {
    if (steps >= maxSteps || isAborted(signal)) {
      truncated = true;
      info = { ...info, reason: isAborted(signal) ? 'interrupted' : 'step-limit' };
      break;
    }
    const action = await policy.act(observation, { explore });
    const result = await environment.step(action);
    steps++;
    returnSum += result.reward;
    ({ terminated, truncated, info } = result);
    const { reward, observation: nextObservation } = result;
    const transition = { observation, action, reward, terminated, truncated, nextObservation, info };
    for (const observer of observers) await observer.onStep?.(transition);
    observation = nextObservation;
    if (clock.now() >= nextTurnMs) {
      await nextTurn();
      nextTurnMs = clock.now() + TURN_INTERVAL_MS;
    }
  }
  return { episode, steps, returnSum, terminated, truncated, info };
}

function resetOptionsOf(options: EpisodeLoopOptions, episode: number): ResetOptions {
  if (options.resetOptions !== undefined) return options.resetOptions(episode);
  return episode === 0 && options.seed !== undefined ? { seed: options.seed } : {};
}

/** A function, because TypeScript would take the signal's state as settled after the first look. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
