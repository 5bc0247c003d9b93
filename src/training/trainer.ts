import { z } from 'zod';
import type { Agent } from '../core/agent.ts';
import { sizeOf } from '../core/box.ts';
import type { StepResult } from '../core/environment.ts';
import { InvalidFileError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import type { ReplayBuffer } from '../core/replay.ts';
import type { ActingAgent } from './acting.ts';
import { episodeStateSchema } from './episode.ts';
import { requireAllFinite, requireFinite } from './finite.ts';
import type { ObserverList } from './observer.ts';
import type { CheckedTrainingSettings } from './options.ts';
import { parseState } from './parse-state.ts';
import { uniformActions } from './random-actions.ts';
import { randomStateSchema } from './random-state.ts';
import type { RunTrainer } from './run-trainer.ts';
import { Sources } from './sources.ts';
import { statisticsStateSchema, type TrainingStatistics } from './statistics.ts';
import { type RunningUpdates, UpdatePipeline } from './update-pipeline.ts';
import { UpdateSchedule, updateScheduleStateSchema } from './update-schedule.ts';
import type { EnvironmentGroup } from './workers/environment-group.ts';

const count = z.int().min(0);
const trainerStateSchema = z.strictObject({
  steps: count,
  endedEpisodes: count,
  /** Episodes begun. */
  episodes: count,
  sources: z.array(episodeStateSchema).min(1).readonly(),
  schedule: updateScheduleStateSchema,
  statistics: statisticsStateSchema,
  randomActions: randomStateSchema,
  sampling: randomStateSchema,
});
type TrainerState = z.output<typeof trainerStateSchema>;

export interface TrainerParts {
  readonly agent: Agent;
  readonly replay: ReplayBuffer;
  readonly environments: EnvironmentGroup;
  readonly settings: CheckedTrainingSettings;
  readonly seed: number;
  readonly statistics: TrainingStatistics;
  readonly observers: ObserverList;
}

/**
 * The steps of a run and the updates that follow from them. A round is one step of every environment:
 *
 * 1. An action is chosen for each environment: uniformly random during the first `learningStarts` steps, else the agent's
 *    own with exploration. The agent does nothing else meanwhile.
 * 2. The updates that became due with the rounds before are started, and run on while the environments take their step.
 *    Their batches are drawn from the transitions of the rounds before, all of them and no others.
 * 3. When the last of these updates has started, the round's transitions are added to the replay buffer (in the order of
 *    the sources), episodes that ended are begun anew, and the first batch of the next round is drawn.
 * 4. The updates are awaited.
 *
 * So each update learns what was known one round ago, and a run's numbers do not hang on how fast anything was.
 */
export class Trainer implements RunTrainer {
  readonly #parts: TrainerParts;
  readonly #acting: ActingAgent;
  readonly #sources: Sources;
  readonly #schedule: UpdateSchedule;
  readonly #pipeline: UpdatePipeline;
  readonly #actionStream: Random;
  readonly #randomAction: () => Float32Array;
  #steps = 0;
  #updates = 0;
  #endedEpisodes = 0;

  constructor(parts: TrainerParts) {
    const { agent, replay, environments, settings, seed, statistics } = parts;
    this.#parts = parts;
    this.#acting = agent;
    this.#sources = new Sources(environments, seed);
    this.#schedule = new UpdateSchedule(settings);
    this.#actionStream = new Random(seed).stream('random actions');
    this.#randomAction = uniformActions(environments.actionSpace, this.#actionStream);
    this.#pipeline = new UpdatePipeline({
      agent,
      replay,
      random: new Random(seed).stream('replay sampling'),
      onUpdate: (metrics) => {
        this.#updates++;
        statistics.addMetrics(metrics);
      },
    });
  }

  /** Steps taken, over all environments. */
  get steps(): number {
    return this.#steps;
  }

  get updates(): number {
    return this.#updates;
  }

  get endedEpisodes(): number {
    return this.#endedEpisodes;
  }

  /** Starts every environment's first episode. */
  async begin(): Promise<void> {
    for (let source = 0; source < this.#parts.environments.count; source++) await this.#startEpisode(source);
    for (let source = 0; source < this.#parts.environments.count; source++) this.#acting.reset?.(source);
  }

  /** One step of every environment, or of as many as steps are left. */
  async round(): Promise<void> {
    const { environments, settings } = this.#parts;
    const active = Math.min(environments.count, settings.totalTimesteps - this.#steps);
    const actions = await this.#chooseActions(active);
    const due = this.#schedule.claim(this.#steps);
    const updates = due > 0 ? this.#pipeline.start(due) : undefined;
    if (updates === undefined) {
      for (const source of await this.#step(actions, updates)) this.#acting.reset?.(source);
      return;
    }
    // Whatever fails, nothing runs on: what is to be saved then has to hold still.
    const [stepped, learnt] = await Promise.allSettled([this.#step(actions, updates), updates.done]);
    if (learnt.status === 'rejected') throw learnt.reason;
    if (stepped.status === 'rejected') throw stepped.reason;
    for (const source of stepped.value) this.#acting.reset?.(source);
  }

  /** After the last round: the updates that it made due. */
  async drain(): Promise<void> {
    const due = this.#schedule.claim(this.#steps);
    if (due > 0) await this.#pipeline.start(due).done;
  }

  async #chooseActions(active: number): Promise<readonly (Float32Array | undefined)[]> {
    const { environments, settings } = this.#parts;
    const actions: (Float32Array | undefined)[] = new Array(environments.count).fill(undefined);
    for (let source = 0; source < active; source++) {
      if (this.#steps + source < settings.learningStarts) actions[source] = this.#randomAction();
      else {
        const { observation } = this.#sources.running[source]!;
        const action = this.#acting.act(observation, { explore: true, source });
        actions[source] = action instanceof Promise ? await action : action;
        requireAllFinite(actions[source]!, 'action of the agent');
      }
    }
    return actions;
  }

  /** @returns the sources whose episodes ended */
  async #step(
    actions: readonly (Float32Array | undefined)[],
    updates: RunningUpdates | undefined,
  ): Promise<readonly number[]> {
    const { environments, replay } = this.#parts;
    const results = await environments.step(actions);
    if (updates !== undefined) await updates.lastStarted;
    const before = this.#steps;
    const ended: number[] = [];
    for (let source = 0; source < results.length; source++) {
      const result = results[source];
      if (result === undefined) continue;
      await this.#take(source, actions[source]!, result);
      if (result.terminated || result.truncated) ended.push(source);
    }
    for (const source of ended) await this.#startEpisode(source);
    this.#schedule.addSteps(before, this.#steps, replay.size > 0);
    if (this.#schedule.due(this.#steps) > 0) this.#pipeline.prepare();
    return ended;
  }

  async #take(source: number, action: Float32Array, result: StepResult): Promise<void> {
    const { observation: nextObservation, reward, terminated, truncated, info } = result;
    requireFinite(reward, 'reward');
    requireAllFinite(nextObservation.state, 'state of an observation');
    const running = this.#sources.running[source]!;
    const { observation } = running;
    const transition = { observation, action, reward, terminated, truncated, nextObservation, info };
    this.#parts.replay.add(transition, source);
    running.addStep(action, reward, nextObservation);
    this.#steps++;
    const { observers } = this.#parts;
    if (observers.watchSteps) await observers.tellStep(transition, source);
    if (!terminated && !truncated) return;
    this.#endedEpisodes++;
    const { episode, steps, returnSum } = running;
    this.#parts.statistics.addEpisode(returnSum, steps);
    await observers.tell('onEnd', { episode, steps, returnSum, terminated, truncated, info }, source);
  }

  async #startEpisode(source: number): Promise<void> {
    const { episode, info } = await this.#sources.start(source);
    this.#parts.replay.startEpisode(episode.observation, source);
    const { observation } = episode;
    await this.#parts.observers.tell('onReset', { episode: episode.episode, observation, info }, source);
  }

  /** Between rounds only. */
  save(): { readonly state: object; readonly actions: Float32Array } {
    const { episodes, sources, actions } = this.#sources.save();
    const state: TrainerState = {
      steps: this.#steps,
      endedEpisodes: this.#endedEpisodes,
      episodes,
      sources,
      schedule: this.#schedule.state,
      statistics: this.#parts.statistics.state,
      randomActions: this.#actionStream.state,
      sampling: this.#pipeline.samplingState,
    };
    return { state, actions };
  }

  /**
   * Instead of `begin`, when agent and replay buffer have been loaded.
   *
   * @throws InvalidFileError when numbers do not fit each other; NotReproducibleError when an environment does not come to
   *   where it was
   */
  async restore(json: unknown, actions: Float32Array): Promise<void> {
    const state = parseState(trainerStateSchema, json, 'the state of a run in environments');
    const { environments } = this.#parts;
    const size = sizeOf(environments.actionSpace.shape);
    const recorded = state.sources.reduce((sum, { steps }) => sum + steps, 0);
    if (state.sources.length !== environments.count || actions.length !== recorded * size) {
      throw new InvalidFileError(
        `Expected a checkpoint with the actions of ${recorded} steps of ${environments.count} environments, got one with ` +
          `${actions.length} numbers of ${state.sources.length}`,
      );
    }
    await this.#sources.restore({ episodes: state.episodes, sources: state.sources, actions });
    this.#steps = state.steps;
    this.#endedEpisodes = state.endedEpisodes;
    this.#schedule.state = state.schedule;
    this.#updates = state.schedule.claimed;
    this.#parts.statistics.state = state.statistics;
    this.#actionStream.state = state.randomActions;
    this.#pipeline.samplingState = state.sampling;
  }
}
