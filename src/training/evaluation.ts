import type { Clock } from '../core/clock.ts';
import type { Environment } from '../core/environment.ts';
import type { Policy } from '../core/policy.ts';
import { Random } from '../core/random.ts';
import { requireFinite } from './finite.ts';
import { runEpisodes } from './loop.ts';

/** Returns and lengths of an evaluation's episodes. Deviations are those of the population, as NumPy's `std`. */
export interface Evaluation {
  /** Steps and updates of the run until then. */
  readonly step: number;
  readonly updates: number;
  readonly episodes: number;
  readonly meanReturn: number;
  readonly stdReturn: number;
  readonly minReturn: number;
  readonly maxReturn: number;
  readonly meanLength: number;
  readonly stdLength: number;
  readonly minLength: number;
  readonly maxLength: number;
}

export interface EvaluateOptions {
  readonly environment: Environment;
  readonly policy: Policy;
  readonly episodes: number;
  /** The run's: the same seed gives the same start of each episode, at every evaluation. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Lets a policy act without noise for whole episodes, the same ones each time.
 *
 * @returns undefined when the signal came before the end
 * @throws NotFiniteError when an action or a return is not finite; whatever environment and policy throw
 */
export async function evaluate(options: EvaluateOptions): Promise<Omit<Evaluation, 'step' | 'updates'> | undefined> {
  const { environment, policy, episodes, seed, signal, clock } = options;
  const seeds = new Random(seed);
  const summaries = await runEpisodes({
    environment,
    policy: checked(policy),
    episodes,
    resetOptions: (episode) => ({ seed: seeds.stream(`evaluation episode ${episode}`).uint32() }),
    ...(signal === undefined ? {} : { signal }),
    ...(clock === undefined ? {} : { clock }),
  });
  // An episode that was cut from outside says nothing of the policy.
  if (signal?.aborted === true) return undefined;
  const returns = spread(summaries.map(({ returnSum }) => returnSum));
  const lengths = spread(summaries.map(({ steps }) => steps));
  requireFinite(returns.mean, 'return of an evaluation');
  return {
    episodes,
    meanReturn: returns.mean,
    stdReturn: returns.std,
    minReturn: returns.min,
    maxReturn: returns.max,
    meanLength: lengths.mean,
    stdLength: lengths.std,
    minLength: lengths.min,
    maxLength: lengths.max,
  };
}

function checked(policy: Policy): Policy {
  return {
    name: policy.name,
    reset: () => policy.reset?.(),
    act: async (observation, options) => {
      const action = await policy.act(observation, options);
      for (const entry of action) requireFinite(entry, 'action in an evaluation');
      return action;
    },
  };
}

function spread(values: readonly number[]): { mean: number; std: number; min: number; max: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance), min: Math.min(...values), max: Math.max(...values) };
}
