import { sizeOf } from '../core/box.ts';
import type { StepInfo, StepResult } from '../core/environment.ts';
import { Random } from '../core/random.ts';
import { type EpisodeState, fingerprint, RunningEpisode } from './episode.ts';
import { NotReproducibleError } from './errors.ts';
import { requireAllFinite } from './finite.ts';
import type { EnvironmentGroup } from './workers/environment-group.ts';

/** The episodes under way in a group of environments, each begun with a seed of the run's own. */
export class Sources {
  readonly #group: EnvironmentGroup;
  readonly #seeds: Random;
  readonly #actionSize: number;
  #running: RunningEpisode[] = [];
  #episodes = 0;

  /** @param seed the run's */
  constructor(group: EnvironmentGroup, seed: number) {
    this.#group = group;
    this.#seeds = new Random(seed);
    this.#actionSize = sizeOf(group.actionSpace.shape);
  }

  /** Episodes begun. */
  get episodes(): number {
    return this.#episodes;
  }

  get running(): readonly RunningEpisode[] {
    return this.#running;
  }

  /** Starts the source's next episode. */
  async start(source: number): Promise<{ readonly episode: RunningEpisode; readonly info: StepInfo }> {
    const ordinal = (this.#running[source]?.ordinal ?? -1) + 1;
    const seed = this.#seeds.stream(`episode ${ordinal} of source ${source}`).uint32();
    const { observation, info } = await this.#group.reset(source, seed);
    requireAllFinite(observation.state, 'state of an observation');
    const episode = new RunningEpisode({
      episode: this.#episodes++,
      ordinal,
      seed,
      observation,
      actionSize: this.#actionSize,
    });
    this.#running[source] = episode;
    return { episode, info };
  }

  /** Every source's episode as JSON, and the actions of all of them one after the other. */
  save(): { readonly episodes: number; readonly sources: readonly EpisodeState[]; readonly actions: Float32Array } {
    const sources = this.#running.map(({ state }) => state);
    const length = this.#running.reduce((sum, { actions }) => sum + actions.length, 0);
    const actions = new Float32Array(length);
    let at = 0;
    for (const episode of this.#running) {
      actions.set(episode.actions, at);
      at += episode.actions.length;
    }
    return { episodes: this.#episodes, sources, actions };
  }

  /**
   * Brings every environment to where it was, by its episode's seed and actions.
   *
   * @param saved what `save` returned; the number of actions fits the sources
   * @throws {@link NotReproducibleError} when one of them comes to another observation
   */
  async restore(saved: { episodes: number; sources: readonly EpisodeState[]; actions: Float32Array }): Promise<void> {
    const queues = this.#splitActions(saved.sources, saved.actions);
    this.#running = [];
    for (const [source, { episode, ordinal, seed }] of saved.sources.entries()) {
      const { observation } = await this.#group.reset(source, seed);
      this.#running.push(new RunningEpisode({ episode, ordinal, seed, observation, actionSize: this.#actionSize }));
    }
    const longest = Math.max(...saved.sources.map(({ steps }) => steps));
    for (let step = 0; step < longest; step++) {
      const actions = queues.map((queue) => queue[step]);
      const results = await this.#group.step(actions);
      for (const [source, result] of results.entries()) {
        if (result !== undefined) this.#retake(source, actions[source]!, result, saved.sources[source]!);
      }
    }
    for (const [source, expected] of saved.sources.entries()) this.#compare(source, expected);
    this.#episodes = saved.episodes;
  }

  #splitActions(sources: readonly EpisodeState[], actions: Float32Array): Float32Array[][] {
    let at = 0;
    return sources.map(({ steps }) =>
      Array.from({ length: steps }, () => {
        at += this.#actionSize;
        return actions.slice(at - this.#actionSize, at);
      }),
    );
  }

  #retake(source: number, action: Float32Array, result: StepResult, expected: EpisodeState): void {
    const episode = this.#running[source]!;
    episode.addStep(action, result.reward, result.observation);
    if (result.terminated || result.truncated) {
      throw new NotReproducibleError(
        `Expected episode ${expected.episode} (source ${source}, seed ${expected.seed}) to run on for ${expected.steps} steps, ` +
          `as it did before, got its end after ${episode.steps}: this environment does not repeat itself, so its runs cannot be resumed`,
      );
    }
  }

  #compare(source: number, expected: EpisodeState): void {
    const { returnSum, observation } = this.#running[source]!;
    const got = fingerprint(observation);
    if (got === expected.observation && Object.is(returnSum, expected.returnSum)) return;
    throw new NotReproducibleError(
      `Expected episode ${expected.episode} (source ${source}, seed ${expected.seed}) to come to the return ${expected.returnSum} ` +
        `and the observation ${expected.observation.slice(0, 12)} in ${expected.steps} steps, as it did before, got ${returnSum} ` +
        `and ${got.slice(0, 12)}: this environment does not repeat itself, so its runs cannot be resumed`,
    );
  }
}
