import {
  type Clock,
  type EpisodeObserver,
  type EpisodeSummary,
  InvalidArgumentError,
  type Policy,
  Random,
  systemClock,
} from '../../core/index.ts';
import type { DrivingEnvironment, DrivingInfo } from '../../environments/index.ts';
import { runEpisodes } from '../../training/index.ts';
import { TICK_S } from '../compose/control-rate.ts';
import type { Expert } from '../compose/expert.ts';
import { Disturbance } from './disturbance.ts';
import { LabelledDriver } from './labelled-driver.ts';
import { TaughtEnvironment } from './taught-environment.ts';

/** Simulated time of a control tick, s: nominally, and at most. */
const LONGEST_TICK_S = 0.022;

export interface RecordEpisodesOptions {
  /** One that the expert looks on at: `makeExpertEnvironment`. It stays open. */
  readonly environment: DrivingEnvironment;
  readonly expert: Expert;
  /** Who drives, in the environment's action space. Default: the expert. */
  readonly behaviour?: Policy | undefined;
  /** Probability that the expert drives a stretch in the behaviour's place, 0 to 1. Default 0. */
  readonly expertShare?: number;
  /** Strength of the disturbances, m/s² (see {@link Disturbance}), 0 to 20. Default 0. */
  readonly noise?: number;
  /** Strength of surges of the pedals, as a share of the whole pedal (see {@link Disturbance}), 0 to 1. Default 0. */
  readonly pedalNoise?: number;
  /** Gets every step; see `openEpisodeWriter`. It stays open. */
  readonly writer: EpisodeObserver;
  /** Tracks to drive on; each gets the same share of the frames. */
  readonly tracks: readonly string[];
  /** Frames (decisions) to record. */
  readonly frames: number;
  /** Everything random follows from it. */
  readonly seed: number;
  /** Number of the first episode: with the same seed, other numbers start elsewhere. Default 0. */
  readonly firstEpisode?: number;
  readonly signal?: AbortSignal;
  /** One line an episode. */
  readonly log?: (line: string) => void;
  readonly clock?: Clock;
}

/** What was recorded on one track. */
export interface RecordedOnTrack {
  readonly episodes: number;
  readonly frames: number;
  readonly distanceM: number;
  readonly timeS: number;
  readonly lapTimesS: readonly number[];
}

export interface RecordingReport {
  readonly frames: number;
  readonly episodes: number;
  /** Frames that the expert drove, and frames that were disturbed. */
  readonly expertFrames: number;
  readonly disturbedFrames: number;
  readonly tracks: Readonly<Record<string, RecordedOnTrack>>;
  /** Episodes by the reason of their end; `step-limit`: it was as long as planned. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/**
 * Drives episodes on the tracks in turn until the frames are recorded, each with the expert's label: from the expert
 * itself, disturbed or not, or from a learner (DAgger). The next episode is on the track that has the fewest frames. A
 * track's share is cut into episodes of equal length, as few as the environment's time limit allows, so that no short rest
 * is left, all standing start. Deterministic by seed and number of the first episode.
 *
 * @throws InvalidArgumentError for options out of range; whatever environment, policies and writer throw
 */
export async function recordEpisodes(options: RecordEpisodesOptions): Promise<RecordingReport> {
  const { environment, expert, behaviour, writer, tracks, frames, seed, firstEpisode = 0, signal, log } = options;
  const { noise = 0, pedalNoise = 0, expertShare = 0, clock = systemClock } = options;
  requireRange('frames', frames, 1, 1e9);
  requireRange('noise', noise, 0, 20);
  requireRange('pedalNoise', pedalNoise, 0, 1);
  requireRange('expertShare', expertShare, 0, 1);
  if (tracks.length === 0) throw new InvalidArgumentError('Expected at least one track, got none');
  const stepS = environment.options.actionRepeat * TICK_S;
  const random = new Random(seed);
  const disturbance =
    noise === 0 && pedalNoise === 0
      ? undefined
      : new Disturbance({ actions: expert.actions, sigma: noise, surge: pedalNoise, stepS }, random);
  const driver = new LabelledDriver({ expert, behaviour, expertShare, disturbance, stepS });
  const taught = new TaughtEnvironment(environment, expert, driver.name);
  const { timeLimitS } = environment.options;
  const longest = timeLimitS === null ? Number.POSITIVE_INFINITY : timeLimitS / (stepS * (LONGEST_TICK_S / TICK_S));
  const shares = new TrackShares(tracks, frames, longest);
  const started = clock.now();
  for (let episode = 0; signal?.aborted !== true; episode++) {
    const next = shares.next();
    if (next === undefined) break;
    const episodeSeed = random.stream(`episode ${firstEpisode + episode}`).uint32();
    driver.seed(episodeSeed);
    const [summary] = await runEpisodes({
      environment: taught,
      policy: driver,
      observers: [writer],
      maxSteps: next.steps,
      resetOptions: () => ({ seed: episodeSeed, options: { track: next.track } }),
      clock,
      ...(signal === undefined ? {} : { signal }),
    });
    if (summary === undefined) break;
    shares.add(next.track, summary);
    const { distanceM, reason } = summary.info as DrivingInfo;
    const rate = (shares.frames * 1000) / Math.max(1, clock.now() - started);
    log?.(
      `${next.track}: ${summary.steps} frames, ${distanceM.toFixed(0)} m, ${reason ?? 'cut'} ` +
        `(${shares.frames} of ${frames} frames, ${rate.toFixed(0)}/s)`,
    );
  }
  return {
    ...shares.report(),
    expertFrames: driver.expertSteps,
    disturbedFrames: driver.disturbedSteps,
  };
}

function requireRange(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  throw new InvalidArgumentError(`Expected \`${name}\` from ${low} to ${high}, got ${value}`);
}

interface Share {
  readonly goal: number;
  episodes: number;
  frames: number;
  distanceM: number;
  timeS: number;
  readonly lapTimesS: number[];
}

/** Who gets the next episode. */
class TrackShares {
  readonly #shares: ReadonlyMap<string, Share>;
  readonly #outcomes: Record<string, number> = {};
  readonly #longest: number;
  frames = 0;

  /** @param longest frames of an episode that its time limit allows for sure */
  constructor(tracks: readonly string[], frames: number, longest: number) {
    this.#longest = Math.max(1, longest);
    const count = tracks.length;
    this.#shares = new Map(
      tracks.map((track, i) => {
        const goal = Math.floor((frames * (i + 1)) / count) - Math.floor((frames * i) / count);
        return [track, { goal, episodes: 0, frames: 0, distanceM: 0, timeS: 0, lapTimesS: [] }];
      }),
    );
  }

  /** The track with the fewest frames of those that want more, the first of equals; undefined when none does. */
  next(): { readonly track: string; readonly steps: number } | undefined {
    let best: [string, Share] | undefined;
    for (const entry of this.#shares) {
      const [, share] = entry;
      if (share.frames < share.goal && (best === undefined || share.frames < best[1].frames)) best = entry;
    }
    if (best === undefined) return undefined;
    const left = best[1].goal - best[1].frames;
    return { track: best[0], steps: Math.ceil(left / Math.ceil(left / this.#longest)) };
  }

  add(track: string, { steps, info }: EpisodeSummary): void {
    const { distanceM, timeS, lapTimesS, reason } = info as DrivingInfo;
    const share = this.#shares.get(track) as Share;
    share.episodes++;
    share.frames += steps;
    share.distanceM += distanceM;
    share.timeS += timeS;
    share.lapTimesS.push(...lapTimesS);
    this.frames += steps;
    const outcome = reason ?? 'cut';
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
  }

  report(): Pick<RecordingReport, 'frames' | 'episodes' | 'tracks' | 'outcomes'> {
    const shares = [...this.#shares];
    return {
      frames: this.frames,
      episodes: shares.reduce((sum, [, { episodes }]) => sum + episodes, 0),
      tracks: Object.fromEntries(shares.map(([track, { goal: _, ...share }]) => [track, share])),
      outcomes: this.#outcomes,
    };
  }
}
