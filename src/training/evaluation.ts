import { boundOf, sizeOf } from '../core/box.ts';
import type { Clock } from '../core/clock.ts';
import type { Box, Environment } from '../core/environment.ts';
import type { Policy } from '../core/policy.ts';
import { Random } from '../core/random.ts';
import { requireFinite } from './finite.ts';
import { runEpisodes } from './loop.ts';

/** One entry of the actions of an evaluation: an actor that is stuck at a bound, or never brakes, is seen here. */
export interface ActionFigures {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Share of the actions that are within 1 % of the range from one of its bounds, 0 to 1. */
  readonly atBounds: number;
}

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
  /** By the entry's name, or its number where it has none. */
  readonly actions: Readonly<Record<string, ActionFigures>>;
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
  const actions = new ActionSums(environment.actionSpace);
  const summaries = await runEpisodes({
    environment,
    policy: checked(policy, actions),
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
    actions: actions.figures(),
  };
}

/** Sums over the actions of an evaluation, entry by entry. */
class ActionSums {
  readonly #space: Box;
  readonly #entries: { sum: number; min: number; max: number; atBounds: number }[];
  #count = 0;

  constructor(space: Box) {
    this.#space = space;
    this.#entries = Array.from({ length: sizeOf(space.shape) }, () => ({
      sum: 0,
      min: Infinity,
      max: -Infinity,
      atBounds: 0,
    }));
  }

  add(action: Float32Array): void {
    this.#count++;
    for (const [i, entry] of this.#entries.entries()) {
      const value = action[i]!;
      entry.sum += value;
      entry.min = Math.min(entry.min, value);
      entry.max = Math.max(entry.max, value);
      const [low, high] = [boundOf(this.#space.low, i), boundOf(this.#space.high, i)];
      const near = (high - low) / 100;
      if (value <= low + near || value >= high - near) entry.atBounds++;
    }
  }

  figures(): Readonly<Record<string, ActionFigures>> {
    const count = this.#count;
    if (count === 0) return {};
    const named = this.#entries.map(({ sum, min, max, atBounds }, i) => {
      const figures = { mean: sum / count, min, max, atBounds: atBounds / count };
      return [this.#space.names?.[i] ?? String(i), figures] as const;
    });
    return Object.fromEntries(named);
  }
}

function checked(policy: Policy, actions: ActionSums): Policy {
  return {
    name: policy.name,
    reset: () => policy.reset?.(),
    act: async (observation, options) => {
      const action = await policy.act(observation, options);
      for (const entry of action) requireFinite(entry, 'action in an evaluation');
      actions.add(action);
      return action;
    },
  };
}

function spread(values: readonly number[]): { mean: number; std: number; min: number; max: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance), min: Math.min(...values), max: Math.max(...values) };
}
