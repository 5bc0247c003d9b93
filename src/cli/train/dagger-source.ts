import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeJsonAtomic } from '../../core/files.ts';
import { type Policy, Random } from '../../core/index.ts';
import type { RingReplayBuffer } from '../../replay/index.ts';
import type { TransitionSource } from '../../training/index.ts';
import { Cleanup } from '../cleanup.ts';
import type { DrivingSettings } from '../compose/environment-settings.ts';
import { makeExpertEnvironment, ScriptedExpert } from '../compose/expert.ts';
import { loadPolicyExpert } from '../compose/policy-expert.ts';
import { openDataset } from '../dataset/index.ts';
import { openEpisodeWriter } from '../record/episode-writer.ts';
import { recordEpisodes } from '../record/record-episodes.ts';
import type { DaggerSettings } from './dataset-settings.ts';
import { addDataset } from './dataset-source.ts';

/** Says that a round's recording is whole. */
const DONE_FILE = 'round.json';
/** Simulated time of an episode, s: a learner that gets along sees more of a track by starting anew. */
const EPISODE_S = 60;

export interface DaggerSourceOptions {
  /** Where the rest of the transitions come from. */
  readonly inner: TransitionSource;
  /** Folder for the rounds' recordings; in the run's own. */
  readonly folder: string;
  readonly settings: DaggerSettings;
  /** What the learner sees and does. */
  readonly environment: DrivingSettings;
  /** Tracks that it drives on. */
  readonly tracks: readonly string[];
  readonly replay: RingReplayBuffer;
  /** Updates of the whole run. */
  readonly totalUpdates: number;
  readonly seed: number;
  /** The learner as it is at that moment, without noise. Disposed of after each round. */
  readonly createPolicy: () => Promise<Policy>;
  readonly signal?: AbortSignal;
  readonly log: (line: string) => void;
}

/**
 * DAgger: now and then the learner drives, the expert labels each of its observations, and the new frames join the dataset,
 * each round in a folder of its own, `round-1`, … (Ross, Gordon, Bagnell, "A Reduction of Imitation Learning and Structured
 * Prediction to No-Regret Online Learning", AISTATS 2011).
 *
 * A round whose folder is whole is not driven again: a resumed run reads it.
 */
export class DaggerSource implements TransitionSource {
  readonly #options: DaggerSourceOptions;
  #rounds = 0;

  constructor(options: DaggerSourceOptions) {
    this.#options = options;
  }

  async prepare(updates: number): Promise<number> {
    const { inner, signal } = this.#options;
    const innerUntil = await inner.prepare(updates);
    while (this.#boundary(this.#rounds + 1) <= updates) {
      await this.#round(this.#rounds + 1);
      // Cut short from outside: nothing more is learnt before the round is whole.
      if (signal?.aborted === true) return updates;
      this.#rounds++;
    }
    return Math.min(innerUntil, this.#boundary(this.#rounds + 1));
  }

  /** Updates before a round. */
  #boundary(round: number): number {
    const { settings, totalUpdates } = this.#options;
    if (round > settings.rounds) return Number.POSITIVE_INFINITY;
    return Math.floor((totalUpdates * round) / (settings.rounds + 1));
  }

  async #round(round: number): Promise<void> {
    const { folder, environment, replay, signal, log } = this.#options;
    const dir = path.join(folder, `round-${round}`);
    const done = path.join(dir, DONE_FILE);
    if (!existsSync(done)) {
      rmSync(dir, { recursive: true, force: true });
      const report = await this.#record(round, dir);
      if (signal?.aborted === true) return;
      writeJsonAtomic(done, { round, ...report });
    }
    const dataset = await openDataset({ folders: [dir], environment, labels: 'expert' });
    await addDataset(replay, dataset);
    log(`DAgger round ${round}: ${dataset.transitions} more transitions`);
  }

  async #record(round: number, dir: string) {
    const { environment, tracks, settings, seed, createPolicy, signal, log } = this.#options;
    const { actions, actionRepeat } = environment.options;
    const driving: DrivingSettings = {
      ...environment,
      options: { ...environment.options, tracks: [...tracks], start: 'random', laps: null, timeLimitS: EPISODE_S },
    };
    const cleanup = new Cleanup();
    try {
      const expert =
        settings.expert === null
          ? new ScriptedExpert({ actions, actionRepeat, margin: settings.margin })
          : await loadPolicyExpert({ folder: settings.expert, actions, actionRepeat, cleanup });
      const taught = await makeExpertEnvironment(driving, expert);
      cleanup.add(() => taught.close());
      const writer = await openEpisodeWriter({ dir, settings: driving, environment: taught, expert });
      cleanup.add(() => writer.close());
      const policy = await createPolicy();
      cleanup.add(() => policy.dispose?.());
      return await recordEpisodes({
        environment: taught,
        expert,
        behaviour: policy,
        expertShare: settings.expertShare * 0.5 ** (round - 1),
        writer,
        tracks,
        frames: settings.frames,
        seed: new Random(seed).stream(`DAgger round ${round}`).uint32(),
        log,
        ...(signal === undefined ? {} : { signal }),
      });
    } finally {
      await cleanup.run();
    }
  }
}
